import assert from 'node:assert/strict';
import type { ReadDetections } from '../../src/core/reply/detections.ts';
import { createDetectionReader, readDetections } from '../../src/core/reply/detections.ts';
import { discMask, fenced, item, list, SQUARE } from '../fixtures/replies/make.ts';
import { pseudoRandom } from '../tools/pseudoRandom.ts';
import { mutateReply, respelled } from './mutateReply.ts';

export interface FuzzOptions {
  seed: number;
  count: number;
  /** Replies to mutate besides those made here. */
  recorded?: readonly string[];
}

export interface FuzzResult {
  replies: number;
  /** Replies with at least one object; with none but reasons why; and with an empty list, the model's word that there is nothing. */
  withObjects: number;
  onlyReasons: number;
  empty: number;
  detections: number;
  dropped: number;
  /** Objects that a strict reader found in the mutated replies. */
  strict: number;
}

const CAT = item('cat');
const DOG = item('dog', [500, 500, 900, 900], { confidence: 0.5 });
const CUP = item("the baker's cup", [0, 0, 1000, 1000], { mask: [100, 100, 900, 100, 500, 900] });
const DISC = item('disc', [1, 2, 300, 400], { mask: `data:image/png;base64,${discMask(4)}` });
const REPLIES = [
  `{"cats": [${CAT}, ${CUP}], "dogs": [${DOG}]}`,
  `{"objects": {"cat": ${CAT}, "dog": ${DOG}}}`,
  '{"cat": [[10, 20, 300, 400], [5, 6, 70, 80]], "dog": [[500, 500, 900, 900]]}',
  '{"labels": ["cat", "dog"], "boxes": [[10, 20, 300, 400], [500, 500, 900, 900]]}',
  '[{"object": "tip", "points": [[5, 6], {"x": 900, "y": 6}]}, {"text_content": "STOP", "point": "5, 6"}]',
  '[{"box_2d": [0.1, 0.2, 0.5, 0.6], "label": "half", "polygon": [{"x": 0.2, "y": 0.1}, {"x": 0.6, "y": 0.1}, {"x": 0.4, "y": 0.5}]}]',
  list(CAT, DOG, CUP),
  fenced(list(DISC, CAT, DISC)),
  `Here's what I see [1]:\n${fenced(list(CAT, DOG))}\n1. **One**: it's {fine}.\n`,
  `{"objects": {"items": ${list(CAT, CUP)}}, "count": 2}`,
  `${CAT}\n${DOG}\n${DISC}\n`,
  '[{"point": [5, 6], "label": "tip"}, {"point": [900, 6], "label": "end"}]',
  '{"cat": [10, 20, 300, 400], "dog": [500, 500, 900, 900]}',
  `[{"box_2d": [0, 0, 900, 900], "label": "shelf", "parts": [${CAT}, ${DOG}]}]`,
  list(CAT, DOG).replaceAll('"', "'"),
  JSON.stringify(list(CAT, DOG)),
  '[]',
  '{"boxes": []}',
  'Segmentation is not supported.',
];

/** Reads mutated replies and checks what must hold for any text. Throws an AssertionError that holds the reply where it does not. */
export function fuzzReplies({ seed, count, recorded = [] }: FuzzOptions): FuzzResult {
  const random = pseudoRandom(seed);
  const replies = [...REPLIES, ...recorded];
  const pick = (): string => replies[Math.floor(random() * replies.length)] ?? '';
  const result: FuzzResult = { replies: 0, withObjects: 0, onlyReasons: 0, empty: 0, detections: 0, dropped: 0, strict: 0 };
  for (let i = 0; i < count; i++) {
    const text = mutateReply(respelled(pick(), random), respelled(pick(), random), random);
    const found = readOrExplain(text);
    checkNotSilent(text, found);
    checkPlaces(text, found);
    result.strict += checkStrict(text, found);
    checkPieces(text, found, 1 + Math.floor(random() * 40));
    result.replies++;
    result[found.detections.length > 0 ? 'withObjects' : found.empty ? 'empty' : 'onlyReasons']++;
    result.detections += found.detections.length;
    result.dropped += found.dropped.length;
  }
  return result;
}

function readOrExplain(text: string): ReadDetections {
  try {
    return readDetections(text, SQUARE);
  } catch (error) {
    assert.fail(`${String(error)} while reading ${JSON.stringify(text)}`);
  }
}

function checkNotSilent(text: string, found: ReadDetections): void {
  if (found.empty) {
    assert.ok(isStrictlyEmpty(text), `called empty: ${JSON.stringify(text)}`);
    assert.equal(found.detections.length + found.dropped.length, 0);
  } else {
    assert.ok(found.detections.length + found.dropped.length > 0, `silent: ${JSON.stringify(text)}`);
  }
}

