import type { LabelImage, LabelObject, LabelShape } from './labels.ts';

/** Images and their objects in a row: each object is one of the last image before it, also where that is in a part before. */
export type LabelPart = readonly (LabelImage | LabelObject)[];

/** Numbers in a part at most, roughly: so many go to another thread without keeping it for long. */
const MOST_NUMBERS = 20_000;
/** Numbers of an object without a shape. */
const OBJECT = 5;

/** Cuts labels into parts of limited size, of however many objects an image is. */
export function* labelParts(images: readonly LabelImage[], most = MOST_NUMBERS): Generator<LabelPart, void, void> {
  let part: (LabelImage | LabelObject)[] = [];
  let numbers = 0;
  for (const image of images) {
    for (const item of [{ ...image, objects: [] }, ...image.objects]) {
      part.push(item);
      numbers += OBJECT + ('shape' in item && item.shape !== undefined ? numbersIn(item.shape) : 0);
      if (numbers < most) continue;
      yield part;
      part = [];
      numbers = 0;
    }
  }
  if (part.length > 0) yield part;
}

/** Puts the next part behind what came before. */
export function addLabelPart(images: LabelImage[], part: LabelPart): void {
  for (const item of part) {
    if ('objects' in item) images.push(item);
    else images.at(-1)?.objects.push(item);
  }
}

function numbersIn(shape: LabelShape): number {
  if (shape.kind === 'mask') return 0;
  return shape.kind === 'runs' ? shape.counts.length : 2 * shape.rings.reduce((sum, ring) => sum + ring.length, 0);
}
