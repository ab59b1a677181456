import type { Detection } from '../inspection/inspection.ts';
import { classOf, type ExportImage, remark, rounded } from './exportImage.ts';
import type { PixelPoint } from './maskPolygons.ts';
import { objectShape } from './objectPolygons.ts';
import { fileForEach } from './setWriter.ts';

interface LabelMeShape {
  label: string;
  points: PixelPoint[];
  /** The same for the parts of one object. */
  group_id: number | null;
  description: string;
  shape_type: 'polygon' | 'rectangle' | 'point';
  flags: Record<string, boolean>;
}

/** LabelMe: a file for each image that leads to the image beside it. Masks are polygons, all else rectangles and points. Source: github.com/wkentaro/labelme. */
export const labelme = fileForEach('.json', (image) => {
  const file = {
    version: '5.5.0',
    flags: {},
    shapes: image.detections.flatMap((detection) => shapesOf(detection, image)),
    imagePath: image.path,
    imageData: null,
    imageHeight: image.height,
    imageWidth: image.width,
    // Readers keep what they do not know.
    description: remark(image),
  };
  return `${JSON.stringify(file, undefined, 1)}\n`;
});

function shapesOf(detection: Detection, image: ExportImage): LabelMeShape[] {
  const { point, pixelBox } = detection;
  const shape = (kind: LabelMeShape['shape_type'], points: PixelPoint[], group: number | null = null): LabelMeShape => ({
    label: classOf(detection),
    points,
    group_id: group,
    description: '',
    shape_type: kind,
    flags: {},
  });
  if (point !== undefined) return [shape('point', [[rounded(point.x * image.width, 2), rounded(point.y * image.height, 2)]])];
  const polygons = objectShape(detection, image, image.maskThreshold)?.polygons ?? [];
  const group = polygons.length > 1 ? Number(detection.id) : null;
  if (polygons.length > 0) return polygons.map((points) => shape('polygon', points, group));
  const { x, y, width, height } = pixelBox;
  return [
    shape('rectangle', [
      [x, y],
      [x + width, y + height],
    ]),
  ];
}
