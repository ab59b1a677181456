import type { Size } from '../base/geometry.ts';
import type { Box, Detection, Mask } from '../inspection/inspection.ts';

/** One step of correcting the objects of a result. Boxes are in whole pixels of the upright picture, corners in pixels of it. */
export type Edit =
  | { kind: 'add'; id: string; label: string; imageIndex: number; box: Box }
  /** `nudge`: by a key. Nudges of one object in a row are one step. */
  | { kind: 'move' | 'resize'; id: string; box: Box; nudge?: true }
  | { kind: 'relabel'; id: string; label: string }
  | { kind: 'delete'; id: string }
  | { kind: 'accept'; ids: readonly string[]; accepted: boolean }
  /** A corner of a polygon, by its place. */
  | { kind: 'corner'; id: string; at: number; to: readonly [number, number] };

/** The objects after all steps. Those that no step is about are the very same. `sizes`: of the images, by their place. */
export function applyEdits(detections: readonly Detection[], edits: readonly Edit[], sizes: readonly Size[]): readonly Detection[] {
  return edits.reduce((objects, edit) => applyEdit(objects, edit, sizes), detections);
}

function applyEdit(detections: readonly Detection[], edit: Edit, sizes: readonly Size[]): readonly Detection[] {
  const change = (make: (detection: Detection, size: Size) => Detection, ids: readonly string[]) =>
    detections.map((detection) => {
      const size = sizes[detection.imageIndex];
      return size !== undefined && ids.includes(detection.id) ? make(detection, size) : detection;
    });
  switch (edit.kind) {
    case 'add': {
      const { id, label, imageIndex, box } = edit;
      const size = sizes[imageIndex];
      if (size === undefined || detections.some((detection) => detection.id === id)) return detections;
      return [...detections, { id, label, imageIndex, box: fractionsOf(box, size), pixelBox: box, accepted: true }];
    }
    case 'move':
    case 'resize':
      return change((detection, size) => reshaped(unsure(detection), edit.box, fractionsOf(edit.box, size)), [edit.id]);
    case 'relabel':
      return change((detection) => ({ ...unsure(detection), label: edit.label }), [edit.id]);
    case 'delete':
      return detections.filter(({ id }) => id !== edit.id);
    case 'accept':
      return change(({ accepted: _, ...detection }) => (edit.accepted ? { ...detection, accepted: true } : detection), edit.ids);
    case 'corner':
      return change((detection, size) => withCorner(detection, edit.at, edit.to, size), [edit.id]);
    default:
      return edit satisfies never;
  }
}

/** How sure a model was is not said of what a person has made of it. */
function unsure({ confidence: _, ...detection }: Detection): Detection {
  return detection;
}

/** In fractions of the picture. */
function fractionsOf({ x, y, width, height }: Box, size: Size): Box {
  return { x: x / size.width, y: y / size.height, width: width / size.width, height: height / size.height };
}

/** An object in another box, with its point or polygon; a map of pixels is stretched over the box anyway. */
export function reshaped(detection: Detection, pixelBox: Box, box: Box): Detection {
  const { mask, point } = detection;
  return {
    ...detection,
    box,
    pixelBox,
    ...(point === undefined ? {} : { point: { x: box.x, y: box.y } }),
    ...(mask === undefined ? {} : { mask: stretched(mask, detection.box, box) }),
  };
}

function stretched(mask: Mask, from: Box, to: Box): Mask {
  if (mask.kind === 'bitmap') return mask;
  const scale = (length: number, before: number) => (before > 0 ? length / before : 1);
  const [across, down] = [scale(to.width, from.width), scale(to.height, from.height)];
  return { kind: 'polygon', points: mask.points.map(([x, y]) => [to.x + (x - from.x) * across, to.y + (y - from.y) * down]) };
}

/** A polygon with one corner elsewhere, on a whole pixel, and the box around it. */
function withCorner(detection: Detection, at: number, to: readonly [number, number], size: Size): Detection {
  const { mask } = detection;
  if (mask?.kind !== 'polygon' || mask.points[at] === undefined) return detection;
  const within = (place: number, most: number) => Math.min(most, Math.max(0, Math.round(place))) / most;
  const corner: [number, number] = [within(to[0], size.width), within(to[1], size.height)];
  const points = mask.points.map((point, index) => (index === at ? corner : point));
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const [x, y] = [Math.trunc(left * size.width), Math.trunc(top * size.height)];
  return {
    ...unsure(detection),
    box: { x: left, y: top, width: right - left, height: bottom - top },
    pixelBox: {
      x,
      y,
      width: Math.max(1, Math.trunc(right * size.width) - x),
      height: Math.max(1, Math.trunc(bottom * size.height) - y),
    },
    mask: { kind: 'polygon', points },
  };
}
