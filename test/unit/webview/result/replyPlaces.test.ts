import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY } from '../../../../src/core/base/geometry.ts';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { readDetections } from '../../../../src/core/reply/detections.ts';
import { lineOf, placesInReply, replyLines, shownReply } from '../../../../src/webview/result/replyPlaces.ts';
import { inspection } from '../../../webview/support/sessions.ts';

/** A run with what the reader makes of a reply. */
function runOf(raw: string, complete = true): Inspection {
  const { detections, dropped } = readDetections(raw, { imageIndex: 0, width: 640, height: 480, toImage: IDENTITY });
  return inspection('detect', { raw, detections, dropped, complete });
}

/** The text of each place by its number. */
function textsOf(run: Inspection): Record<string, string> {
  return Object.fromEntries(placesInReply(run).map(({ index, start, end }) => [index + 1, run.raw.slice(start, end)]));
}

const CUP = '{"box_2d": [1, 2, 30, 40], "label": "cup"}';
const BAD = '{"box_2d": [1, 2, 3], "label": "lid"}';
const JAR = '{"label": "jar",\n "box_2d": [5, 5, 60, 60]}';

test('kept and dropped objects are found where they stand, in prose and fences too', () => {
  const run = runOf(`Here they are [1]:\n\`\`\`json\n[${CUP},\n${BAD},\n${JAR}]\n\`\`\``);
  assert.deepEqual(textsOf(run), { 1: CUP, 2: BAD, 3: JAR });
  assert.deepEqual(
    placesInReply(run).map((place) => lineOf(run.raw, place)),
    [3, 4, 5],
  );
  assert.equal(placesInReply(run)[1]?.reason, run.dropped[0]?.reason);
});

test('the same object again stands where it stands again', () => {
  const run = runOf(`[${BAD},${CUP},${CUP},${BAD}]`);
  const starts = placesInReply(run).map(({ start }) => start);
  assert.equal(new Set(starts).size, 4);
  assert.deepEqual(textsOf(run), { 1: BAD, 2: CUP, 3: CUP, 4: BAD });
});

test('an object that the reply ends in is found, dropped or kept', () => {
  const cut = '{"box_2d": [203, 552, 27,';
  assert.deepEqual(textsOf(runOf(`[${CUP},${cut}`, false)), { 1: CUP, 2: cut });
  const inMask = '{"box_2d": [1, 2, 30, 40], "label": "jar", "mask": "iVBORw0KGg';
  assert.deepEqual(textsOf(runOf(`[${CUP},${inMask}`, false)), { 1: CUP, 2: inMask });
});

test('where it is not clear which object is which, none is marked', () => {
  const run = runOf(`[{"box_2d": [1, 2, 900, 940], "label": "table", "parts": [${CUP}]}, ${JAR}]`);
  assert.equal(run.detections?.length, 3);
  assert.deepEqual(placesInReply(run), []);
});

test('a reply of one line has no line numbers', () => {
  const run = runOf(`[${CUP},${BAD}]`);
  assert.equal(lineOf(run.raw, placesInReply(run)[1] as ReturnType<typeof placesInReply>[0]), undefined);
});

test('lines know what stands on them, also what runs over several', () => {
  const run = runOf(`[${CUP}, ${BAD},\n${JAR}\n]`);
  const lines = replyLines(run.raw, placesInReply(run));
  assert.equal(lines.map(({ text }) => text).join(''), run.raw);
  assert.deepEqual(
    lines.map(({ places }) => places.map(({ index }) => index + 1)),
    [[1, 2], [3], [3], []],
  );
});

test('a long reply is shown in part, and what stands in that part is still found', () => {
  assert.equal(shownReply('a\n'.repeat(9000)).split('\n').length, 5000);
  assert.equal(shownReply('a'.repeat(300_000)).length, 200_000);
  const run = runOf(`[${CUP},\n${'\n'.repeat(6000)}${CUP}]`);
  assert.deepEqual(textsOf(run), { 1: CUP });
});
