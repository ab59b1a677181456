import { jsonrepair } from 'jsonrepair';
import { t } from '../base/l10n.ts';
import { labelKey } from '../base/labelKey.ts';
import { isRecord } from '../base/shape.ts';
import { withoutEnd } from '../base/trim.ts';
import type { Dropped } from '../inspection/inspection.ts';
import { isRefusal } from './answerInWords.ts';
import { labelIn } from './items/itemLabel.ts';
import { CONFIDENCE_KEYS, firstOf, LABEL_KEYS, MORE_LABEL_KEYS, plainFields } from './scanning/keys.ts';
import { readText } from './text.ts';
import { unfenced } from './wholeReply.ts';

export interface ReadLabels {
  labels: { label: string; confidence?: number }[];
  /** What could not be used, and why. Never empty together with `labels`, unless the model said that none fits. */
  dropped: Dropped[];
  /** False if the JSON ends unfinished. */
  jsonComplete: boolean;
}

/** A label as the reply has it. */
interface Candidate {
  label: string | undefined;
  confidence: unknown;
  raw: string;
  /** The reply ends before it does. */
  isCut?: boolean;
}

const LONGEST_RAW = 2000;
/** More is a sentence. */
const LONGEST_LABEL = 80;
const MOST_WORDS = 8;
/** In characters: of a longer line the beginning shows that it is a sentence. */
const LONGEST_LINE = 1000;
/** So many words between commas may still be a label. */
const WORDS_BETWEEN_COMMAS = 4;
/** Longer replies are no list of labels; repairing takes quadratic time on hostile text. */
const LONGEST_REPLY = 64_000;
const MOST_LABELS = 500;
/** These may stand beside a list of labels and say something of it. */
const WORDS_OF_WRAPPERS: ReadonlySet<string> = new Set(['title', 'caption', 'content', 'type', 'description']);
/** Keys that hold all labels in a wrapper need no name: any list in it counts. */
const NAME_KEYS = [...LABEL_KEYS, ...MORE_LABEL_KEYS.filter((key) => !WORDS_OF_WRAPPERS.has(key))];
const SURE_KEYS = [...CONFIDENCE_KEYS, 'prob', 'likelihood', 'certainty'] as const;

/**
 * The labels in a reply. It may be a list of words or objects, an object with such a list in it or with a confidence for each label, or plain lines.
 * A confidence is kept only where the reply has one: a fraction of 1, or a percentage, which all of them are taken for if one is above 1.
 * @param allowed the labels the user gave, in the spelling to use; empty if any will do
 */
export function readLabels(raw: string, allowed: readonly string[]): ReadLabels {
  const text = unfenced(readText(raw)).slice(0, LONGEST_REPLY);
  const start = text.search(/[[{]/);
  const parsed = start < 0 ? undefined : parse(text.slice(start));
  if (parsed === undefined && isRefusal(raw))
    return { labels: [], dropped: [wholeDropped(raw, t('Gemini answered with words instead of labels.'))], jsonComplete: true };
  const candidates = parsed === undefined ? candidatesInLines(text) : candidatesIn(parsed.value);
  const jsonComplete = parsed?.complete ?? true;
  const last = candidates.at(-1);
  if (last !== undefined && !jsonComplete && endsInside(text.slice(start))) last.isCut = true;
  if (candidates.length === 0) {
    const isEmpty = parsed !== undefined && jsonComplete && saysNothing(parsed.value);
    return { labels: [], dropped: isEmpty ? [] : [nothing(raw)], jsonComplete };
  }
  return { ...chosen(candidates.slice(0, MOST_LABELS), allowed), jsonComplete };
}

function nothing(raw: string): Dropped {
  return wholeDropped(raw, raw.trim() === '' ? t('The reply is empty.') : t('The reply has no list of labels.'));
}

function wholeDropped(raw: string, reason: string): Dropped {
  return { index: 0, reason, raw: raw.slice(0, LONGEST_RAW) };
}

function chosen(candidates: readonly Candidate[], allowed: readonly string[]): Pick<ReadLabels, 'labels' | 'dropped'> {
  const spelling = new Map(allowed.map((label) => [labelKey(label), label]));
  const percent = candidates.some(({ confidence }) => (numberOf(confidence) ?? 0) > 1);
  const labels: ReadLabels['labels'] = [];
  const dropped: Dropped[] = [];
  const taken = new Set<string>();
  candidates.forEach(({ label, confidence, raw, isCut = false }, index) => {
    const drop = (reason: string) => dropped.push({ index, reason, raw: raw.slice(0, LONGEST_RAW) });
    const key = labelKey(label ?? '');
    if (isCut) drop(t('The reply ends inside this label.'));
    else if (label === undefined || key === '') drop(t('There is no label.'));
    else if (label.length > LONGEST_LABEL || wordCount(label) > MOST_WORDS || isSentence(raw)) drop(t('This is a sentence, not a label.'));
    else if (allowed.length > 0 && !spelling.has(key)) drop(t('The label is not in your list.'));
    else if (taken.has(key)) drop(t('The label appears twice.'));
    else {
      taken.add(key);
      const fraction = fractionOf(confidence, percent);
      labels.push({ label: spelling.get(key) ?? label, ...(fraction === undefined ? {} : { confidence: fraction }) });
    }
  });
  return { labels, dropped };
}

/** True for words with the end of a sentence, as the raw text of an entry in JSON never is. One or two words with a full stop may be a label. */
function isSentence(raw: string): boolean {
  return /[。！？]\s*$/.test(raw) || (/[.!?]\s*$/.test(raw) && wordCount(raw) > 2);
}

/** True if JSON that is cut ends within a word or an object, and not between two of them. */
function endsInside(json: string): boolean {
  const open: string[] = [];
  let isInString = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at] as string;
    if (isInString) {
      if (character === '\\') at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') open.push(character);
    else if (character === '}' || character === ']') open.pop();
  }
  const end = json.trimEnd();
  const last = (end.endsWith(',') ? end.slice(0, -1).trimEnd() : end).at(-1);
  return isInString || (open.at(-1) === '{' && last !== '}' && last !== ']');
}

/** The first value of JSON in the text, mended where it is broken; undefined if nothing can be made of it. */
function parse(text: string): { value: unknown; complete: boolean } | undefined {
  const end = Math.max(text.lastIndexOf(']'), text.lastIndexOf('}')) + 1;
  for (const [source, complete] of [
    [text.slice(0, end), true],
    [text, false],
  ] as const) {
    try {
      const value: unknown = JSON.parse(complete ? source : jsonrepair(source));
      if (typeof value === 'object' && value !== null) return { value, complete };
    } catch {
      // The next way.
    }
  }
  return undefined;
}

function candidatesIn(value: unknown, depth = 0): Candidate[] {
  if (depth > 4 || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value))
    return value.flatMap((element) => (isRecord(element) ? candidatesOfRecord(element, depth) : candidateOf(element)));
  return isRecord(value) ? candidatesOfRecord(value, depth) : [];
}

