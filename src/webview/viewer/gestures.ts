import type { View } from '../state/view.ts';
import type { Point } from './area.ts';

/** CSS pixels that a pointer may move within a click. */
const CLICK_REACH = 4;
/** Milliseconds without a turn of the wheel that end a movement. */
const WHEEL_REST = 150;
/** Powers of two that the scale changes by for a unit of the wheel: pixels, lines, pages. */
const WHEEL_UNITS = [0.002, 0.05, 1];
/** Two fingers on a touchpad arrive as a wheel with Ctrl, in small steps. */
const PINCH = 10;

/** What gestures move. */
export interface Movable {
  view(): View;
  /** Whether a pointer may move it. */
  isFree(): boolean;
  /** Brings a point of the picture (image pixels) to a place in the viewer (CSS pixels), at a scale. */
  hold(point: Point, place: Point, k: number): void;
  panBy(dx: number, dy: number): void;
  /** A movement has ended. */
  ended(): void;
}

/**
 * Wheel, drag and fingers over an element. Where the element stands is asked for once a gesture: an answer makes the browser work out styles,
 * which at each movement would cost more than the movement itself. The browser gives at most one movement a frame, so none is put off.
 */
export class Gestures {
  readonly #element: HTMLElement;
  readonly #movable: Movable;
  #corner: Point = { x: 0, y: 0 };
  readonly #pointers = new Map<number, Point>();
  /** What is held: the point of the picture under the pointers, their distance and the scale at that time. */
  #held: { point: Point; spread: number; k: number } | undefined;
  #start: Point = { x: 0, y: 0 };
  /** At all, and further than a click may. */
  #panned = false;
  #moved = false;
  #wheeling: ReturnType<typeof setTimeout> | undefined;
  #turned = 0;

  constructor(element: HTMLElement, movable: Movable) {
    this.#element = element;
    this.#movable = movable;
    element.addEventListener('pointerdown', (event) => this.#down(event));
    element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    element.addEventListener('click', (event) => this.#click(event), { capture: true });
  }

  #down(event: PointerEvent): void {
    if (event.button > 1 || !this.#movable.isFree()) return;
    // There is one mouse; what is left of it is a button whose release nobody saw.
    if (event.pointerType === 'mouse') this.#pointers.clear();
    if (this.#pointers.size === 0) {
      this.#locate();
      this.#start = { x: event.clientX, y: event.clientY };
      this.#moved = false;
      this.#panned = false;
      // Also outside the viewer, which the pointer may leave.
      addEventListener('pointermove', this.#move);
      for (const name of ['pointerup', 'pointercancel']) addEventListener(name, this.#up as EventListener);
    }
    this.#pointers.set(event.pointerId, this.#placeOf(event));
    this.#hold();
  }

  readonly #move = (event: PointerEvent): void => {
    const { pointerId, clientX, clientY } = event;
    if (!this.#held || !this.#pointers.has(pointerId) || !this.#movable.isFree()) return;
    if (event.buttons === 0) {
      this.#up(event);
      return;
    }
    this.#moved ||= this.#pointers.size > 1 || Math.hypot(clientX - this.#start.x, clientY - this.#start.y) > CLICK_REACH;
    this.#pointers.set(pointerId, this.#placeOf(event));
    this.#panned = true;
    const { middle, spread } = this.#grasp();
    const { point, k } = this.#held;
    this.#movable.hold(point, middle, this.#held.spread > 0 ? (k * spread) / this.#held.spread : k);
  };

  readonly #up = ({ pointerId }: PointerEvent): void => {
    if (!this.#pointers.delete(pointerId)) return;
    if (this.#pointers.size > 0) {
      this.#hold();
      return;
    }
    this.#held = undefined;
    removeEventListener('pointermove', this.#move);
    for (const name of ['pointerup', 'pointercancel']) removeEventListener(name, this.#up as EventListener);
    if (this.#panned) this.#movable.ended();
  };

  /** The click that ends a drag is none. */
  #click(event: MouseEvent): void {
    if (this.#moved) event.stopImmediatePropagation();
    this.#moved = false;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    // Some systems turn Shift+wheel into a sideways wheel by themselves.
    if (event.shiftKey) {
      this.#movable.panBy(-(event.deltaX || event.deltaY), 0);
      return;
    }
    if (this.#wheeling === undefined) this.#locate();
    const { x, y, k } = this.#movable.view();
    const place = this.#placeOf(event);
    const power = -event.deltaY * (WHEEL_UNITS[event.deltaMode] ?? 0) * (event.ctrlKey ? PINCH : 1);
    this.#movable.hold({ x: (place.x - x) / k, y: (place.y - y) / k }, place, k * 2 ** power);
    if (this.#held) this.#hold();
    this.#turned = event.timeStamp;
    this.#wheeling ??= setTimeout(this.#rest, WHEEL_REST);
  }

  /** One timer waits on while the wheel turns: setting it anew at each turn would cost more than the turn. */
  readonly #rest = (): void => {
    const left = this.#turned + WHEEL_REST - performance.now();
    this.#wheeling = left > 0 ? setTimeout(this.#rest, left) : undefined;
    if (this.#wheeling === undefined) this.#movable.ended();
  };

  #locate(): void {
    const { left, top } = this.#element.getBoundingClientRect();
    this.#corner = { x: left, y: top };
  }

  #placeOf({ clientX, clientY }: MouseEvent): Point {
    return { x: clientX - this.#corner.x, y: clientY - this.#corner.y };
  }

  /** Takes hold anew, since pointers have come or gone. */
  #hold(): void {
    const { x, y, k } = this.#movable.view();
    const { middle, spread } = this.#grasp();
    this.#held = { point: { x: (middle.x - x) / k, y: (middle.y - y) / k }, spread, k };
  }

  /** The middle of the first two pointers, and their distance; 0 for one. */
  #grasp(): { middle: Point; spread: number } {
    const [a = this.#corner, b = a] = this.#pointers.values();
    return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, spread: Math.hypot(a.x - b.x, a.y - b.y) };
  }
}
