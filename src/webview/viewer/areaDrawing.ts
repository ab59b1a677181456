import type { Size } from '../../core/base/geometry.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import { areaBetween, changedArea, type Grip, type Point } from './area.ts';
import { imagePoint } from './pointing.ts';
import type { Viewport } from './viewport.ts';

/** CSS pixels that a pointer has to move before it draws. */
const DRAWS_FROM = 4;

/** What an area is drawn on. */
export interface DrawingSurface {
  surface: HTMLElement;
  viewport: Viewport;
  size(): Size | undefined;
  /** The area that stands, in fractions of the picture. */
  area(): Box | undefined;
  /** True while a pointer draws without Shift. */
  isOpen(): boolean;
  changed(area: Box): void;
}

/** Draws an area over the picture with mouse, pen or finger: a new one with Shift or when asked for, the one that stands by its handles and its inside. */
export class AreaDrawing {
  readonly #on: DrawingSurface;
  #held: { pointer: number; grip: Grip | undefined; before: Box | undefined; from: Point; start: Point; moved: boolean } | undefined;
  #hasDrawn = false;

  constructor(on: DrawingSurface) {
    this.#on = on;
    const { surface } = on;
    surface.addEventListener('pointerdown', (event) => this.#down(event));
    surface.addEventListener('pointermove', (event) => this.#move(event));
    for (const name of ['pointerup', 'pointercancel'] as const) surface.addEventListener(name, (event) => this.#up(event));
  }

  /** True once for the click that ends a drawing. */
  tookClick(): boolean {
    const took = this.#hasDrawn;
    this.#hasDrawn = false;
    return took;
  }

  #down(event: PointerEvent): void {
    this.#hasDrawn = false;
    const { surface, viewport, area, isOpen } = this.#on;
    const grip = event.shiftKey ? undefined : gripOf(event.target, isOpen());
    if (event.button !== 0 || this.#held || !(event.shiftKey || grip !== undefined || isOpen())) return;
    const from = imagePoint({ surface, viewport }, event);
    this.#held = { pointer: event.pointerId, grip, before: area(), from, start: { x: event.clientX, y: event.clientY }, moved: false };
    viewport.holdStill = true;
    surface.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const held = this.#held;
    const { surface, viewport, changed } = this.#on;
    const size = this.#on.size();
    if (!held || held.pointer !== event.pointerId || !size) return;
    held.moved ||= Math.hypot(event.clientX - held.start.x, event.clientY - held.start.y) >= DRAWS_FROM;
    if (!held.moved) return;
    const to = imagePoint({ surface, viewport }, event);
    if (held.grip !== undefined && held.before !== undefined)
      changed(changedArea(held.before, held.grip, { x: to.x - held.from.x, y: to.y - held.from.y }, size));
    else changed(areaBetween(held.from, to, size));
  }

  #up(event: PointerEvent): void {
    if (this.#held?.pointer !== event.pointerId) return;
    this.#hasDrawn = this.#held.moved || this.#held.grip !== undefined;
    this.#held = undefined;
    this.#on.viewport.holdStill = false;
  }
}

/** What is under the pointer: a handle, or the inside of an area that is being changed. */
function gripOf(target: EventTarget | null, isOpen: boolean): Grip | undefined {
  const grip = (target as Element | null)?.getAttribute('data-grip') as Grip | null;
  return grip === null || (grip === 'move' && !isOpen) ? undefined : grip;
}
