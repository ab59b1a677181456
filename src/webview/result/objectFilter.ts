import type { Detection } from '../../core/inspection/inspection.ts';
import { boxInPixels, readingOrder } from './objectsAt.ts';
import type { StyledObject } from './types.ts';

export const PLACES = ['left', 'right', 'top', 'bottom'] as const;
/** A half of the picture, by the middle of the object. */
export type PictureHalf = (typeof PLACES)[number];

/** What an object must be to be listed and drawn; everything that is set must hold. */
export interface ObjectFilter {
  /** Words that its label holds, or its number. */
  text: string;
  /** Exactly this label. */
  label?: string | undefined;
  /** Bounds of its longer side, in pixels. */
  atLeast?: number | undefined;
  atMost?: number | undefined;
  place?: PictureHalf | undefined;
  /** Least confidence, 0..1; objects without one do not have it. */
  confidence?: number | undefined;
}

export const NO_FILTER: ObjectFilter = { text: '' };

/** True if the filter leaves nothing out. */
export function isEmptyFilter({ text, label, atLeast, atMost, place, confidence }: ObjectFilter): boolean {
  return text.trim() === '' && [label, atLeast, atMost, place, confidence].every((bound) => bound === undefined);
}

/** True for objects that pass the filter. */
export function passes({ id, label, box, pixelBox, confidence }: Detection, filter: ObjectFilter): boolean {
  const words = filter.text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const name = label.toLocaleLowerCase();
  const side = Math.max(pixelBox.width, pixelBox.height);
  return (
    (words.every((word) => name.includes(word)) || (words.length === 1 && words[0] === id)) &&
    (filter.label === undefined || label === filter.label) &&
    side >= (filter.atLeast ?? 0) &&
    side <= (filter.atMost ?? Number.POSITIVE_INFINITY) &&
    (filter.confidence === undefined || (confidence ?? -1) >= filter.confidence) &&
    (filter.place === undefined || lies(box, filter.place))
  );
}

function lies({ x, y, width, height }: Detection['box'], place: PictureHalf): boolean {
  const [across, down] = [x + width / 2, y + height / 2];
  switch (place) {
    case 'left':
      return across < 0.5;
    case 'right':
      return across >= 0.5;
    case 'top':
      return down < 0.5;
    case 'bottom':
      return down >= 0.5;
    default:
      return place satisfies never;
  }
}

export const SORTS = ['reply', 'label', 'size', 'position', 'confidence'] as const;
/** The order of the list: as in the reply, by label, largest first, as one reads, surest first. */
export type Sort = (typeof SORTS)[number];

/** The objects in the order of the list. Those that are equal stay in the order of the reply. */
export function sorted(objects: readonly StyledObject[], sort: Sort): readonly StyledObject[] {
  const area = ({ detection: { box } }: StyledObject) => box.width * box.height;
  switch (sort) {
    case 'reply':
      return objects;
    case 'label':
      return objects.toSorted((a, b) => a.detection.label.localeCompare(b.detection.label));
    case 'size':
      return objects.toSorted((a, b) => area(b) - area(a));
    case 'confidence':
      return objects.toSorted((a, b) => (b.detection.confidence ?? -1) - (a.detection.confidence ?? -1));
    case 'position': {
      const byId = new Map(objects.map((object) => [object.detection.id, object]));
      const unit = { width: 1, height: 1 };
      const order = readingOrder(objects.map(({ detection }) => ({ id: detection.id, box: boxInPixels(detection, unit) })));
      return order.flatMap(({ id }) => byId.get(id) ?? []);
    }
    default:
      return sort satisfies never;
  }
}
