import { html, type TemplateResult } from 'lit';
import type { Size } from '../../core/geometry.ts';
import type { View } from './view.ts';
import type { Viewport } from './viewport.ts';

/** CSS pixels that the small picture may take. */
const ROOM: Size = { width: 140, height: 110 };
/** It is of use only while less of the picture is in sight. */
const LEAST_IN_SIGHT = 0.7;

/** The part of the picture that is in sight, in fractions of it. */
export function partInSight({ x, y, k }: View, viewer: Size, picture: Size): { x: number; y: number; width: number; height: number } {
  const part = (start: number, room: number, length: number) => {
    const from = Math.min(1, Math.max(0, -start / (length * k)));
    return [from, Math.max(0, Math.min(1, (room - start) / (length * k)) - from)] as const;
  };
  const [left, width] = part(x, viewer.width, picture.width);
  const [top, height] = part(y, viewer.height, picture.height);
  return { x: left, y: top, width, height };
}

/** The whole picture, small, with a frame around what is in sight; by pointer the frame is moved. For the eye and the mouse. */
export function minimap(src: string, viewport: () => Viewport | undefined): TemplateResult {
  const move = (event: PointerEvent) => {
    const target = event.currentTarget as HTMLElement;
    if (event.type === 'pointerdown') target.setPointerCapture(event.pointerId);
    if (event.buttons === 0) return;
    const { left, top, width, height } = target.getBoundingClientRect();
    viewport()?.centreOn((event.clientX - left) / width, (event.clientY - top) / height);
  };
  return html`<div class="minimap" data-testid="minimap" aria-hidden="true" hidden @pointerdown=${move} @pointermove=${move}>
    <img src=${src} alt="" draggable="false" /><i></i></div>`;
}

/** Moves the frame, and hides the minimap where it is of no use. */
export function showMinimap(element: HTMLElement | null, viewport: Viewport): void {
  if (!element) return;
  const { picture, viewer, view } = viewport;
  const part = partInSight(view, viewer, picture);
  element.hidden = picture.width === 0 || part.width * part.height >= LEAST_IN_SIGHT;
  if (element.hidden) return;
  const k = Math.min(ROOM.width / picture.width, ROOM.height / picture.height);
  const length = (fraction: number, whole: number) => `${Math.max(2, fraction * whole * k)}px`;
  element.style.width = length(1, picture.width);
  element.style.height = length(1, picture.height);
  const frame = (element.querySelector('i') as HTMLElement).style;
  frame.width = length(part.width, picture.width);
  frame.height = length(part.height, picture.height);
  frame.transform = `translate(${part.x * picture.width * k}px, ${part.y * picture.height * k}px)`;
}
