import type { Detection } from '../inspection/inspection.ts';
import { boxed, type ExportImage } from './exportImage.ts';
import type { MaskBitmap } from './maskBitmap.ts';
import { objectShape } from './objectPolygons.ts';
import { type Added, type ComposedFile, type DataWriter, type FilePart, SetFacts, type SetWriter } from './setWriter.ts';

/** An object, but for the numbers that it has among all. */
interface CocoObject {
  label: string;
  /** JSON of its place, without brackets. */
  place: string;
  /** JSON of its mask as polygons. */
  polygons: string;
  /** The same as RLE; unset where it has none. */
  runs?: string;
}

/** Lengths of runs down the columns from the left, of nothing and object in turn. */
interface CocoRle {
  size: [height: number, width: number];
  counts: number[];
}

/**
 * COCO: masks as polygons, and the same once more with masks as uncompressed RLE, which has every pixel. Images, categories (by first appearance) and
 * annotations count from 1. A line for each image and object: good to look at and to compare. Source: cocodataset.org/#format-data.
 */
export const coco: DataWriter<CocoObject[]> = {
  part: (image) => boxed(image.detections).map((detection) => objectOf(detection, image)),
  begin: () => new CocoWriter(),
  paths: (name, hasMasks) => [POLYGONS, ...(hasMasks ? [RUNS] : [])].map((ending) => `${name}${ending}`),
};

const POLYGONS = '.coco.json';
const RUNS = '.coco-rle.json';
/** Between the lines of a list. */
const NEXT = ',\n    ';

class CocoWriter implements SetWriter<CocoObject[]> {
  readonly #facts = new SetFacts();
  #objects = 0;
  /** Characters of the objects before the first mask, up to which polygons and RLE are the same. Numbers and fixed words: as many bytes. */
  #same = 0;
  #hasMasks = false;

  add(image: ExportImage, objects: CocoObject[]): Added {
    this.#facts.add(image);
    const { listedAs, width, height } = image;
    const id = this.#facts.count;
    const spooled = [{ spool: 'images', text: `${id > 1 ? NEXT : ''}${JSON.stringify({ id, file_name: listedAs, width, height })}` }];
    const all = { polygons: '', runs: '' };
    for (const { label, place, polygons, runs } of objects) {
      const numbers = `"id":${this.#objects + 1},"image_id":${id},"category_id":${this.#facts.placeOf({ label }) + 1}`;
      const begin = `${this.#objects > 0 ? NEXT : ''}{${numbers},${place},"segmentation":`;
      this.#hasMasks ||= runs !== undefined;
      this.#objects += 1;
      const text = `${begin}${polygons}}`;
      all.polygons += text;
      if (this.#hasMasks) all.runs += `${begin}${runs ?? '[]'}}`;
      else this.#same += text.length;
    }
    return { files: [], spooled: [...spooled, { spool: 'polygons', text: all.polygons }, { spool: 'runs', text: all.runs }] };
  }

  end(): ComposedFile[] {
    const { name } = this.#facts;
    const files = [{ path: `${name}${POLYGONS}`, parts: this.#parts({ spool: 'polygons' }) }];
    if (!this.#hasMasks) return files;
    const same = { spool: 'polygons', start: 0, length: this.#same };
    return [...files, { path: `${name}${RUNS}`, parts: this.#parts(same, { spool: 'runs' }) }];
  }

  #parts(...annotations: FilePart[]): FilePart[] {
    const { remark, latest, count, classes } = this.#facts;
    const info = { description: remark, version: '1.0', year: Number(latest?.slice(0, 4)), date_created: latest };
    const categories = classes.map((name, place) => JSON.stringify({ id: place + 1, name, supercategory: '' }));
    return [
      `{\n  "info": ${JSON.stringify(info)},\n  "licenses": [],\n  "images": `,
      ...list(count, { spool: 'images' }),
      ',\n  "categories": ',
      ...list(categories.length, categories.join(NEXT)),
      ',\n  "annotations": ',
      ...list(this.#objects, ...annotations),
      '\n}\n',
    ];
  }
}

function list(count: number, ...lines: FilePart[]): FilePart[] {
  return count === 0 ? ['[]'] : ['[\n    ', ...lines, '\n  ]'];
}

function objectOf(detection: Detection, image: ExportImage): CocoObject {
  const { label, confidence, pixelBox } = detection;
  const { x, y, width, height } = pixelBox;
  const shape = objectShape(detection, image, image.maskThreshold);
  const score = confidence === undefined ? '' : `,"score":${JSON.stringify(confidence)}`;
  const place = `"bbox":[${x},${y},${width},${height}],"area":${shape?.bitmap.area ?? width * height},"iscrowd":0${score}`;
  if (shape === undefined) return { label, place, polygons: '[]' };
  const polygons = JSON.stringify(shape.polygons.map((polygon) => polygon.flat()));
  return { label, place, polygons, runs: JSON.stringify(rle(shape.bitmap, image)) };
}

function rle({ region, data }: MaskBitmap, { width, height }: { width: number; height: number }): CocoRle {
  const counts: number[] = [];
  let end = 0;
  for (let x = 0; x < region.width; x++) {
    for (let y = 0; y < region.height; y++) {
      if (data[y * region.width + x] !== 1) continue;
      const from = y;
      while (y < region.height && data[y * region.width + x] === 1) y += 1;
      const at = (region.x + x) * height + region.y + from;
      if (at > end || counts.length === 0) counts.push(at - end, y - from);
      else counts[counts.length - 1] = (counts.at(-1) ?? 0) + y - from;
      end = at + y - from;
    }
  }
  return { size: [height, width], counts: end < width * height ? [...counts, width * height - end] : counts };
}
