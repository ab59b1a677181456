import type { Size } from '../../../core/base/geometry.ts';
import { placeTags, type TagRequest } from '../../../core/drawing/tagPlacement.ts';
import type { Box } from '../../../core/inspection/inspection.ts';
import { boxInPixels } from '../../result/objectsAt.ts';
import { afterFrame } from '../../state/afterFrame.ts';
import type { View } from '../../state/view.ts';
import type { PlacedTags, ViewerDrawing } from './drawing.ts';

/** With fewer objects tags are placed at once. */
const TAGS_AT_ONCE = 100;

/** What of a viewer tags depend on. */
interface Viewing {
  view: View;
  viewer: Size;
}

/** Places the tags of a drawing on the screen. */
export class TagLayer {
  readonly #widths = new Map<string, number>();
  #context: CanvasRenderingContext2D | undefined;
  #placed: PlacedTags | undefined;
  readonly #later: () => void;

  /** `later` is called when tags that were put off are to be placed. */
  constructor(later: () => void) {
    this.#later = later;
  }

  /** As they were placed last. */
  get placed(): PlacedTags | undefined {
    return this.#placed;
  }

  /**
   * Places the tags of a drawing, of which some of many objects have come (`grown`) or others are hidden now (`filtered`). Those of many objects are
   * placed when that is on the screen; until then those that stand there stay, or none do if there are many more objects.
   */
  follow(drawing: ViewerDrawing, viewport: Viewing | undefined, { grown, filtered }: { grown: boolean; filtered: boolean }): void {
    const waits = drawing.objects.length > TAGS_AT_ONCE && (grown || filtered);
    if (!drawing.layers.labels || (waits && grown)) this.#placed = undefined;
    else if (!waits) this.#placed = viewport && this.#place(drawing, viewport);
    else if (this.#placed) this.#placed = { ...this.#placed, tags: this.#placed.tags.filter(({ id }) => !drawing.hiddenIds.has(id)) };
    if (waits) afterFrame(this.#later);
  }

  #place(drawing: ViewerDrawing, { view, viewer }: Viewing): PlacedTags {
    const whole = { x: 0, y: 0, ...viewer };
    const picture = visiblePart(onScreen({ x: 0, y: 0, ...drawing.size }, view), whole);
    const tags = placeTags(requests(drawing, view), picture, whole, (text) => this.#widthOf(text));
    const numbers = new Map(drawing.objects.map(({ detection: { id }, compared }) => [id, compared?.number ?? id]));
    const named = tags.some(({ id, text }) => text !== numbers.get(id) && id !== drawing.selected && id !== drawing.hovered);
    return { tags, view, numbersOnly: tags.length > 0 && !named };
  }

  #widthOf(text: string): number {
    let width = this.#widths.get(text);
    if (width === undefined) {
      width = this.#measure().measureText(text).width;
      this.#widths.set(text, width);
    }
    return width;
  }

  #measure(): CanvasRenderingContext2D {
    if (!this.#context) {
      this.#context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
      this.#context.font = `600 11px ${getComputedStyle(document.body).fontFamily}`;
    }
    return this.#context;
  }
}

function requests({ objects, layers, outlines, size, selected, hovered, lit }: ViewerDrawing, view: View): TagRequest[] {
  const point = ([x, y]: readonly [number, number]) => [view.x + x * view.k, view.y + y * view.k] as const;
  const named = objects.filter(({ detection: { id }, compared }) => compared?.tagged !== false || id === selected || id === hovered);
  return named.map(({ detection, compared }) => {
    const { id, label } = detection;
    const tips = layers.masks ? outlines.get(id)?.tips : undefined;
    return {
      id,
      number: compared?.number ?? id,
      label,
      box: onScreen(boxInPixels(detection, size), view),
      ...(tips && { tips: { top: point(tips.top), bottom: point(tips.bottom), left: point(tips.left), right: point(tips.right) } }),
      emphasis: id === selected ? 2 : id === hovered || lit.includes(id) ? 1 : 0,
    };
  });
}

function onScreen({ x, y, width, height }: Box, { x: left, y: top, k }: View): Box {
  return { x: left + x * k, y: top + y * k, width: width * k, height: height * k };
}

function visiblePart(a: Box, b: Box): Box {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}
