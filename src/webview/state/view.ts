import type { Size } from '../../core/base/geometry.ts';
import type { Box } from '../../core/inspection/inspection.ts';

/** Where the picture stands in the viewer: its upper left corner in CSS pixels, and CSS pixels for one image pixel. */
export interface View {
  x: number;
  y: number;
  k: number;
}

/** The point of the picture (image pixels) in the middle of the viewer, and the scale: what is kept when the viewer's size changes. */
export interface Middle {
  x: number;
  y: number;
  k: number;
}

export function middleOf({ x, y, k }: View, viewer: Size): Middle {
  return { x: (viewer.width / 2 - x) / k, y: (viewer.height / 2 - y) / k, k };
}

export function viewAround({ x, y, k }: Middle, viewer: Size): View {
  return { x: viewer.width / 2 - x * k, y: viewer.height / 2 - y * k, k };
}

/** CSS pixels left free around a picture that fits. */
const PADDING = 20;
/** A part is enlarged no further. */
const MAX_PART = 8;
export const MAX_SCALE = 64;
/** CSS pixels of the picture that always stay in sight. */
const KEPT_IN_SIGHT = 48;

/** The view that shows the whole picture, centred. Sizes in CSS and image pixels. */
export function fitView(viewer: Size, picture: Size): View {
  const room = (length: number) => Math.max(1, length - 2 * Math.min(PADDING, length / 10));
  const k = Math.min(room(viewer.width) / picture.width, room(viewer.height) / picture.height, MAX_SCALE);
  return centred(viewer, { x: 0, y: 0, ...picture }, k);
}

/** The view that shows the whole width of the picture from its top, or its whole height from its left edge. */
export function fitSide(viewer: Size, picture: Size, side: keyof Size): View {
  const fit = fitView(viewer, { width: 1, height: 1, [side]: picture[side] });
  const k = Math.min(fit.k, MAX_SCALE);
  const view = centred(viewer, { x: 0, y: 0, ...picture }, k);
  return { x: side === 'height' ? Math.max(view.x, PADDING) : view.x, y: side === 'width' ? Math.max(view.y, PADDING) : view.y, k };
}

/** The view that shows a part of the picture (image pixels) with space around it, no larger than `MAX_PART`, or the fit if that is larger. */
export function viewOfPart(viewer: Size, picture: Size, part: Box): View {
  const space = 1.6;
  const k = Math.min(viewer.width / (space * Math.max(1, part.width)), viewer.height / (space * Math.max(1, part.height)));
  return centred(viewer, part, Math.min(k, Math.max(MAX_PART, fitView(viewer, picture).k)));
}

function centred(viewer: Size, part: Box, k: number): View {
  return viewAround({ x: part.x + part.width / 2, y: part.y + part.height / 2, k }, viewer);
}

/** The view moved as little as needed so that the picture cannot be lost out of sight. */
export function keepInSight(view: View, viewer: Size, picture: Size): View {
  const clamp = (start: number, room: number, length: number) => {
    const kept = Math.min(KEPT_IN_SIGHT, length, room);
    return Math.min(room - kept, Math.max(kept - length, start));
  };
  return {
    x: clamp(view.x, viewer.width, picture.width * view.k),
    y: clamp(view.y, viewer.height, picture.height * view.k),
    k: view.k,
  };
}

/** The view scaled by `factor` around a point of the viewer (CSS pixels). */
export function scaleAround(view: View, factor: number, x: number, y: number): View {
  return { x: x - (x - view.x) * factor, y: y - (y - view.y) * factor, k: view.k * factor };
}

/** The view moved by the least amount that brings a part of the picture (image pixels) into sight; the same view if it is. */
export function reveal(view: View, viewer: Size, part: Box): View {
  const margin = 12;
  const move = (start: number, length: number, room: number) => {
    if (start >= 0 && start + length <= room) return 0;
    if (length + 2 * margin > room) return room / 2 - (start + length / 2);
    return start < 0 ? margin - start : room - margin - (start + length);
  };
  const dx = move(view.x + part.x * view.k, part.width * view.k, viewer.width);
  const dy = move(view.y + part.y * view.k, part.height * view.k, viewer.height);
  return dx === 0 && dy === 0 ? view : { x: view.x + dx, y: view.y + dy, k: view.k };
}
