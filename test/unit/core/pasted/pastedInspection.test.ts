import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { readInspection } from '../../../../src/core/inspection/storedInspection.ts';
import { assertHasPlaces, LONGEST_PASTED, pastedInspection } from '../../../../src/core/pasted/pastedInspection.ts';

const IMAGE = { uri: 'file:///a.png', sha256: '00', mimeType: 'image/png', width: 200, height: 100 };
const FACTS = { id: 'one', createdAt: '2026-11-28T00:00:00.000Z', image: IMAGE };

/** Two objects as a model writes them. */
const LIST =
  '[\n  {"box_2d": [100, 200, 500, 600], "label": "a \\"big\\" cat"},\n  {"box_2d": [0, 0, 250, 250], "label": "dog\'s bowl"}\n]';
const FENCED = `\`\`\`json\n${LIST}\n\`\`\``;

const labelsOf = (text: string) => pastedInspection(text, FACTS).detections?.map(({ label }) => label);
const BOTH = ['a "big" cat', "dog's bowl"];

/** A string as Python prints it. */
function pythonRepr(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll("'", "\\'")}'`;
}

const response = (text: string, more = {}) => ({
  candidates: [{ content: { parts: [{ text }], role: 'model' }, ...more }, { content: { parts: [{ text: LIST }] } }],
  usageMetadata: { promptTokenCount: 9 },
  modelVersion: 'gemini-9',
});

/** What `console.log` makes of a string: a piece a line. */
const inspected = FENCED.split(/(?<=\n)/)
  .map((line) => `'${line.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll("'", "\\'")}'`)
  .join(' +\n          ');

const FORMS: Record<string, string> = {
  'bare JSON': LIST,
  'JSON in a fence': FENCED,
  'JSON within words': `Here are the objects:\n\n${FENCED}\n\nLet me know if you need more.`,
  'a line of a log before it': `2026-11-28 05:00:00 [INFO] reply [1/2]: ${LIST}`,
  'JSON written as JSON once more': JSON.stringify(LIST),
  'a part of a string in JSON, without its quotes': JSON.stringify(LIST).slice(1, -1),
  'a response of the API': JSON.stringify(response(FENCED), undefined, 2),
  'a response with words of a log before it': `[INFO] answer: ${JSON.stringify(response(FENCED), undefined, 2)} (took 3 s)`,
  'a response of a batch': JSON.stringify({ key: 'a.png', response: response(LIST) }),
  'a response with a thought': JSON.stringify({
    candidates: [{ content: { parts: [{ text: '[{"box_2d": [1, 2, 3, 4], "label": "maybe"}]', thought: true }, { text: LIST }] } }],
  }),
  'a request with its response': JSON.stringify({
    request: { contents: [{ parts: [{ text: 'Say {"box_2d": [0, 0, 9, 9], "label": "such"}' }] }] },
    response: response(LIST),
  }),
  'a response of a compatible API': JSON.stringify({
    choices: [{ message: { role: 'assistant', content: FENCED }, finish_reason: 'stop' }],
  }),
  'the pieces of a stream as a list': JSON.stringify([response(FENCED.slice(0, 30)), response(FENCED.slice(30))]),
  'the pieces of a stream as events': [FENCED.slice(0, 30), FENCED.slice(30)]
    .map((piece) => `data: ${JSON.stringify(response(piece))}`)
    .join('\r\n\r\n'),
  'a string in an object of a log': JSON.stringify({ level: 'info', msg: `reply: ${LIST}` }),
  'what Python prints of a string': pythonRepr(FENCED),
  'what Python prints of a response': `candidates=[Candidate(content=Content(parts=[Part(text=${pythonRepr(FENCED)})], role='model'), finish_reason=<FinishReason.STOP: 'STOP'>)]`,
  'what Python prints of a dictionary': `{'candidates': [{'content': {'parts': [{'text': ${pythonRepr(FENCED)}}], 'role': 'model'}}]}`,
  'what pprint of Python prints of a long string': `text=('${FENCED.slice(0, 40).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}'\n      ${pythonRepr(FENCED.slice(40))})`,
  'what Rich prints of a response': `Part(\n  text="""${FENCED}"""\n)`,
  'what Node prints of a response': `{\n  candidates: [ { content: { parts: [ {\n          text: ${inspected}\n  } ] } } ]\n}`,
};

