import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY } from '../../../../src/core/base/geometry.ts';
import type { Task } from '../../../../src/core/inspection/inspection.ts';
import { makeInspection } from '../../../../src/core/reply/makeInspection.ts';

const WORDS = 'A red car stands before [a] house.\n\nIt is old.';
const LIST = '[{"box_2d": [0, 0, 500, 500], "label": "red car"}, {"box_2d": [500, 0, 900, 500], "label": "house"}]';

function inspect(task: Task, text: string, finishReason = 'STOP') {
  return makeInspection(
    {
      id: 'a',
      task,
      createdAt: '2026-11-28T12:00:00.000Z',
      prompt: '',
      model: 'gemini-3.8-flash',
      images: [],
      contexts: [{ imageIndex: 0, width: 1000, height: 500, toImage: IDENTITY }],
      estimatedImageTokens: 1089,
    },
    { text, finishReason, blockedCategories: [], cut: false },
  );
}

for (const task of ['caption', 'ask'] as const) {
  for (const [name, reply] of [
    ['bare', `${WORDS}\n\n${LIST}`],
    ['fenced', `${WORDS}\n\`\`\`json\n${LIST}\n\`\`\``],
    ['before the words', `\`\`\`json\n${LIST}\n\`\`\`\n${WORDS}`],
  ] as const) {
    test(`${task}: the places of what an answer names are detections, its words are the text: ${name}`, () => {
      const { text, detections, dropped, complete } = inspect(task, reply);
      assert.equal(text, WORDS);
      assert.deepEqual(
        detections?.map(({ label, pixelBox: { x, y, width, height } }) => [label, x, y, width, height]),
        [
          ['red car', 0, 0, 500, 250],
          ['house', 0, 250, 500, 200],
        ],
      );
      assert.deepEqual([dropped, complete], [[], true]);
    });
  }

  test(`${task}: an answer without places stands as it is`, () => {
    const { text, detections, dropped, complete } = inspect(task, WORDS);
    assert.deepEqual([text, detections, dropped, complete], [WORDS, undefined, [], true]);
  });

  test(`${task}: an empty list is no part of the answer`, () => {
    const { text, detections, dropped } = inspect(task, `${WORDS}\n[]`);
    assert.deepEqual([text, detections, dropped], [WORDS, [], []]);
  });

  test(`${task}: places that cannot be read take nothing from the answer`, () => {
    const { text, detections, dropped } = inspect(
      task,
      `${WORDS}\n[{"box_2d": [1, 2], "label": "car"}, {"box_2d": "?", "label": "house"}]`,
    );
    assert.deepEqual([text, detections, dropped], [WORDS, [], []]);
  });

  test(`${task}: of a list that was cut, what is whole is kept`, () => {
    const { text, detections, complete } = inspect(task, `${WORDS}\n${LIST.slice(0, -40)}`, 'MAX_TOKENS');
    assert.deepEqual([text, detections?.map(({ label }) => label), complete], [WORDS, ['red car'], false]);
  });

  test(`${task}: where there is nothing but a list, that is the answer`, () => {
    const { text, dropped } = inspect(task, LIST);
    assert.deepEqual([text, dropped], [LIST, []]);
  });
}
