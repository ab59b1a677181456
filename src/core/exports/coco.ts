import { boxed, classesOf, classOf, type ExportFile, type ExportImage, remark, setName } from './exportImage.ts';
import type { MaskBitmap } from './maskBitmap.ts';
import { objectShape } from './objectPolygons.ts';

interface CocoAnnotation {
  id: number;
  image_id: number;
  category_id: number;
  /** x, y, width, height in pixels. */
  bbox: [number, number, number, number];
  area: number;
  iscrowd: 0;
  segmentation: number[][] | CocoRle;
  score?: number;
}

/** Lengths of runs down the columns from the left, of nothing and object in turn. */
interface CocoRle {
  size: [height: number, width: number];
  counts: number[];
}

/**
 * COCO: masks as polygons, and the same once more with masks as uncompressed RLE, which has every pixel. Images, categories (by first appearance) and
 * annotations count from 1. Source: cocodataset.org/#format-data.
 */
export function writeCoco(images: readonly ExportImage[]): ExportFile[] {
  const classes = classesOf(images);
  const polygons: CocoAnnotation[] = [];
  const runs: CocoAnnotation[] = [];
  for (const [place, image] of images.entries()) {
    for (const detection of boxed(image.detections)) {
      const { pixelBox, confidence } = detection;
      const shape = objectShape(detection, image, image.maskThreshold);
      const annotation = {
        id: polygons.length + 1,
        image_id: place + 1,
        category_id: (classes.get(classOf(detection)) ?? 0) + 1,
        bbox: [pixelBox.x, pixelBox.y, pixelBox.width, pixelBox.height] as CocoAnnotation['bbox'],
        area: shape?.bitmap.area ?? pixelBox.width * pixelBox.height,
        iscrowd: 0 as const,
        ...(confidence === undefined ? {} : { score: confidence }),
      };
      polygons.push({ ...annotation, segmentation: shape?.polygons.map((polygon) => polygon.flat()) ?? [] });
      runs.push({ ...annotation, segmentation: shape === undefined ? [] : rle(shape.bitmap, image) });
    }
  }
  const created = images.map(({ inspection }) => inspection.createdAt).sort();
  const rest = {
    info: { description: remark(images), version: '1.0', year: Number(created.at(-1)?.slice(0, 4)), date_created: created.at(-1) },
    licenses: [],
    images: images.map(({ listedAs, width, height }, place) => ({ id: place + 1, file_name: listedAs, width, height })),
    categories: [...classes].map(([name, place]) => ({ id: place + 1, name, supercategory: '' })),
  };
  const name = setName(images);
  const files = [{ path: `${name}.coco.json`, text: lines({ ...rest, annotations: polygons }) }];
  const hasMasks = runs.some(({ segmentation }) => 'counts' in segmentation);
  return hasMasks ? [...files, { path: `${name}.coco-rle.json`, text: lines({ ...rest, annotations: runs }) }] : files;
}

function rle({ region, data }: MaskBitmap, { width, height }: { width: number; height: number }): CocoRle {
  const counts: number[] = [];
  let end = 0;
  for (let x = 0; x < region.width; x++) {
    for (let y = 0; y < region.height; y++) {
      if (data[y * region.width + x] !== 1) continue;
      const at = (region.x + x) * height + region.y + y;
      if (at > end || counts.length === 0) counts.push(at - end, 0);
      counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
      end = at + 1;
    }
  }
  return { size: [height, width], counts: end < width * height ? [...counts, width * height - end] : counts };
}

/** JSON with a line for each image and object: good to look at and to compare. */
function lines(value: Record<string, unknown>): string {
  const fields = Object.entries(value).map(([key, field]) => {
    const text =
      Array.isArray(field) && field.length > 0
        ? `[\n    ${field.map((item) => JSON.stringify(item)).join(',\n    ')}\n  ]`
        : JSON.stringify(field);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}