suite('a pasted reply', () => {
  for (const [form, text] of Object.entries(FORMS))
    test(form, () => {
      assert.deepEqual(labelsOf(text), BOTH);
      assert.deepEqual(pastedInspection(text, FACTS).dropped, []);
    });

  test('its places are those of the whole image; nothing is said of a model or of tokens, and nothing was sent', () => {
    const { detections, ...inspection } = pastedInspection(JSON.stringify(response(LIST, { finishReason: 'STOP' })), FACTS);
    assert.deepEqual(detections?.[0]?.pixelBox, { x: 40, y: 10, width: 80, height: 40 });
    assert.deepEqual(inspection, {
      version: 1,
      id: 'one',
      task: 'detect',
      createdAt: FACTS.createdAt,
      prompt: '',
      model: '',
      source: 'pasted',
      images: [IMAGE],
      dropped: [],
      tokens: { estimated: 0 },
      finishReason: 'STOP',
      complete: true,
      raw: LIST,
    });
  });

  test('it is read as stored', () => {
    const inspection = pastedInspection(LIST, FACTS);
    assert.deepEqual(readInspection(JSON.stringify(inspection)), inspection);
  });

  test('with an outline it is a segmentation, with points a detection', () => {
    const outline = '[{"box_2d": [0, 0, 500, 500], "label": "a", "polygon": [[0, 0], [0, 500], [500, 500]]}]';
    assert.equal(pastedInspection(outline, FACTS).task, 'segment');
    const points = pastedInspection('[{"point": [500, 250], "label": "tip"}]', FACTS);
    assert.deepEqual([points.task, points.detections?.[0]?.point], ['detect', { x: 0.25, y: 0.5 }]);
  });

  test('that was cut at the limit is not complete', () => {
    const text = JSON.stringify(response(LIST.slice(0, 70), { finishReason: 'MAX_TOKENS' }));
    const { complete, finishReason, detections } = pastedInspection(text, FACTS);
    assert.deepEqual([complete, finishReason, detections?.length], [false, 'MAX_TOKENS', 1]);
    assert.equal(pastedInspection(LIST.slice(0, 70), FACTS).complete, false);
  });
});

suite('a text with nothing to draw is refused, with the reason', () => {
  const refused = (text: string): string => {
    try {
      pastedInspection(text, FACTS);
    } catch (error) {
      assert.ok(error instanceof InspectorError);
      assert.equal(error.reason, 'unreadableFile');
      assert.equal(error.message, 'There is nothing to draw in this text.');
      assert.throws(() => assertHasPlaces(text), { message: error.message });
      return error.detail;
    }
    throw new Error('it was taken');
  };

  test('none, words, an empty list, boxes outside of everything, too long a text', () => {
    assert.match(refused(' \n'), /^The text is empty\./);
    assert.match(refused('A cat sits on a mat.'), /^It has words, and no list of objects\. A reply to draw has "box_2d"/);
    assert.match(refused('[]'), /^It is an empty list/);
    assert.match(refused(JSON.stringify(response('[]'))), /^It is an empty list/);
    assert.match(refused(JSON.stringify({ candidates: [], promptFeedback: { blockReason: 'SAFETY' } })), /^The reply is empty\./);
    assert.match(refused('[{"label": "cat", "confidence": 0.9}]'), /A reply to draw has "box_2d"/);
    assert.match(refused('[{"box_2d": [5, 5, 5, 5], "label": "a"}]'), /^The box has no area\./);
    assert.match(refused('x'.repeat(LONGEST_PASTED + 1)), /^It is longer than 16 MB\./);
  });
});
