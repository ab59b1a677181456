import { isRecord } from '../base/shape.ts';
import { unfenced } from '../reply/wholeReply.ts';
import { literalsUnderText, unescaped, wholeLiteral } from './literals.ts';
import { holdsPlaces } from './replyKeys.ts';

/** Words of a model in a text, and why they ended if the text says so. */
export interface Answer {
  text: string;
  /** The API's own word, in capitals. */
  finishReason?: string;
}

/** Deeper parts of JSON are not looked at. The API's own responses need eight. */
const DEEPEST = 30;
const MOST_VALUES = 1_000_000;
/** What was asked, not what was answered. */
const REQUEST_KEYS: ReadonlySet<string> = new Set([
  'request',
  'contents',
  'input',
  'messages',
  'prompt',
  'config',
  'systeminstruction',
  'generationconfig',
]);
/** Lists of which only the first is read: the others are other answers to the same question. */
const CHOICES: ReadonlySet<string> = new Set(['candidates', 'choices']);

/**
 * What in a text may be the answer of a model: the words inside a response of an API, whole or in pieces; strings with places anywhere in JSON; else what
 * Python or JavaScript has printed of such, the text itself, and the text without escapes. Never empty.
 */
export function answersIn(text: string): Answer[] {
  const values = valuesIn(text);
  const found = responseIn(values) ?? stringsWithPlaces(values);
  if (found !== undefined) return [found];
  const printed = [literalsUnderText(text), wholeLiteral(text) ?? ''].filter(holdsPlaces);
  return [...new Set([...printed, text, ...(text.includes('\\') ? [unescaped(text)] : [])])].map((one) => ({ text: one }));
}

/** The JSON in a text: the whole, what stands between words, or a value a line, as events and logs have it. */
function valuesIn(text: string): unknown[] {
  const whole = [unfenced(text), between(text, '{', '}'), between(text, '[', ']')].map(parse).find((value) => value !== undefined);
  if (whole !== undefined) return [whole];
  return text.split('\n').flatMap((line) => {
    const value = parse(between(line, '{', '}'));
    return value === undefined ? [] : [value];
  });
}

function between(text: string, open: string, close: string): string {
  const start = text.indexOf(open);
  return start < 0 ? '' : text.slice(start, text.lastIndexOf(close) + 1);
}

/** An object or a list, or a string in which JSON was written once more. */
function parse(source: string): unknown {
  if (source === '') return undefined;
  try {
    const value: unknown = JSON.parse(source);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The words of a response, without thoughts and without what was asked; undefined for other JSON, unless its words say of places. */
function responseIn(values: readonly unknown[]): Answer | undefined {
  const texts: string[] = [];
  let finishReason: string | undefined;
  const hasChoices = walk(values, (key, value, parent) => {
    if (key === 'text' || key === 'content') {
      if (parent.thought !== true) texts.push(value);
    } else if (key === 'finishReason' || key === 'finish_reason') finishReason = value.toUpperCase();
  });
  const text = texts.join('');
  if (!hasChoices && !holdsPlaces(text)) return undefined;
  return { text, ...(finishReason === undefined ? {} : { finishReason }) };
}

function stringsWithPlaces(values: readonly unknown[]): Answer | undefined {
  const found: string[] = [];
  walk(values, (_, value) => {
    if (holdsPlaces(value)) found.push(value);
  });
  return found.length === 0 ? undefined : { text: found.join('\n') };
}

/** Visits the strings of JSON in their order, with the key and the object that they stand in. True if there was a list of answers to choose from. */
function walk(values: readonly unknown[], visit: (key: string, value: string, parent: Record<string, unknown>) => void): boolean {
  let left = MOST_VALUES;
  let hasChoices = false;
  const step = (key: string, value: unknown, parent: Record<string, unknown>, depth: number): void => {
    if (left-- <= 0 || depth > DEEPEST) return;
    if (typeof value === 'string') visit(key, value, parent);
    else if (Array.isArray(value)) {
      const isChoice = CHOICES.has(key);
      hasChoices ||= isChoice;
      for (const one of isChoice ? value.slice(0, 1) : value) step(key, one, parent, depth + 1);
    } else if (isRecord(value))
      for (const [name, inner] of Object.entries(value)) if (!isOfRequest(name, inner)) step(name, inner, value, depth + 1);
  };
  for (const value of values) step('', value, {}, 0);
  return hasChoices;
}

function isOfRequest(key: string, value: unknown): boolean {
  return REQUEST_KEYS.has(key.replaceAll('_', '').toLowerCase()) && typeof value === 'object';
}
