import { nothing, type SVGTemplateResult, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Size } from '../../../core/base/geometry.ts';
import { boxInPixels } from '../../result/objectsAt.ts';
import type { StyledObject } from '../../result/types.ts';
import { shownLabel } from '../../text/objectText.ts';
import { objectElementId, type ViewerDrawing } from './drawing.ts';

/** Beside objects with masks one without is seen by its box. */
export function boxDrawn({ detection }: StyledObject, { layers, outlines, masked }: ViewerDrawing): boolean {
  const fallback = layers.masks && masked && detection.mask === undefined;
  const unreadable = layers.masks && detection.mask !== undefined && !outlines.has(detection.id);
  return !detection.point && (layers.boxes || fallback || unreadable);
}

/** True for an object of which nothing but its box is drawn. */
export function isPlain(object: StyledObject, drawing: ViewerDrawing): boolean {
  const { earlier, strength = 1 } = object.compared ?? {};
  const isMask = drawing.layers.masks && drawing.outlines.has(object.detection.id);
  return !isMask && !earlier && strength === 1 && boxDrawn(object, drawing);
}

/** The boxes of all plain objects that are seen, those of one look in one shape. */
export function drawTogether(drawing: ViewerDrawing): unknown {
  const { objects, outlines, layers, masked, size } = drawing;
  const dim = drawing.selected !== undefined;
  return guard([objects, outlines, layers, masked, size.width, size.height, dim], () => {
    const plain = objects.filter((object) => isPlain(object, drawing));
    const looks = Map.groupBy(plain, ({ style }) => `${style.line} ${style.colour}`);
    return svg`<g class="object together ${dim ? 'dim' : ''}" aria-hidden="true"><path class="casing" d=${shapeOf(plain, size)} />${Array.from(
      looks.values(),
      (alike) => svg`<path class="line ${alike[0]?.style.line}" d=${shapeOf(alike, size)} stroke=${alike[0]?.style.colour} fill="none" />`,
    )}</g>`;
  });
}

/** Boxes as the data of one path, in pixels of the picture. */
function shapeOf(objects: readonly StyledObject[], size: Size): string {
  return objects
    .map(({ detection }) => {
      const { x, y, width, height } = boxInPixels(detection, size);
      return `M${x} ${y}h${width}v${height}h${-width}z`;
    })
    .join('');
}

/** What pointer and screen reader find of an object that is drawn together with others. */
export function drawPlace(object: StyledObject, size: Size, isHidden: boolean): unknown {
  return guard([object, size.width, size.height, isHidden], (): SVGTemplateResult => {
    const { id, label } = object.detection;
    const box = boxInPixels(object.detection, size);
    return svg`<rect class="box ${isHidden ? 'off' : ''}" id=${objectElementId(id)} data-testid="box" data-detection-id=${id} role="img"
      aria-label=${shownLabel(label)} aria-hidden=${isHidden ? 'true' : nothing} x=${box.x} y=${box.y} width=${box.width} height=${box.height} />`;
  });
}
