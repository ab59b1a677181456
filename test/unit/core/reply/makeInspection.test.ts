import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY } from '../../../../src/core/base/geometry.ts';
import type { Task } from '../../../../src/core/inspection/inspection.ts';
import { makeInspection } from '../../../../src/core/reply/makeInspection.ts';
import type { GeminiReply } from '../../../../src/core/usage/geminiReply.ts';

const facts = (task: Task) => ({
  id: 'a',
  task,
  createdAt: '2026-11-21T12:00:00.000Z',
  prompt: 'cats',
  model: 'gemini-3.8-flash',
  images: [],
  contexts: [{ imageIndex: 0, width: 1000, height: 500, toImage: IDENTITY }] as const,
  estimatedImageTokens: 1089,
});
const reply = (changes: Partial<GeminiReply>): GeminiReply => ({
  text: '',
  finishReason: 'STOP',
  blockedCategories: [],
  cut: false,
  ...changes,
});
const CAT = '[{"box_2d": [0, 0, 500, 500], "label": "cat"}]';

test('an inspection is complete only if the model stopped by itself and its JSON ended', () => {
  const complete = (changes: Partial<GeminiReply>) => makeInspection(facts('detect'), reply({ text: CAT, ...changes })).complete;
  assert.equal(complete({}), true);
  assert.equal(complete({ finishReason: 'MAX_TOKENS' }), false);
  assert.equal(complete({ text: CAT.slice(0, -1) }), false);
  assert.equal(complete({ cut: true }), false);
  const { finishReason: _, ...unfinished } = reply({ text: CAT });
  assert.equal(makeInspection(facts('detect'), unfinished).complete, false);
});

test('what the API says of an end is kept with it', () => {
  const { finishReason, finishMessage } = makeInspection(facts('detect'), reply({ text: CAT, finishReason: 'OTHER', endMessage: 'Hm.' }));
  assert.deepEqual([finishReason, finishMessage], ['OTHER', 'Hm.']);
});

test('what was billed stands beside what was estimated, with its price', () => {
  const { tokens } = makeInspection(
    facts('caption'),
    reply({ text: 'A cat.', usage: { prompt: 1_000_000, image: 1088, output: 100_000, thoughts: 100_000, total: 1_200_000 } }),
  );
  assert.deepEqual(tokens, {
    estimated: 1089,
    prompt: 1_000_000,
    image: 1088,
    output: 100_000,
    thoughts: 100_000,
    total: 1_200_000,
    costUsd: 0.75 + 0.2 * 3.75,
  });
});

test('without a bill there is only the estimate', () => {
  assert.deepEqual(makeInspection(facts('caption'), reply({ text: 'A cat.' })).tokens, { estimated: 1089 });
});

test('words that hold nothing are no silent success', () => {
  const caption = makeInspection(facts('caption'), reply({ text: '  \n ' }));
  assert.deepEqual([caption.text, caption.dropped.length, caption.dropped[0]?.reason], ['', 1, 'The reply has no text.']);
  const boxes = makeInspection(facts('detect'), reply({ text: 'I see a cat.' }));
  assert.deepEqual([boxes.detections, boxes.dropped.length], [[], 1]);
});

test('the text of an answer is plain, the reply keeps its Markdown; thoughts that leaked in before it are no part of the text', () => {
  const text = '# Title\n\n**Bold** [1](https://example.com) <b>x</b>';
  for (const raw of [text, `thought\n${text}`, `<think>hm</think>\n${text}\n`]) {
    const inspection = makeInspection(facts('ask'), reply({ text: raw }));
    assert.deepEqual([inspection.text, inspection.raw], ['Title\n\nBold 1 (https://example.com) <b>x</b>', raw]);
  }
});

test('a question that follows says which run it follows', () => {
  assert.equal(makeInspection({ ...facts('ask'), follows: 'b' }, reply({ text: 'Yes.' })).follows, 'b');
  assert.ok(!('follows' in makeInspection(facts('ask'), reply({ text: 'Yes.' }))));
});

test('labels that end unfinished are not complete', () => {
  const { labels, complete } = makeInspection(facts('classify'), reply({ text: '[{"label": "cat"}, {"label": "d' }));
  assert.deepEqual([labels?.[0], complete], [{ label: 'cat' }, false]);
});

test('a comparison without boxes is whole; one whose list breaks off is not', () => {
  const words = makeInspection(facts('compare'), reply({ text: 'They are the same.' }));
  assert.deepEqual([words.text, words.detections, words.dropped, words.complete], ['They are the same.', [], [], true]);
  const cut = makeInspection(facts('compare'), reply({ text: `They differ.\n\n${CAT.slice(0, -1)}, {"box_2d": [1, 2` }));
  assert.deepEqual([cut.text, cut.detections?.length, cut.dropped.length, cut.complete], ['They differ.', 1, 1, false]);
});

test('an empty list is an answer', () => {
  const { detections, dropped, complete } = makeInspection(facts('detect'), reply({ text: '[]' }));
  assert.deepEqual([detections, dropped, complete], [[], [], true]);
});

test('an answer that broke off says by what, is no bill, and after a cancel its last piece is no fault', () => {
  const text = `${CAT.slice(0, -1)}, {"box_2d": [0, 0, 5`;
  const usage = { prompt: 1100, image: 1088, output: 3, total: 1103 };
  const { finishReason: _, ...open } = reply({ text, usage, cut: true });
  const broken = makeInspection(facts('detect'), open);
  assert.equal(broken.brokenOff, 'connection');
  assert.equal(broken.dropped.length, 1);
  const { costUsd, ...tokens } = broken.tokens;
  assert.deepEqual(tokens, { estimated: 1089, prompt: 1100, image: 1088 });
  const cancelled = makeInspection(facts('detect'), { ...open, cutBy: 'cancelled' });
  assert.deepEqual([cancelled.brokenOff, cancelled.dropped, cancelled.detections?.length], ['cancelled', [], 1]);
  assert.equal(makeInspection(facts('detect'), reply({ text: CAT })).brokenOff, undefined);
});
