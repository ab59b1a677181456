import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { PROJECT } from './project.ts';

/** A call of `t`. */
export interface TranslateCall {
  /** The English text; undefined if the first argument is no string literal. */
  key: string | undefined;
  /** The beginning of the call, to find it by. */
  code: string;
}

/** All files under `src` by their path there, each as from {@link plainSource}. */
export function plainSources(): Map<string, string> {
  const files = readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Map(files.sort().map((file) => [file, plainSource(readFileSync(join(PROJECT, 'src', file), 'utf8'))]));
}

/** A source as JavaScript without types, comments and optional spaces, so that little patterns are enough to read it. */
export function plainSource(typescript: string): string {
  return transformSync(typescript, { loader: 'ts', charset: 'utf8', minifyWhitespace: true, legalComments: 'none' }).code;
}

const LITERAL = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\$]|\\.|\$(?!\{))*`/.source;
const QUOTED = new RegExp(`^(?:${LITERAL})$`, 's');
const CALL = new RegExp(String.raw`(?<![\w$.]|function )t\((?:(${LITERAL})[,)])?`, 'gs');

/** The calls of `t` in a plain source. */
export function translateCalls(source: string): TranslateCall[] {
  return Array.from(source.matchAll(CALL), ({ 1: literal, index }) => ({
    key: literal === undefined ? undefined : unquoted(literal),
    code: source.slice(index, index + 60),
  }));
}

const IN_CODE = [
  new RegExp(String.raw`\.show\w+Message\((${LITERAL})`, 'g'),
  new RegExp(String.raw`\bnew InspectorError\((?:\w+|"\w+"),(${LITERAL})`, 'g'),
  new RegExp(String.raw`\b(?:title|placeholder|placeHolder|prompt|tooltip|text|label|description|detail|message)[:=](${LITERAL})`, 'g'),
];
const IN_TEMPLATES = [
  // behind a tag, and behind a value if the text ends with a tag: else it may be within an attribute
  /(?<![=\s-])>\s*([^<>{}$`="';:()]+)(?=<[a-z/]|\$\{)/g,
  /\}\s*([^<>{}$`="';:()]+)(?=<[a-z/])/g,
  /\s(?:title|aria-label|aria-description|aria-roledescription|placeholder|alt)=("[^"$]*")/g,
];
/** In code, words for people begin with a capital letter or hold a space; ids and the names of icons do neither. */
const WORDS = /^(?=.*[A-Za-z]{2})(?:[A-Z].*[a-z]|.* )/s;

/** Texts in a plain source that look as if people saw them, though they do not pass `t`. */
export function untranslatedTexts(source: string): string[] {
  const found = (patterns: readonly RegExp[]) =>
    patterns.flatMap((pattern) => Array.from(source.matchAll(pattern), ({ 1: text = '' }) => text.trim().replace(QUOTED, unquoted)));
  const inTemplates = source.includes('html`') ? found(IN_TEMPLATES).filter((text) => /[A-Za-z]{2}/.test(text)) : [];
  return [...new Set([...found(IN_CODE).filter((text) => WORDS.test(text)), ...inTemplates])];
}

function unquoted(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));
}
