import type { Size } from '../../core/base/geometry.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import {
  fitSide,
  fitView,
  keepInSight,
  MAX_SCALE,
  type Middle,
  middleOf,
  reveal,
  scaleAround,
  type View,
  viewAround,
  viewOfPart,
} from '../state/view.ts';
import { Gestures } from './gestures.ts';

const BUTTON_STEP = 1.25;

export interface ViewportEvents {
  /** The view changed; `glide` if the change is a jump that may be shown as a short movement. */
  moved(view: View, glide: boolean): void;
  /** Gestures have ended, or a jump was made. */
  settled(): void;
}

/** Zoom and pan of the viewer, by gestures and by method. Fits the picture until the user zooms. */
export class Viewport {
  /** The part to begin with, while the sizes are not known. */
  #start: Middle | undefined;
  readonly #events: ViewportEvents;
  #viewer: Size = { width: 0, height: 0 };
  #picture: Size = { width: 0, height: 0 };
  #view: View = { x: 0, y: 0, k: 1 };
  #fitted = true;
  /** The view before a jump to an object or to 100 %, to come back to. */
  #back: { from: View; fitted: boolean } | undefined;
  /** True while a pointer does something else than moving the picture. */
  holdStill = false;

  constructor(element: HTMLElement, events: ViewportEvents) {
    this.#events = events;
    new Gestures(element, {
      isFree: () => !this.holdStill,
      view: () => this.#view,
      hold: (point, place, k) => {
        const scale = this.#scaleWithin(k);
        this.#show(keepInSight({ x: place.x - point.x * scale, y: place.y - point.y * scale, k: scale }, this.#viewer, this.#picture));
      },
      panBy: (dx, dy) => this.panBy(dx, dy, false),
      ended: () => this.#events.settled(),
    });
  }

  get view(): View {
    return this.#view;
  }

  get viewer(): Size {
    return this.#viewer;
  }

  /** Image pixels. */
  get picture(): Size {
    return this.#picture;
  }

  get fitted(): boolean {
    return this.#fitted;
  }

  /** What to come back to later; undefined while the picture is fitted. */
  get middle(): Middle | undefined {
    return this.#fitted ? undefined : middleOf(this.#view, this.#viewer);
  }

  /** Takes another picture (image pixels) and fits it, or begins with a part of it. */
  setPicture(picture: Size, start?: Middle): void {
    this.#picture = picture;
    this.#start = start;
    this.#fitted = true;
    this.#open();
  }

  #open(): void {
    if (this.#viewer.width === 0 || this.#picture.width === 0) return;
    if (this.#start) this.#go(viewAround(this.#start, this.#viewer), false, false);
    else this.fit(false);
    this.#start = undefined;
  }

  /** Takes the viewer's size (CSS pixels): fits again, or keeps the middle of the view. */
  setViewer(viewer: Size): void {
    const { width, height } = this.#viewer;
    this.#viewer = viewer;
    if (this.#fitted) this.#open();
    else
      this.#go(
        { ...this.#view, x: this.#view.x + (viewer.width - width) / 2, y: this.#view.y + (viewer.height - height) / 2 },
        false,
        false,
      );
  }

  fit(glide = true): void {
    if (this.#viewer.width > 0 && this.#picture.width > 0) this.#go(fitView(this.#viewer, this.#picture), true, glide);
  }

  /** Shows the whole width or height of the picture, from its beginning. */
  fitSide(side: keyof Size): void {
    this.#go(fitSide(this.#viewer, this.#picture, side), false, true);
  }

  zoomIn(): void {
    this.zoomTo(this.#view.k * BUTTON_STEP);
  }

  zoomOut(): void {
    this.zoomTo(this.#view.k / BUTTON_STEP);
  }

  /** Scales around the middle of the viewer. */
  zoomTo(k: number): void {
    const scale = this.#scaleWithin(k);
    this.#go(scaleAround(this.#view, scale / this.#view.k, this.#viewer.width / 2, this.#viewer.height / 2), false, true);
  }

  /** 100 %, or from there back to where it was. */
  toggleActualSize(): void {
    if (Math.abs(this.#view.k - 1) < 1e-6 && this.#goBack()) return;
    this.#remember();
    const back = this.#back;
    this.zoomTo(1);
    this.#back = back;
  }

  /** The part (image pixels) as large as sensible, or from there back to where it was. */
  togglePart(part: Box): void {
    const target = keepInSight(viewOfPart(this.#viewer, this.#picture, part), this.#viewer, this.#picture);
    if (sameView(target, this.#view) && this.#goBack()) return;
    this.#remember();
    const back = this.#back;
    this.#go(target, false, true);
    this.#back = back;
  }

  panBy(dx: number, dy: number, glide = true): void {
    this.#go({ ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy }, false, glide);
  }

  /** Moves a point of the picture (fractions of it) into the middle. */
  centreOn(x: number, y: number): void {
    const { k } = this.#view;
    this.#go(viewAround({ x: x * this.#picture.width, y: y * this.#picture.height, k }, this.#viewer), false, false);
  }

  /** Takes a view as it is. */
  show(view: View): void {
    this.#go(view, false, false);
  }

  /** Moves by the least amount that brings the part (image pixels) into sight. */
  reveal(part: Box): void {
    const target = reveal(this.#view, this.#viewer, part);
    if (target !== this.#view) this.#go(target, false, true);
  }

  #remember(): void {
    this.#back = { from: this.#view, fitted: this.#fitted };
  }

  #goBack(): boolean {
    const back = this.#back;
    if (!back) return false;
    if (back.fitted) this.fit();
    else this.#go(back.from, false, true);
    this.#back = undefined;
    return true;
  }

  #scaleWithin(k: number): number {
    return Math.min(MAX_SCALE, Math.max(Math.min(0.1, fitView(this.#viewer, this.#picture).k / 2), k));
  }

  #go(view: View, fitted: boolean, glide: boolean): void {
    this.#show(keepInSight(view, this.#viewer, this.#picture), glide, fitted);
    this.#back = undefined;
    this.#events.settled();
  }

  /** Known before anyone is told of the view, who may ask for it or show another one. A pan alone still lets the picture fit again when the viewer's size changes. */
  #show(view: View, glide = false, fitted = this.#fitted && view.k === this.#view.k): void {
    this.#fitted = fitted;
    this.#view = view;
    this.#events.moved(view, glide);
  }
}

function sameView(a: View, b: View): boolean {
  return Math.abs(a.k / b.k - 1) < 1e-6 && Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5;
}
