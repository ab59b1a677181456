import { t } from '../base/l10n.ts';
import { isFigure, isRecord } from '../base/shape.ts';
import type { Mask } from '../inspection/inspection.ts';
import { decodeBase64 } from '../masks/base64.ts';
import { HEADER_BYTES, readMaskHeader } from '../masks/boundedPng.ts';
import { placeOf, spanned } from './coco.ts';
import type { JsonPlace } from './jsonEntries.ts';
import type { LabelObject, LabelProblems } from './labels.ts';

type Point = [number, number];

/** Corners by which a circle is kept. */
const CIRCLE_CORNERS = 64;

/** LabelMe, shape by shape: those of one group and label are parts of one object. Source: github.com/wkentaro/labelme. */
export class LabelMeReader {
  readonly #problems: LabelProblems;
  readonly #objects: LabelObject[] = [];
  readonly #groups = new Map<string, LabelObject>();
  isUsed = false;

  constructor(problems: LabelProblems) {
    this.#problems = problems;
  }

  take(at: JsonPlace, value: unknown): void {
    this.isUsed = true;
    const object = isRecord(value) ? objectOf(value) : undefined;
    if (object === undefined || !isRecord(value)) {
      const kind = isRecord(value) ? String(value.shape_type ?? '') : '';
      this.#problems.add(placeOf(at), t('This kind of shape is not read: {0}.', kind.slice(0, 40)), value);
      return;
    }
    const { group_id: group } = value;
    const key = typeof group === 'number' && object.shape?.kind === 'rings' ? JSON.stringify([group, object.label]) : undefined;
    const first = key === undefined ? undefined : this.#groups.get(key);
    if (first?.shape?.kind === 'rings' && object.shape?.kind === 'rings') {
      first.shape.rings.push(...object.shape.rings);
      first.box = spanned(first.shape) ?? first.box;
      return;
    }
    if (key !== undefined) this.#groups.set(key, object);
    this.#objects.push(object);
  }

  end(): LabelObject[] {
    return this.#objects;
  }
}

function objectOf({ label: name, points: given, shape_type: kind = 'polygon', mask }: Record<string, unknown>): LabelObject | undefined {
  if (!Array.isArray(given) || !given.every((point) => Array.isArray(point) && point.length === 2 && point.every(isFigure)))
    return undefined;
  const points = given as Point[];
  const label = typeof name === 'string' ? name : '';
  const [first, second] = points;
  if (first === undefined) return undefined;
  if (kind === 'point') return { label, box: { x: first[0], y: first[1], width: 0, height: 0 } };
  if (kind === 'polygon' && points.length >= 3) return withRing(label, points);
  if (second === undefined) return undefined;
  if (kind === 'circle') return withRing(label, circle(first, Math.hypot(second[0] - first[0], second[1] - first[1])));
  const box = between(first, second);
  if (kind === 'rectangle') return box.width > 0 && box.height > 0 ? { label, box } : undefined;
  // Of a mask both corners belong to it.
  const map = kind === 'mask' ? mapOf(mask) : undefined;
  return map && { label, box: { ...box, width: box.width + 1, height: box.height + 1 }, shape: { kind: 'mask', mask: map } };
}

function withRing(label: string, ring: Point[]): LabelObject | undefined {
  const shape = { kind: 'rings', rings: [ring] } as const;
  const box = spanned({ kind: 'rings', rings: [ring] });
  return box && { label, box, shape: { ...shape, rings: [ring] } };
}

function between([x1, y1]: Point, [x2, y2]: Point) {
  return { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
}

function circle([x, y]: Point, radius: number): Point[] {
  return Array.from({ length: CIRCLE_CORNERS }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / CIRCLE_CORNERS;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

function mapOf(png: unknown): Mask | undefined {
  if (typeof png !== 'string') return undefined;
  try {
    const { width, height } = readMaskHeader(decodeBase64(png).subarray(0, HEADER_BYTES));
    return { kind: 'bitmap', width, height, png };
  } catch {
    return undefined;
  }
}
