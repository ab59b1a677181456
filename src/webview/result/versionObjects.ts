import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { type Alignment, placeOfOlder } from '../../core/inspection/imageDifference.ts';
import type { Box, Detection, Inspection } from '../../core/inspection/inspection.ts';
import type { VersionResults } from '../../core/inspection/versionResults.ts';
import { matchDetections } from '../../core/masks/matchDetections.ts';
import { drawPair } from './comparison.ts';
import type { ShownResult, StyledObject } from './types.ts';

/** How two versions lie over each other, and how their objects are drawn. */
export interface VersionLook {
  alignment: Alignment;
  /** Both are seen in one place, over the newer version. */
  isOver: boolean;
  highContrast: boolean;
  /** Of masks. */
  threshold: number;
}

/** What became of the objects from the older version of a picture to the newer one, in place of a result. */
export function versionObjects(shown: ShownResult, { older, newer }: VersionResults, look: VersionLook): ShownResult {
  const [before, after] = [older.images[0], newer.images[0]] as [Size, Size];
  const place = placeOfOlder(before, after, look.alignment);
  const [a, b] = [older.detections ?? [], newer.detections ?? []];
  const moved = a.map((detection) => inNewer(detection, before, after, place));
  const inB = b.map((detection) => ({ ...detection, imageIndex: 1 }));
  const drawn = drawPair(
    { ...older, detections: moved },
    { ...newer, detections: inB },
    matchDetections(moved, inB, { size: after, threshold: look.threshold }),
    look.highContrast,
    { a: t('only in the older version'), b: t('only in the newer version') },
  );
  const own = (object: StyledObject) => inOlder(object, older, a);
  const groups = drawn.compared.groups?.map(({ kind, objects }) => ({ kind, objects: objects.map(own) })) ?? [];
  return {
    ...shown,
    objects: groups.flatMap(({ objects }) => objects),
    objectsIn: look.isOver ? [[], drawn.both] : [drawn.a.map(own), drawn.b],
    compared: { ...drawn.compared, groups },
  };
}

/** An object of the older version where it lies in the newer one: in its pixels, and in fractions of it. */
function inNewer(detection: Detection, from: Size, to: Size, { x, y }: { x: number; y: number }): Detection {
  const across = (value: number) => (value * from.width + x) / to.width;
  const down = (value: number) => (value * from.height + y) / to.height;
  const { box, pixelBox, mask, point } = detection;
  const placed: Box = {
    x: across(box.x),
    y: down(box.y),
    width: (box.width * from.width) / to.width,
    height: (box.height * from.height) / to.height,
  };
  return {
    ...detection,
    imageIndex: 1,
    box: placed,
    pixelBox: { ...pixelBox, x: pixelBox.x + x, y: pixelBox.y + y },
    ...(point && { point: { x: across(point.x), y: down(point.y) } }),
    ...(mask?.kind === 'polygon' && {
      mask: { ...mask, points: mask.points.map(([left, top]): [number, number] => [across(left), down(top)]) },
    }),
  };
}

/** One of the older version as it lies there; any other as it is. */
function inOlder(object: StyledObject, older: Inspection, detections: readonly Detection[]): StyledObject {
  const { detection, compared } = object;
  const original = compared?.run === older.id ? detections.find(({ id }) => id === compared.id) : undefined;
  return original === undefined ? object : { ...object, detection: { ...original, id: detection.id, imageIndex: 0 } };
}
