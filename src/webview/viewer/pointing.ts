import { nextAt, objectsAt, type Target } from '../result/objectsAt.ts';
import type { Viewport } from './viewport.ts';

/** CSS pixels beside an object that still hit it: for a mouse so that thin objects and points can be hit, for a finger more. */
const REACH = { fine: 4, coarse: 12 };

/** What mouse, pen and finger act on. */
export interface Pointed {
  surface: HTMLElement;
  viewport: Viewport;
  /** The objects that can be hit. */
  targets: readonly Target[];
  selected: string | undefined;
}

/** The point of the picture (image pixels) under the pointer. */
export function imagePoint({ surface, viewport }: Pick<Pointed, 'surface' | 'viewport'>, event: MouseEvent): { x: number; y: number } {
  const { x, y, k } = viewport.view;
  const corner = surface.getBoundingClientRect();
  return { x: (event.clientX - corner.left - x) / k, y: (event.clientY - corner.top - y) / k };
}

/** The object under the pointer. */
export function pointedObject(pointed: Pointed, event: MouseEvent): string | undefined {
  const { x, y } = imagePoint(pointed, event);
  return objectsAt(pointed.targets, x, y, reach(pointed, event))[0]?.id;
}

/** The object that a click selects. */
export function clickedObject(pointed: Pointed, event: MouseEvent): string | undefined {
  const { x, y } = imagePoint(pointed, event);
  return nextAt(pointed.targets, x, y, pointed.selected, reach(pointed, event));
}

/** A double click goes to the selected object under the pointer, or turns fit and 100 %. */
export function doubleClick(pointed: Pointed, event: MouseEvent): void {
  const { viewport, targets, selected } = pointed;
  const { x, y } = imagePoint(pointed, event);
  const object = objectsAt(targets, x, y, reach(pointed, event)).find(({ id }) => id === selected);
  if (object) viewport.togglePart(object.box);
  else if (viewport.fitted) viewport.zoomTo(1);
  else viewport.fit();
}

/** In image pixels. */
function reach({ viewport }: Pointed, event: MouseEvent): number {
  const coarse = event instanceof PointerEvent && event.pointerType === 'touch';
  return (coarse ? REACH.coarse : REACH.fine) / viewport.view.k;
}
