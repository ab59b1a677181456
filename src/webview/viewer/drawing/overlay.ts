import { nothing, type SVGTemplateResult, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Size } from '../../../core/base/geometry.ts';
import { type PlacedTag, TAG_HEIGHT, TAG_PADDING } from '../../../core/drawing/tagPlacement.ts';
import type { Box } from '../../../core/inspection/inspection.ts';
import type { Outline } from '../../../core/masks/outline.ts';
import type { CostBasis } from '../../../core/usage/costBasis.ts';
import { boxInPixels, type Target } from '../../result/objectsAt.ts';
import type { StyledObject } from '../../result/types.ts';
import { shownLabel } from '../../text/objectText.ts';
import { drawnAsMask, LIVE_WIDTHS_UP_TO, objectElementId, type PlacedTags, TOGETHER_FROM, type ViewerDrawing } from './drawing.ts';
import { boxDrawn, drawPlace, drawTogether, isPlain } from './plainBoxes.ts';

/**
 * All objects in image pixels, in the order of the reply, then the hovered and the selected one once more on top.
 * Widths of lines are in the style sheet, in CSS pixels divided by the zoom.
 */
export function drawObjects(drawing: ViewerDrawing): SVGTemplateResult {
  const { objects, drawn, outlines, layers, size, selected, hovered, lit } = drawing;
  const raised = [...lit, hovered, selected].filter((id, index, ids) => id !== undefined && ids.lastIndexOf(id) === index);
  const together = drawn.length > TOGETHER_FROM;
  return svg`
    ${together ? drawTogether(drawing) : nothing}
    <g>${repeat(
      drawn,
      ({ detection }) => detection.id,
      (object) => {
        if (together && isPlain(object, drawing)) return drawPlace(object, size, drawing.hiddenIds.has(object.detection.id));
        const state = stateOf(object, drawing);
        return guard([object, outlines.get(object.detection.id), layers, size.width, size.height, state], () =>
          drawObject(object, drawing, state),
        );
      },
    )}</g>
    <g aria-hidden="true">${raised.map((id) => {
      const object = objects.find(({ detection }) => detection.id === id);
      return object ? raisedObject(object, drawing) : nothing;
    })}</g>`;
}

function stateOf({ detection: { id } }: StyledObject, { hiddenIds, selected, hovered, lit }: ViewerDrawing): string {
  if (hiddenIds.has(id)) return 'off';
  if (id === selected) return 'selected';
  if (id === hovered || lit.includes(id)) return 'hovered';
  return selected === undefined ? '' : 'dim';
}

function drawObject(object: StyledObject, drawing: ViewerDrawing, state: string): SVGTemplateResult {
  const { detection, style } = object;
  const { id } = detection;
  const label = shownLabel(detection.label);
  const box = boxInPixels(detection, drawing.size);
  const outline = drawing.layers.masks ? drawing.outlines.get(id) : undefined;
  // A point has no box to see, and an object whose mask could not be read falls back to its box.
  const asBox = boxDrawn(object, drawing);
  const { earlier, strength = 1 } = object.compared ?? {};
  const faint = strength < 1 && state !== 'selected' && state !== 'hovered';
  // The usual object, and often one of hundreds: in one piece it is drawn sooner.
  if (asBox && !outline && !earlier && !faint)
    return svg`<g class="object ${state}">
    <rect class="casing" x=${box.x} y=${box.y} width=${box.width} height=${box.height} fill="none" />
    <rect class="line ${style.line}" x=${box.x} y=${box.y} width=${box.width} height=${box.height} stroke=${style.colour} fill="none" />
    <rect class="box" id=${objectElementId(id)} data-testid="box" data-detection-id=${id} role="img" aria-label=${label}
      x=${box.x} y=${box.y} width=${box.width} height=${box.height} />
  </g>`;
  // What is lifted has its line there.
  const lined = state !== 'selected' && state !== 'hovered';
  const thin = outline !== undefined && isThin(outline, drawing.size);
  const inPlace = lined && !thin;
  return svg`<g class="object ${state}" opacity=${faint ? strength : nothing}>
    ${earlier && asBox ? drawEarlier(earlier, drawing.size, style.colour) : nothing}
    ${outline && inPlace ? svg`<path class="casing" d=${outline.path} />` : nothing}
    ${
      outline
        ? svg`<path class="mask ${inPlace ? `line ${style.line}` : ''}" data-testid="mask" data-detection-id=${id} role="img" aria-label=${label} aria-hidden="true" d=${outline.path} fill=${style.colour} stroke=${inPlace ? style.colour : nothing} />`
        : nothing
    }
    ${outline && lined && thin ? drawSurround(outline, object, drawing.size, 'thin') : nothing}
    ${asBox ? svg`${rect(box, 'casing')}${rect(box, `line ${style.line}`, style.colour)}` : nothing}
    ${detection.point && drawing.layers.points ? drawPoint(detection.point, drawing.size, style.colour) : nothing}
    <rect class="box" id=${objectElementId(id)} data-testid="box" data-detection-id=${id} role="img" aria-label=${label}
      x=${box.x} y=${box.y} width=${box.width} height=${box.height} />
  </g>`;
}