function isStrictlyEmpty(text: string): boolean {
  const json = text
    .replace(/^[\s\u200b\ufeff]+/, '')
    .replace(/^```\w*/, '')
    .trim()
    .replace(/```$/, '');
  const words: unknown[] = [];
  let lists = 0;
  const parsed: unknown = JSON.parse(json);
  JSON.parse(typeof parsed === 'string' ? parsed : json, (_key, value: unknown) => {
    if (Array.isArray(value)) {
      lists++;
      words.push(...value.filter((element) => !Array.isArray(element)));
    } else if (typeof value === 'string') {
      words.push(value);
    }
    return value;
  });
  return lists > 0 && words.length === 0;
}

function checkPlaces(text: string, { detections, dropped }: ReadDetections): void {
  const places = [...detections.map((detection) => Number(detection.id) - 1), ...dropped.map((part) => part.index)].sort((a, b) => a - b);
  assert.deepEqual(
    places,
    places.map((_, index) => index),
    `places of ${JSON.stringify(text)}`,
  );
  for (const { box, pixelBox, point } of detections) {
    for (const { x, y, width, height } of [
      box,
      { x: pixelBox.x / 1000, y: pixelBox.y / 1000, width: pixelBox.width / 1000, height: pixelBox.height / 1000 },
    ]) {
      const isInside = x >= 0 && y >= 0 && x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9;
      assert.ok(isInside && (point !== undefined || (width > 0 && height > 0)), `outside the image: ${JSON.stringify(text)}`);
    }
  }
  assert.ok(dropped.every((part) => part.raw.length <= 2001 && part.reason !== ''));
}

/** Whatever else is wrong with a reply: an object without braces inside that is valid JSON and has a good box and a label is never lost. */
function checkStrict(text: string, { detections }: ReadDetections): number {
  if (text.split('"parts"').length > 2) {
    // Of two equal keys of an object JSON keeps the last, so items in the first are rightly gone.
    return 0;
  }
  const answer = text.replace(/^[\s\u200b\ufeff]*<think>[\s\S]*?<\/think>/i, '');
  const expected = new Map<string, number>();
  for (const [source] of answer.matchAll(/\{[^{}]*\}/g)) {
    const key = strictKey(source);
    if (key !== undefined) {
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
  }
  const found = new Map<string, number>();
  for (const { label, pixelBox } of detections) {
    const key = JSON.stringify([label, pixelBox.x, pixelBox.y, pixelBox.width, pixelBox.height]);
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  let sum = 0;
  for (const [key, times] of expected) {
    assert.ok((found.get(key) ?? 0) >= times, `lost ${key} of ${JSON.stringify(text)}`);
    sum += times;
  }
  return sum;
}

function strictKey(source: string): string | undefined {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(source) as typeof value;
  } catch {
    return undefined;
  }
  const box = strictBox(value);
  if (box === undefined || typeof value.label !== 'string' || value.label.trim() === '') {
    return undefined;
  }
  const [y1, x1, y2, x2] = box;
  if (!isPlain(y1) || !isPlain(x1) || !isPlain(y2) || !isPlain(x2) || y1 >= y2 || x1 >= x2) {
    return undefined;
  }
  // In a reply of fractions this is the whole image.
  if (y2 <= 1 && x2 <= 1) return undefined;
  const [left, top, right, bottom] = [x1, y1, x2, y2].map((edge) => Math.trunc((edge / 1000) * 1000)) as [number, number, number, number];
  return JSON.stringify([value.label, left, top, right - left, bottom - top]);
}

/** The box of an object that says only one, in a way that needs no thought. */
function strictBox(value: Record<string, unknown>): readonly unknown[] | undefined {
  const [key, ...others] = Object.keys(value).filter((name) => name !== 'label' && name !== 'confidence' && name !== 'mask');
  if (others.length === 0 && (key === 'box_2d' || key === 'bbox' || key === 'bbox_2d')) {
    const box = value[key];
    const list: unknown = typeof box === 'string' && /^\d+, \d+, \d+, \d+$/.test(box) ? box.split(', ').map(Number) : box;
    return Array.isArray(list) && list.length === 4 ? list : undefined;
  }
  const named = [value.ymin, value.xmin, value.ymax, value.xmax];
  return others.length === 3 && named.every((edge) => edge !== undefined) ? named : undefined;
}

function isPlain(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1000;
}

function checkPieces(text: string, whole: ReadDetections, size: number): void {
  const reader = createDetectionReader(SQUARE);
  for (let at = 0; at < text.length; at += size) {
    reader.add(text.slice(at, at + size));
  }
  assert.deepEqual(reader.finish(), whole, `in pieces of ${size}: ${JSON.stringify(text)}`);
}
