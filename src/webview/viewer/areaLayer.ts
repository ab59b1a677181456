import { nothing, type SVGTemplateResult, svg } from 'lit';
import type { Size } from '../../core/base/geometry.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import { HANDLES } from './area.ts';
import type { Viewport } from './viewport.ts';

/** Areas over the picture, in fractions of it. */
export interface Areas {
  /** That is to be sent alone. */
  region?: Box | undefined;
  /** That is being laid over something private. */
  cover?: Box | undefined;
  /** True while the one or the other is being placed: its inside can be dragged. */
  isOpen: boolean;
  /** Blacked out in what is sent. */
  covered: readonly Box[];
  /** The part that the shown result is about. */
  frame?: Box | undefined;
}

export const NO_AREAS: Areas = { isOpen: false, covered: [] };

/** The area that is drawn and changed at present. */
export function openArea({ region, cover }: Areas): Box | undefined {
  return cover ?? region;
}

/** All areas, in pixels of the picture. */
export function drawAreas(areas: Areas, size: Size): SVGTemplateResult {
  const { region, cover, covered, frame } = areas;
  const pixels = ({ x, y, width, height }: Box) => ({
    x: x * size.width,
    y: y * size.height,
    width: width * size.width,
    height: height * size.height,
  });
  const step = Math.max(size.width, size.height) / 80;
  return svg`<g class="areas ${areas.isOpen ? 'open' : ''}" aria-hidden="true">
    ${
      covered.length > 0 || cover
        ? svg`<defs><pattern id="hatch" width=${step} height=${step} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width=${step} height=${step} class="hatch-ground" /><rect width=${step / 2} height=${step} class="hatch-line" /></pattern></defs>`
        : nothing
    }
    ${covered.map((area) => rectangle('covered', pixels(area)))}
    ${frame ? [rectangle('frame-casing', pixels(frame)), rectangle('frame', pixels(frame), 'run-region')] : nothing}
    ${region && !cover ? drawRegion(pixels(region), size) : nothing}
    ${cover ? [rectangle('covered', pixels(cover)), drawEdges(pixels(cover))] : nothing}
  </g>`;
}

function rectangle(name: string, { x, y, width, height }: Box, testId?: string): SVGTemplateResult {
  return svg`<rect class=${name} data-testid=${testId ?? (name === 'covered' ? 'covered' : nothing)} x=${x} y=${y} width=${width} height=${height} />`;
}

/** What lies outside is dimmed. */
function drawRegion(box: Box, size: Size): SVGTemplateResult {
  const { x, y, width, height } = box;
  const outside = `M0,0H${size.width}V${size.height}H0ZM${x},${y}V${y + height}H${x + width}V${y}Z`;
  return svg`<path class="outside" d=${outside} />${drawEdges(box)}`;
}

function drawEdges(box: Box): SVGTemplateResult {
  const { x, y, width, height } = box;
  const along = (edges: string, low: string, high: string) => (edges.includes(low) ? 0 : edges.includes(high) ? 1 : 0.5);
  return svg`${rectangle('frame-casing', box)}<rect class="area" data-testid="region" data-grip="move" x=${x} y=${y} width=${width} height=${height} />
    ${HANDLES.map((edges) => svg`<circle class="handle ${edges}" data-grip=${edges} cx=${x + width * along(edges, 'w', 'e')} cy=${y + height * along(edges, 'n', 's')} />`)}`;
}

/** CSS pixels between an area and what floats under it, and from the viewer's edges. */
const GAP = 8;

/** Puts an element under a part of the picture (pixels of it), or as near as it stays inside the viewer. */
export function placeUnder(element: HTMLElement, part: Box, { view, viewer }: Viewport): void {
  const { offsetWidth, offsetHeight } = element;
  const within = (place: number, most: number) => Math.max(GAP, Math.min(most, place));
  const left = within(view.x + (part.x + part.width / 2) * view.k - offsetWidth / 2, viewer.width - offsetWidth - GAP);
  const top = within(view.y + (part.y + part.height) * view.k + GAP, viewer.height - offsetHeight - GAP);
  element.style.transform = `translate(${left}px, ${top}px)`;
}
