import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readCommandLine, UsageError } from '../../../src/cli/cliArguments.ts';

const read = (line: string) => readCommandLine(line.split(' ').filter((word) => word !== ''));

suite('the command line', () => {
  test('a task with its files and flags', () => {
    const flags =
      '--labels cat,,dog --model gemini-9 --speed flex --format coco --out there --yes --max-usd 2 --exclude *.key --exclude b --state s';
    assert.deepEqual(read(`classify a.png b ${flags} --base-url https://x.example`), {
      kind: 'task',
      task: 'classify',
      files: ['a.png', 'b'],
      query: '',
      labels: ['cat', 'dog'],
      model: 'gemini-9',
      speed: 'flex',
      format: 'coco',
      out: 'there',
      yes: true,
      maxUsd: 2,
      exclude: ['*.key', 'b'],
      state: 's',
      baseUrl: 'https://x.example',
    });
  });

  test('what is not said has its default', () => {
    const { maxUsd, speed, format, yes, exclude } = read('read-text a.png') as Record<string, unknown>;
    assert.deepEqual([maxUsd, speed, format, yes, exclude], [0.25, 'standard', 'json', false, []]);
    assert.deepEqual(read(''), { kind: 'help' });
    assert.deepEqual(read('--version'), { kind: 'version' });
    assert.deepEqual(read('mcp --root a --root b'), { kind: 'mcp', roots: ['a', 'b'], maxUsd: 0.25, exclude: [] });
  });

  for (const [line, message] of [
    ['paint a.png', /no command "paint"/],
    ['constructor a.png', /no command/],
    ['detect', /at least one file/],
    ['ask a.png', /needs a question/],
    ['detect a.png --labels a', /"classify"/],
    ['detect a.png --speed fast', /--speed must be one of/],
    ['detect a.png --max-usd much', /number of dollars/],
    ['detect a.png --max-usd -1', /max-usd/],
    ['detect a.png --colour', /colour/],
    ['detect a.png --root b', /"mcp"/],
    ['mcp', /--root DIR/],
    ['mcp a --root b', /takes no files/],
    ['mcp --root b --yes', /--yes belongs to tasks/],
  ] as const) {
    test(`"${line}" is refused, and says why`, () => {
      assert.throws(
        () => read(line),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
