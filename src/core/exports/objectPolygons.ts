import type { Size } from '../base/geometry.ts';
import type { Detection } from '../inspection/inspection.ts';
import { rounded } from './exportImage.ts';
import { type MaskBitmap, maskBitmap } from './maskBitmap.ts';
import { maskPolygons, type PixelPoint } from './maskPolygons.ts';

/** What formats say of an object's mask. */
export interface ObjectShape {
  bitmap: MaskBitmap;
  /** In pixels of the image, inside it; empty for noise. */
  polygons: PixelPoint[][];
}

/** The shape of an object: a polygon of the model's as it is, a map by the outline of its pixels. Undefined without a mask that can be read. */
export function objectShape(detection: Detection, size: Size, threshold: number): ObjectShape | undefined {
  const bitmap = maskBitmap(detection, size, threshold);
  if (bitmap === undefined) return undefined;
  const { mask } = detection;
  const polygons = mask?.kind === 'polygon' ? [mask.points.map((point) => placed(point, size))] : maskPolygons(bitmap);
  return { bitmap, polygons: polygons ?? [] };
}

function placed([x, y]: readonly [number, number], { width, height }: Size): PixelPoint {
  const inside = (value: number, end: number) => rounded(Math.min(end, Math.max(0, value * end)), 2);
  return [inside(x, width), inside(y, height)];
}
