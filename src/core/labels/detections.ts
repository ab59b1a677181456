import type { Rectangle, Size } from '../base/geometry.ts';
import { t } from '../base/l10n.ts';
import type { Detection } from '../inspection/inspection.ts';
import type { LabelImage, LabelObject, LabelProblems } from './labels.ts';
import { shapeMask } from './shapes.ts';

/** Sides of an image may differ by so much from those that its labels are for, as shares: scaling rounds. */
const SAME_SHAPE = 0.02;

/**
 * The objects of an image as a result has them. Labels for an image of another size are scaled with it; what lies outside is cut off, and an object of which nothing
 * is left is left out. Boxes keep hundredths of a pixel, those of a bitmap are whole pixels.
 */
export function detectionsOf(image: LabelImage, size: Size, problems: LabelProblems): Detection[] {
  const own = image.size ?? size;
  if (Math.abs(own.width / size.width / (own.height / size.height) - 1) > SAME_SHAPE)
    problems.add(t('image size'), t('The labels are for an image of {0} × {1} pixels.', own.width, own.height), image.name);
  const detections: Detection[] = [];
  for (const object of image.objects) {
    const detection = detectionOf(object, image, { id: String(detections.length + 1), own, size });
    if (detection === undefined) problems.add(t('object "{0}"', object.label.slice(0, 60)), t('It lies outside the image.'), object.box);
    else detections.push(detection);
  }
  return detections;
}

function detectionOf(
  object: LabelObject,
  { unit }: LabelImage,
  { id, own, size }: { id: string; own: Size; size: Size },
): Detection | undefined {
  const { box, shape } = object;
  const place = scaled(box, unit === 'fractions' ? { width: 1, height: 1 } : own);
  if (box.width === 0) {
    const point = { x: place.x, y: place.y };
    if (point.x < 0 || point.y < 0 || point.x > 1 || point.y > 1) return undefined;
    const spot = { x: Math.trunc(point.x * size.width), y: Math.trunc(point.y * size.height), width: 0, height: 0 };
    return { ...plainDetection(id, object, { ...point, width: 0, height: 0 }, spot), point };
  }
  const inside = cut(place);
  if (inside === undefined) return undefined;
  const kept = own.width === size.width && own.height === size.height ? object.pixelBox : undefined;
  const pixelBox = kept ?? hundredths(inside, size);
  if (pixelBox.width === 0 || pixelBox.height === 0) return undefined;
  const plain = plainDetection(id, object, inside, pixelBox);
  if (shape === undefined) return plain;
  if (shape.kind === 'mask')
    return { ...plain, ...(shape.mask.kind === 'bitmap' && kept === undefined ? whole(inside, size) : {}), mask: shape.mask };
  const found = withMask(shape, unit, own);
  if (found === undefined) return { ...plain, maskProblem: t('Its shape has no pixels.') };
  const { mask, region } = found;
  return { ...plain, ...(region === undefined ? {} : whole(scaled(region, shape.kind === 'runs' ? shape.size : own), size)), mask };
}

/** Without its shape. A label file may have a million of them: spreading what most do not have would take several times as long. */
function plainDetection(id: string, { label, confidence, crowd }: LabelObject, box: Rectangle, pixelBox: Rectangle): Detection {
  const detection: Detection = { id, label, imageIndex: 0, box, pixelBox };
  if (confidence !== undefined) detection.confidence = confidence;
  if (crowd !== undefined) detection.crowd = crowd;
  return detection;
}

function withMask(shape: Exclude<NonNullable<LabelObject['shape']>, { kind: 'mask' }>, unit: LabelImage['unit'], own: Size) {
  if (shape.kind === 'runs' || unit === 'pixels') return shapeMask(shape, own);
  const rings = shape.rings.map((ring) => ring.map(([x, y]): [number, number] => [x * own.width, y * own.height]));
  return shapeMask({ kind: 'rings', rings }, own);
}

function scaled({ x, y, width, height }: Rectangle, by: Size): Rectangle {
  return { x: x / by.width, y: y / by.height, width: width / by.width, height: height / by.height };
}

function cut({ x, y, width, height }: Rectangle): Rectangle | undefined {
  // What is inside stays as it is: no figure is changed by adding and taking away.
  if (x >= 0 && y >= 0 && x + width <= 1 && y + height <= 1) return { x, y, width, height };
  const [left, top, right, bottom] = [Math.max(0, x), Math.max(0, y), Math.min(1, x + width), Math.min(1, y + height)];
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : undefined;
}

function hundredths({ x, y, width, height }: Rectangle, size: Size): Rectangle {
  const round = (value: number) => Math.round(value * 100) / 100;
  return { x: round(x * size.width), y: round(y * size.height), width: round(width * size.width), height: round(height * size.height) };
}

/** A box in whole pixels, both ways of saying it. */
function whole({ x, y, width, height }: Rectangle, size: Size): Pick<Detection, 'box' | 'pixelBox'> {
  const [left, right] = [x, x + width].map((value) => Math.min(size.width, Math.max(0, Math.round(value * size.width)))) as [
    number,
    number,
  ];
  const [top, bottom] = [y, y + height].map((value) => Math.min(size.height, Math.max(0, Math.round(value * size.height)))) as [
    number,
    number,
  ];
  const pixelBox = { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
  return { pixelBox, box: scaled(pixelBox, size) };
}
