import { labelKey } from '../base/labelKey.ts';
import type { Box, Detection, Inspection } from '../inspection/inspection.ts';
import { type StableObject, stability } from '../masks/stability.ts';
import { reshaped } from './edits.ts';
import type { PersonFacts } from './personInspection.ts';

/**
 * What at least `least` of several runs of the same request have found, as one result: boxes are the medians of theirs, the confidence is the share of runs.
 * The most stable object is the first. It is a result of the model that was asked; nothing was sent for it anew.
 */
export function consensus(
  runs: readonly Inspection[],
  least: number,
  { threshold, ...facts }: PersonFacts & { threshold: number },
): Inspection {
  const images = runs[0]?.images ?? [];
  const objects = images.flatMap((size, index) =>
    stability(
      runs.map(({ detections = [] }) => detections.filter(({ imageIndex }) => imageIndex === index)),
      { size, threshold },
    ).filter(({ found }) => found >= least),
  );
  const detections = objects.map((object, index) => ({
    ...agreed(object, images[object.detection.imageIndex] ?? { width: 0, height: 0 }),
    id: String(index + 1),
    confidence: object.found / runs.length,
  }));
  const [first] = runs;
  return {
    version: 1,
    task: detections.some(({ mask }) => mask !== undefined) ? 'segment' : 'detect',
    ...facts,
    prompt: first?.prompt ?? '',
    model: runs.every(({ model }) => model === first?.model) ? (first?.model ?? '') : '',
    images: images.map(({ sent: _sent, parts: _parts, ...image }) => image),
    basedOn: runs.map(({ id }) => id),
    detections,
    dropped: [],
    tokens: { estimated: 0 },
    complete: true,
    raw: '',
  };
}

/** The one object that several stand for: where they are in the middle, with the label that most of them have. */
function agreed({ detection, members }: StableObject, size: { width: number; height: number }): Detection {
  const edge = (of: (box: Box) => number) => median(members.map(({ box }) => of(box)));
  const [left, top] = [edge(({ x }) => x), edge(({ y }) => y)];
  const [right, bottom] = [edge(({ x, width }) => x + width), edge(({ y, height }) => y + height)];
  // A sum of fractions may be a hair below a whole pixel.
  const pixel = (place: number, most: number) => Math.trunc(place * most + 1e-6);
  const [x, y] = [pixel(left, size.width), pixel(top, size.height)];
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  const pixelBox = { x, y, width: pixel(right, size.width) - x, height: pixel(bottom, size.height) - y };
  return { ...reshaped(detection, pixelBox, box), label: usualLabel(detection, members) };
}

/** Of labels that are equally frequent that of the object which agrees best with the others. */
function usualLabel(best: Detection, members: readonly Detection[]): string {
  const times = ({ label }: Detection) => members.filter((member) => labelKey(member.label) === labelKey(label)).length;
  return members.reduce((usual, member) => (times(member) > times(usual) ? member : usual), best).label;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
