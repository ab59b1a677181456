import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { createContext, Script } from 'node:vm';
import { PLACE_KEY_PATTERN, PLACE_KEYS_PATTERN } from '../../../src/core/reply/scanning/keys.ts';
import { type RegexLiteral, regexLiterals } from '../../tools/regexLiterals.ts';

const SRC = new URL('../../../src/', import.meta.url);
/** Of hostile text, in characters. */
const LENGTH = 20_000;
/** Of the processor. What is linear takes well under a millisecond for a text, what is quadratic a fifth of a second and more. */
const LONGEST_MS = 60;
/** What is worse than quadratic would never end: of the clock, so that a loaded machine is given time. */
const GIVEN_UP_MS = 60_000;

const RUNS = [
  ...' \n\t\r.,:;!?-_=+*#%&@/\\|<>()[]{}"\'`~^$0aAé\u200b\u0000',
  ' .',
  '. ',
  ' \n',
  '\n ',
  '\r\n',
  'a ',
  'a.',
  'a-',
  'a/',
  'a,',
  'a=',
  'a:',
  '0.',
  '0 ',
  '0,',
  '```',
  '``` ',
  '```\n',
  '<a',
  '{"',
  '["',
  '":',
  '[{',
  '\n[',
  '\n```',
];
const ENDS = ['', '~'];

const context = createContext({});
// What is looked for, and all that a global one replaces; true as soon as a text takes too long.
const script = new Script('texts.some((text) => isSlow(() => (pattern.global ? text.replace(pattern, "") : pattern.exec(text))))');

/** The text that the pattern takes too long for, as its beginning; undefined if there is none. */
function slowOn({ source, flags }: RegexLiteral, givenUpMs = GIVEN_UP_MS): string | undefined {
  // Without repetition there is nothing to take long.
  if (!/[*+]|\{\d+,\}/.test(source)) return undefined;
  let slow: string | undefined;
  let current = '';
  const isSlow = (run: () => unknown): boolean => {
    const before = process.threadCpuUsage().user;
    run();
    return process.threadCpuUsage().user - before > 1000 * LONGEST_MS;
  };
  const texts = hostileTexts(source);
  Object.assign(context, {
    pattern: new RegExp(source, flags),
    texts: {
      some: (isFound: (text: string) => boolean) => {
        for (current of texts) {
          // Once more: the machine may have been busy with something else.
          if (isFound(current) && isFound(current)) {
            slow = shown(current);
            return;
          }
        }
      },
    },
    isSlow,
  });
  try {
    script.runInContext(context, { timeout: givenUpMs });
    return slow;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return shown(current);
  }
}

function* hostileTexts(source: string): Generator<string> {
  for (const run of RUNS) {
    const filling = filled(run);
    for (const end of ENDS) yield filling + end;
    for (const before of wordsOf(source)) {
      for (const end of ENDS) yield before + filling + end;
      yield filled(before + run);
    }
  }
}

function shown(text: string): string {
  return `${JSON.stringify(text.slice(0, 20))}… ${JSON.stringify(text.slice(-3))}`;
}

function filled(run: string): string {
  return run.repeat(Math.ceil(LENGTH / run.length));
}

/** What the pattern may want to see before a run begins: its own words, one character of each of its classes, and these behind other text. */
function wordsOf(source: string): string[] {
  const classes = [...source.matchAll(/\[(\\?[^^\\\]])/g)].map(([, first = '']) => first.replace('\\', ''));
  const plain = source.replace(/\[(?:[^\]\\]|\\.)*\]|\\[sSdDwWbBpPu](?:\{[^}]*\})?|\{[\d,]+\}|\(\?(?:[:=!]|<[=!])/g, ' | ');
  const words = plain.split(/(?: \| )+|[()|?*+^$.]+/).map((word) => word.replace(/\\(.)/g, '$1'));
  const own = [...new Set([...words, ...classes].filter((word) => word !== ''))].slice(0, 5);
  return ['a', '0', ...own, ...own.slice(0, 2).map((word) => `a0${word}`)];
}

async function allLiterals(): Promise<Map<string, RegexLiteral>> {
  const literals = new Map<string, RegexLiteral>();
  for (const file of (await readdir(SRC, { recursive: true })).filter((path) => path.endsWith('.ts')).sort())
    for (const literal of await regexLiterals(await readFile(new URL(file, SRC), 'utf8')))
      literals.set(`${file}: /${literal.source}/${literal.flags}`, literal);
  return literals;
}

suite('regular expressions take linear time on any text', async () => {
  const literals = await allLiterals();
  for (const [name, literal] of literals) test(name, () => assert.equal(slowOn(literal), undefined));
  for (const [name, { source, flags }] of Object.entries({ PLACE_KEY_PATTERN, PLACE_KEYS_PATTERN }))
    test(name, () => assert.equal(slowOn({ source, flags }), undefined));

  test('all of them are found', () => {
    const names = [...literals.keys()].join('\n');
    assert.ok(literals.size > 100, `${literals.size} found`);
    for (const known of ['core/reply/leakedThought.ts: /^<(think|thinking|thought)>/i', 'core/exports/places.ts: /^[a-z]:$/i'])
      assert.ok(names.includes(known), known);
  });
});

test('literals are told from divisions, texts and templates', async () => {
  const code = `
    const a = 6 / 2 / 1, b = x[1] / y(2) / 3; // /no/
    const c = "/no/" + '/no/' + \`/no/ \${ /[/"]+\\//g.test(\`\${/in/}\`) } /no/\`;
    const d: RegExp = /^\\s*$/u; function e() { return /re/.test(a) ? /q/ : b / c / d; }
    if (a) { b } else /els/.exec(c);`;
  assert.deepEqual(
    (await regexLiterals(code)).map(({ source, flags }) => `/${source}/${flags}`),
    ['/[/"]+\\//g', '/in/', '/^\\s*$/u', '/re/', '/q/', '/els/'],
  );
});

test('what is slow is seen', () => {
  for (const [source, flags] of [
    ['\\s+$', ''],
    ['[.!]+$', 'g'],
    ['[^x]+x', ''],
    ['^(?:[ \\t]*\\w*)*$', ''],
  ] as const)
    assert.notEqual(slowOn({ source, flags }, 2000), undefined, source);
});
