import type { Size } from '../../../core/base/geometry.ts';
import { placeTags, type TagRequest } from '../../../core/drawing/tagPlacement.ts';
import type { Box } from '../../../core/inspection/inspection.ts';
import { boxInPixels } from '../../result/objectsAt.ts';
import type { View } from '../../state/view.ts';
import type { PlacedTags, ViewerDrawing } from './drawing.ts';

/** Places the tags of a drawing on the screen. */
export class TagLayer {
  readonly #widths = new Map<string, number>();
  #context: CanvasRenderingContext2D | undefined;

  place(drawing: ViewerDrawing, { view, viewer }: { view: View; viewer: Size }): PlacedTags {
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
