import { t } from '../base/l10n.ts';
import { spanned } from './coco.ts';
import type { LabelImage, LabelObject, LabelProblems } from './labels.ts';

/** Numbers of a row at most: an outline of 100,000 points. */
const MOST_NUMBERS = 200_001;

/**
 * YOLO: a row for each object, its class by number, then the middle and size of its box, and where there is one its confidence; or the points of its outline. In
 * fractions of the image. Source: docs.ultralytics.com/datasets. `names`: of the classes; one without a name is called by its number.
 */
export function readYolo(text: string, names: ReadonlyMap<number, string>, problems: LabelProblems): LabelImage {
  const objects: LabelObject[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    const words = row
      .trim()
      .split(/\s+/, MOST_NUMBERS)
      .filter((word) => word !== '');
    if (words.length === 0) continue;
    const object = objectOf(words.map(Number));
    if (typeof object === 'string') problems.add(t('line {0}', index + 1), object, row);
    else objects.push({ label: names.get(Number(words[0])) ?? (words[0] as string), ...object });
  }
  return { name: '', unit: 'fractions', objects };
}

/** Or why there is none. */
function objectOf(numbers: readonly number[]): Omit<LabelObject, 'label'> | string {
  const [kind = Number.NaN, ...rest] = numbers;
  if (!Number.isInteger(kind) || kind < 0) return t('It does not begin with the number of a class.');
  if (!rest.every(Number.isFinite)) return t('Something in it is no number.');
  if (rest.length === 4 || rest.length === 5) {
    const [x = 0, y = 0, width = 0, height = 0, confidence] = rest;
    if (!(width > 0 && height > 0)) return t('The box has no area.');
    return { box: { x: x - width / 2, y: y - height / 2, width, height }, ...(confidence === undefined ? {} : { confidence }) };
  }
  if (rest.length < 6 || rest.length % 2 !== 0) return t('It has {0} numbers behind its class.', rest.length);
  const ring = Array.from({ length: rest.length / 2 }, (_, point): [number, number] => [rest[2 * point] ?? 0, rest[2 * point + 1] ?? 0]);
  const shape = { kind: 'rings' as const, rings: [ring] };
  const box = spanned(shape);
  return box === undefined ? t('The outline has no area.') : { box, shape };
}