/**
 * Parts of the larger side of the picture: what is thinner is a few CSS pixels thin in a fitted picture, and would be painted solid by the half of
 * its outline that lies on it.
 */
const THIN = 1 / 100;

function isThin({ thickness }: Outline, { width, height }: Size): boolean {
  return thickness < THIN * Math.max(width, height);
}

/** The outline around a mask: nothing of it lies on the object. `className` tells apart what may be drawn of one object at once. */
function drawSurround(outline: Outline, { detection, style }: StyledObject, { width, height }: Size, className: string): SVGTemplateResult {
  const clip = `${className}-${objectElementId(detection.id)}`;
  // The content security policy permits no style attributes.
  const setThickness = (group?: Element) => (group as SVGElement | undefined)?.style.setProperty('--thickness', `${outline.thickness}px`);
  const around = `M${-width},${-height}H${2 * width}V${2 * height}H${-width}Z${outline.path}`;
  return svg`<clipPath id=${clip}><path clip-rule="evenodd" d=${around} /></clipPath>
    <g class="surround" clip-path="url(#${clip})" ${ref(setThickness)}>
      <path class="ring" d=${outline.path} /><path class="casing" d=${outline.path} />
      <path class="line ${style.line}" d=${outline.path} stroke=${style.colour} />
    </g>`;
}

/** Where a moved object was before. `box`: in fractions of the image. */
function drawEarlier({ x, y, width, height }: Box, size: Size, colour: string): SVGTemplateResult {
  const box = { x: x * size.width, y: y * size.height, width: width * size.width, height: height * size.height };
  return svg`${rect(box, 'casing')}${rect(box, 'line gapped earlier', colour)}`;
}

/** The hovered or selected object: thicker lines; the selected one with a white ring. */
function raisedObject(object: StyledObject, drawing: ViewerDrawing): SVGTemplateResult {
  const { detection, style } = object;
  const box = boxInPixels(detection, drawing.size);
  const kind = detection.id === drawing.selected ? 'selected' : 'hovered';
  const outline = drawing.layers.masks ? drawing.outlines.get(detection.id) : undefined;
  if (outline) {
    return svg`<g class="lifted ${kind}">
      ${rect(box, 'frame-casing')}${rect(box, 'frame')}
      ${drawSurround(outline, object, drawing.size, 'lifted')}
    </g>`;
  }
  if (detection.point) return svg`<g class="lifted ${kind}">${drawPoint(detection.point, drawing.size, style.colour)}</g>`;
  return svg`<g class="lifted ${kind}">
    ${rect(box, 'tint', undefined, style.colour)}${rect(box, 'ring')}${rect(box, 'casing')}${rect(box, `line ${style.line}`, style.colour)}
  </g>`;
}