function candidatesOfRecord(fields: Record<string, unknown>, depth: number): Candidate[] {
  const plain = plainFields(fields);
  const confidence = firstOf(plain, SURE_KEYS);
  const inside = Object.values(fields).filter((inner) => typeof inner === 'object' && inner !== null);
  // Any short text is a label at last, but not that of a wrapper.
  const label =
    NAME_KEYS.map((key) => plain.get(key)).find((name) => typeof name === 'string') ?? (inside.length > 0 ? undefined : labelIn(plain));
  if (typeof label === 'string') return [{ label: tidy(label), confidence, raw: JSON.stringify(fields) }];
  if (inside.length > 0) return inside.flatMap((inner) => candidatesIn(inner, depth + 1));
  const entries = Object.entries(fields);
  const isDictionary =
    entries.length > 0 &&
    confidence === undefined &&
    entries.every(([, sure]) => numberOf(sure) !== undefined || typeof sure === 'boolean');
  if (!isDictionary) return [{ label: undefined, confidence: undefined, raw: JSON.stringify(fields) }];
  // What is said not to be there is none of the labels.
  return entries.flatMap(([name, sure]) =>
    sure === false ? [] : { label: tidy(name), confidence: sure, raw: JSON.stringify({ [name]: sure }) },
  );
}

function candidateOf(element: unknown): Candidate {
  return { label: typeof element === 'string' ? tidy(element) : undefined, confidence: undefined, raw: JSON.stringify(element) };
}

/** One label a line, or all in one line with commas between; each may begin with a bullet or number and end with its confidence. */
function candidatesInLines(text: string): Candidate[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const between = text.split(',');
  const parts = lines.length === 1 && between.every((part) => wordCount(part) <= WORDS_BETWEEN_COMMAS) ? between : lines;
  return parts.map((part) => {
    const line = withoutEnd(part.slice(0, LONGEST_LINE), /[\s.]/);
    const { words, confidence } = withConfidence(line.trimStart().replace(/^(?:[-*•]|\d+[.)])\s*/, ''));
    return { label: tidy(words.replace(/\*\*|`/g, '')), confidence, raw: part };
  });
}

/** Parts words from the confidence behind them, as in `cat: 0.9`, `cat - 95 %` and `cat (0.9)`. */
function withConfidence(line: string): { words: string; confidence?: string } {
  const isInBrackets = line.endsWith(')');
  const at = isInBrackets ? line.lastIndexOf('(') : Math.max(...[...':=–—-'].map((sign) => line.lastIndexOf(sign)));
  const confidence = at < 0 ? '' : line.slice(at + 1, isInBrackets ? -1 : undefined).trim();
  return /^\d+(?:\.\d+)?\s*%?$/.test(confidence) ? { words: line.slice(0, at), confidence } : { words: line };
}

function tidy(label: string): string {
  return label.replace(/\s+/g, ' ').trim();
}

function wordCount(text: string): number {
  return text.trim().split(/\s+/).length;
}

/** A number, also as a word such as "95 %", which is then more than 1. */
function numberOf(confidence: unknown): number | undefined {
  if (typeof confidence === 'number') return Number.isFinite(confidence) ? confidence : undefined;
  const [, digits, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(typeof confidence === 'string' ? confidence.trim() : '') ?? [];
  if (digits === undefined) return undefined;
  return percent === '%' && Number(digits) <= 1 ? undefined : Number(digits);
}

function fractionOf(confidence: unknown, percent: boolean): number | undefined {
  const number = numberOf(confidence);
  if (number === undefined || number < 0 || number > (percent ? 100 : 1)) return undefined;
  return percent ? number / 100 : number;
}

/** True for empty lists, and for objects that hold nothing but such. */
function saysNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.values(value).every((inner) => saysNothing(inner) || inner === false);
}
