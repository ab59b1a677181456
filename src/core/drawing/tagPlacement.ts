import { sharedArea } from '../base/geometry.ts';
import type { Box } from '../inspection/inspection.ts';
import type { Tips } from '../masks/outline.ts';
import { BoxGrid } from './boxGrid.ts';

export interface TagRequest {
  id: string;
  /** The object's number and label. */
  number: string;
  label: string;
  /** The object's box in CSS pixels of the viewer. */
  box: Box;
  /** Where its mask is drawn: the mask's outermost points, in CSS pixels. */
  tips?: Tips;
  /** Selected objects (2) and hovered ones (1) show their name, always. */
  emphasis: 0 | 1 | 2;
}

/** A tag and its place in CSS pixels of the viewer. */
export interface PlacedTag extends Box {
  id: string;
  text: string;
}

export const TAG_HEIGHT = 16;
/** Between the text and the tag's ends. */
export const TAG_PADDING = 5;
const GAP = 3;
const SHORT_LABEL = 20;
const PRICE_OF_PLACE = 30;
const PRICE_OF_SHORT = 200;
const PRICE_OF_NUMBER = 700;
const MANY_OBJECTS = 40;
/** Share of the visible picture that names may cover. */
const COVERED_BY_NAMES = 0.1;

/**
 * Places tags so that none covers its own object or another tag and all stay inside the picture; an object without such a place has no tag.
 * `picture` is the visible part of the picture, `viewer` the whole viewer: the name of a selected or hovered object may stand beside the picture.
 * `textWidth` measures a text in CSS pixels.
 */
export function placeTags(requests: readonly TagRequest[], picture: Box, viewer: Box, textWidth: (text: string) => number): PlacedTag[] {
  const inView = requests.filter(({ box }) => touches(box, picture));
  const widthOf = (text: string) => Math.ceil(textWidth(text)) + 2 * TAG_PADDING;
  const names = () => inView.reduce((sum, request) => sum + widthOf(textOf(request, 'short')) * TAG_HEIGHT, 0);
  const crowded = inView.length > MANY_OBJECTS || names() > COVERED_BY_NAMES * picture.width * picture.height;
  const order = [...inView].sort((a, b) => b.emphasis - a.emphasis || b.box.width * b.box.height - a.box.width * a.box.height);
  const objects = new BoxGrid(viewer);
  for (const { box } of inView) objects.add(box);
  const taken = new BoxGrid(viewer);
  const placed: PlacedTag[] = [];
  for (const request of order) {
    const forms: Form[] = request.emphasis > 0 ? ['full'] : crowded ? ['number'] : ['full', 'short', 'number'];
    const tag = cheapest(request, forms, picture) ?? (request.emphasis > 0 ? cheapest(request, forms, viewer) : undefined);
    if (!tag) continue;
    placed.push(tag);
    // With the space around it that others keep.
    taken.add(grown(tag, 1));
  }
  return placed;

  function cheapest(request: TagRequest, forms: readonly Form[], frame: Box): PlacedTag | undefined {
    let best: { tag: PlacedTag; cost: number } | undefined;
    for (const form of forms) {
      const text = textOf(request, form);
      const width = widthOf(text);
      for (const [place, spot] of places(request, width).entries()) {
        const cost = place * PRICE_OF_PLACE + PRICES[form];
        if (best && cost >= best.cost) continue;
        const tag = { id: request.id, text, ...pushedInside({ ...spot, width, height: TAG_HEIGHT }, frame) };
        if (!inside(tag, frame) || coversOwn(tag, request, spot) || taken.near(tag).some((other) => touches(other, tag))) continue;
        const total = cost + objects.near(tag).reduce((sum, other) => (other === request.box ? sum : sum + sharedArea(tag, other)), 0);
        if (!best || total < best.cost) best = { tag, cost: total };
      }
    }
    return best?.tag;
  }
}

type Form = 'full' | 'short' | 'number';
const PRICES: Record<Form, number> = { full: 0, short: PRICE_OF_SHORT, number: PRICE_OF_NUMBER };

function textOf({ number, label }: TagRequest, form: Form): string {
  if (form === 'number' || label === '') return number;
  const letters = [...label];
  return `${number} ${
    form === 'short' && letters.length > SHORT_LABEL
      ? `${letters
          .slice(0, SHORT_LABEL - 1)
          .join('')
          .trimEnd()}…`
      : label
  }`;
}

/** Upper left corners to try, best first. */
function places({ box, tips }: TagRequest, width: number): { x: number; y: number }[] {
  if (tips) {
    const middle = (tips.left[0] + tips.right[0] - width) / 2;
    const above = tips.top[1] - TAG_HEIGHT - GAP;
    const below = tips.bottom[1] + GAP;
    return [
      { x: tips.top[0] - width / 2, y: above },
      { x: tips.bottom[0] - width / 2, y: below },
      { x: tips.right[0] + GAP, y: tips.right[1] - TAG_HEIGHT / 2 },
      { x: tips.left[0] - width - GAP, y: tips.left[1] - TAG_HEIGHT / 2 },
      { x: middle, y: above },
      { x: middle, y: below },
    ];
  }
  const right = box.x + box.width;
  const above = box.y - TAG_HEIGHT - GAP;
  const below = box.y + box.height + GAP;
  return [
    { x: box.x - 1, y: above },
    { x: right - width + 1, y: above },
    { x: box.x - 1, y: below },
    { x: right - width + 1, y: below },
    { x: right + GAP, y: box.y },
    { x: box.x - width - GAP, y: box.y },
  ];
}

function coversOwn(tag: Box, { box, tips }: TagRequest, spot: { x: number; y: number }): boolean {
  if (!tips) return touches(tag, box);
  // Above its highest and below its lowest point a mask cannot be covered; beside it the tag must stand where it was meant to.
  if (tag.y + tag.height <= tips.top[1] || tag.y >= tips.bottom[1]) return false;
  return tag.x !== spot.x || !(tag.x >= tips.right[0] || tag.x + tag.width <= tips.left[0]);
}

/** The tag moved sideways into the frame, where it fits. */
function pushedInside(tag: Box, frame: Box): Box {
  return { ...tag, x: Math.max(frame.x, Math.min(tag.x, frame.x + frame.width - tag.width)) };
}

function inside(a: Box, frame: Box): boolean {
  return a.x >= frame.x && a.y >= frame.y && a.x + a.width <= frame.x + frame.width && a.y + a.height <= frame.y + frame.height;
}

function touches(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}
