import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { safeName } from '../../../src/core/base/fileNames.ts';
import { splitAnswer } from '../../../src/core/reply/answerWithBoxes.ts';
import { readLabels } from '../../../src/core/reply/labels.ts';
import { readText } from '../../../src/core/reply/text.ts';
import { readTranscript } from '../../../src/core/reply/transcript.ts';
import { fileNameFor } from '../../../src/engine/fetching/fileName.ts';
import { orderEvents } from '../../../src/gemini/http/events.ts';
import { replyLines, shownReply } from '../../../src/webview/result/replyPlaces.ts';

/** In characters. */
const LENGTH = 100_000;
/** Of the processor. A pass takes milliseconds; what is quadratic takes minutes. */
const LONGEST_MS = 2000;

const READERS: Record<string, (text: string) => unknown> = {
  'the words of a reply': readText,
  'a transcript': readTranscript,
  'an answer with boxes': (text) => splitAnswer(text, true),
  'an answer with boxes while it comes': (text) => splitAnswer(text, false),
  'a list of labels': (text) => readLabels(text, []),
  'the name of a file': (text) => safeName(text),
  'the name of a fetched file': (text) => fileNameFor(new URL(`https://a.example/${encodeURIComponent(text)}`), 'image/png'),
  'the lines of a reply': (text) => replyLines(shownReply(text), []),
};

/** What users meet (dotted lines of tables of contents, forms, blanks, loops), and what only an attacker writes. */
const RUNS = [
  '.',
  ' ',
  '\t',
  '\n',
  ' \n',
  '\r\n',
  '. ',
  ' .',
  'a.',
  'a. ',
  '-',
  '_',
  '| ',
  '"',
  "'",
  '`',
  '```',
  '```\n',
  '```\n\n ',
  '```a ',
  ' [',
  '\n[',
  '\n[\n',
  '\n{ ',
  '\n[ \n',
  '\n```\n[',
  '[]\n',
  '{"',
  '",',
  ':',
  ': 1 ',
  '(',
  '(1',
  '(1)',
  ' - 1',
  '1',
  '1.',
  '1) ',
  '* ',
  '%',
  ',',
  ', ',
  'a,',
  'a b, ',
  '[" ',
  '["a", ',
  '\u200b',
  '<think>',
  'thought\n',
  '\\',
];

suite('untrusted text is read in one pass', () => {
  for (const [name, reader] of Object.entries(READERS))
    test(name, () => {
      for (const run of RUNS)
        for (const [before, end] of [
          ['', ''],
          ['a', '~'],
          ['[{"label": "a', '"}'],
          ['a:\n```\n', '\n```~'],
          ['', '\n[{"box_2d": [1, 2, 3, 4]}]'],
        ] as const) {
          const text = before + run.repeat(LENGTH / run.length) + end;
          const start = process.threadCpuUsage().user;
          reader(text);
          const milliseconds = (process.threadCpuUsage().user - start) / 1000;
          assert.ok(
            milliseconds < LONGEST_MS,
            `${JSON.stringify(before)} ${JSON.stringify(run)}… ${JSON.stringify(end)}: ${milliseconds} ms`,
          );
        }
    });
});

test('the rest of a stream is read in one pass', async () => {
  for (const run of [' ', ':', '\n:', '{ ', '[ ']) {
    const events = orderEvents();
    const start = process.threadCpuUsage().user;
    const read = new Response(events.readable).text();
    const writer = events.writable.getWriter();
    await writer.write(new TextEncoder().encode(`{${run.repeat(LENGTH / run.length)}`));
    await writer.close();
    await read;
    assert.ok(process.threadCpuUsage().user - start < 1000 * LONGEST_MS, JSON.stringify(run));
  }
});
