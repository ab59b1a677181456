import { html, type TemplateResult } from 'lit';
import type { Size } from '../../core/base/geometry.ts';
import type { View } from '../state/view.ts';
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

/** The frame in the minimap, which is hidden where it is of no use. */
export class MinimapFrame {
  readonly element: HTMLElement;
  readonly #frame: HTMLElement;
  /** The size of the frame's box, and of the minimap, in CSS pixels. */
  #drawn: Size = { width: 0, height: 0 };
  #room: Size = { width: 0, height: 0 };

  /** `element`: the minimap. */
  constructor(element: HTMLElement) {
    this.element = element;
    this.#frame = element.querySelector('i') as HTMLElement;
  }

  show(viewport: Viewport): void {
    this.#place(viewport, true);
  }

  /** The same within a movement: where it will do, the frame is only transformed, for which the browser neither lays out nor draws. */
  follow(viewport: Viewport): void {
    this.#place(viewport, false);
  }

  #place({ picture, viewer, view }: Viewport, isExact: boolean): void {
    const part = partInSight(view, viewer, picture);
    const hidden = picture.width === 0 || part.width * part.height >= LEAST_IN_SIGHT;
    if (hidden !== this.element.hidden) this.element.hidden = hidden;
    if (hidden) return;
    const k = Math.min(ROOM.width / picture.width, ROOM.height / picture.height);
    const room = { width: picture.width * k, height: picture.height * k };
    if (room.width !== this.#room.width || room.height !== this.#room.height) setSize(this.element, room);
    this.#room = room;
    const size = { width: Math.max(2, part.width * room.width), height: Math.max(2, part.height * room.height) };
    if (isExact || !nearly(size.width / this.#drawn.width) || !nearly(size.height / this.#drawn.height)) {
      setSize(this.#frame, size);
      this.#drawn = size;
    }
    const scale = `scale(${size.width / this.#drawn.width}, ${size.height / this.#drawn.height})`;
    this.#frame.style.transform = `translate(${part.x * room.width}px, ${part.y * room.height}px) ${scale}`;
  }
}

/** Whether a frame scaled like this still looks like one. */
function nearly(ratio: number): boolean {
  return ratio > 0.6 && ratio < 1.7;
}

function setSize({ style }: HTMLElement, { width, height }: Size): void {
  style.width = `${width}px`;
  style.height = `${height}px`;
}
