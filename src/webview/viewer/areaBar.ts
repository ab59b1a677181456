import type { Box } from '../../core/inspection.ts';
import type { Viewport } from './viewport.ts';

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