function rect({ x, y, width, height }: Box, className: string, stroke?: string, fill?: string): SVGTemplateResult {
  return svg`<rect class=${className} x=${x} y=${y} width=${width} height=${height} stroke=${stroke ?? nothing} fill=${fill ?? 'none'} />`;
}

function drawPoint(point: { x: number; y: number }, size: Size, colour: string): SVGTemplateResult {
  return svg`<circle class="point" cx=${point.x * size.width} cy=${point.y * size.height} fill=${colour} />`;
}

/**
 * Tags, standing at points of the image so that they move along with it until they are placed again. Few of them keep their size meanwhile; many are
 * scaled as one, as the browser takes each transform for a layer, which it weighs against all others in each frame of a movement.
 */
export function drawTags({ tags, view }: PlacedTags, drawing: ViewerDrawing): SVGTemplateResult {
  const colours = new Map(drawing.objects.map(({ detection, style }) => [detection.id, style.colour]));
  const asOne = drawing.objects.length > LIVE_WIDTHS_UP_TO;
  return svg`<g class="tags ${asOne ? 'as-one' : ''}" transform=${asOne ? `scale(${1 / view.k})` : nothing} aria-hidden="true">${tags.map(
    (tag) => {
      const [x, y] = [tag.x - view.x, tag.y - view.y];
      const colour = colours.get(tag.id) ?? '#FFFFFF';
      if (asOne) return drawTag(tag, drawing, colour, x, y);
      return svg`<g transform="translate(${x / view.k} ${y / view.k})">${drawTag(tag, drawing, colour, 0, 0)}</g>`;
    },
  )}</g>`;
}

/** With its corner at a point, in CSS pixels. */
function drawTag({ id, text, width }: PlacedTag, { selected }: ViewerDrawing, colour: string, x: number, y: number): SVGTemplateResult {
  return svg`<g class="tag ${id === selected ? 'selected' : ''}" data-tag-id=${id}>
    ${id === selected ? svg`<rect class="tag-ring" x=${x - 2} y=${y - 2} width=${width + 4} height=${TAG_HEIGHT + 4} rx="4" />` : nothing}
    <rect class="tag-plate" x=${x} y=${y} width=${width} height=${TAG_HEIGHT} rx="2.5" fill=${colour} stroke=${colour} />
    <text x=${x + TAG_PADDING} y=${y + 12}>${text}</text>
  </g>`;
}

/** What can be hit: the objects of a drawing in image pixels. Whether a mask is hit, its element under `root` knows. */
export function drawnTargets(drawing: ViewerDrawing, root: ParentNode): Target[] {
  return drawing.objects.map(({ detection }) => ({
    id: detection.id,
    box: boxInPixels(detection, drawing.size),
    ...(drawnAsMask(drawing, detection.id) && {
      covers: (x: number, y: number) => maskElement(root, detection.id)?.isPointInFill(new DOMPoint(x, y)) ?? false,
    }),
  }));
}

function maskElement(root: ParentNode, id: string): SVGGeometryElement | null {
  return root.querySelector<SVGGeometryElement>(`[data-testid="mask"][data-detection-id="${CSS.escape(id)}"]`);
}

export type Tiles = NonNullable<CostBasis['tiles']>;

/** Where the lines between tiles stand, in pixels of the picture. */
export function gridLines({ columns, rows, unit }: Tiles, { width, height }: Size): { x: number[]; y: number[] } {
  const lines = (count: number, whole: number) =>
    Array.from({ length: count - 1 }, (_, i) => (i + 1) * unit).filter((place) => place < whole);
  return { x: lines(columns, width), y: lines(rows, height) };
}

/** The tiles or patches that the model sees the picture as. */
export function drawTokenGrid(tiles: Tiles, size: Size): SVGTemplateResult {
  const { x, y } = gridLines(tiles, size);
  const path = [...x.map((place) => `M${place},0V${size.height}`), ...y.map((place) => `M0,${place}H${size.width}`)].join('');
  return svg`<g class="token-grid" data-testid="token-grid" aria-hidden="true"><path class="grid-casing" d=${path} /><path class="grid-line" d=${path} /></g>`;
}
