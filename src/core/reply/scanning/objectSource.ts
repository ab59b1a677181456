import { jsonrepair } from 'jsonrepair';
import { isRecord } from '../../base/shape.ts';
import { PLACE_KEYS_PATTERN } from './keys.ts';
import { requote } from './requote.ts';

/** What may still be repaired in this reply, in characters. Repairing takes quadratic time on hostile text, so it is limited. */
export interface RepairBudget {
  left: number;
}

export const REPAIR_PER_REPLY = 2_000_000;
const REPAIR_PER_OBJECT = 64_000;

const OBJECT_START = /\{\s*["'\u201c\u2018]/g;

/** The sources of objects with places in text that was passed over, because something broken before them hid them. */
export function hiddenPieces(text: string): string[] {
  return text.match(PLACE_KEYS_PATTERN) ? piecesOf(text).filter((piece) => piece.match(PLACE_KEYS_PATTERN)) : [];
}

/**
 * The source of an object as one piece. If it is broken so that it swallowed others (a missing quote or brace), one piece for each of them, in
 * order. Linear in its length.
 */
export function objectPieces(text: string): string[] {
  const places = text.match(PLACE_KEYS_PATTERN)?.length ?? 0;
  if (places === 0 || parseObject(text)) {
    return [text];
  }
  const [first = '', ...others] = piecesOf(text, 0);
  const hasOthers = others.length > 0 && (places > 1 || others.some((piece) => piece.match(PLACE_KEYS_PATTERN) && parseObject(piece)));
  return hasOthers ? [first, ...others] : [text];
}

/** The text from each object's start to its end or the next start; what comes before the first is a piece only if `from` is its place. */
function piecesOf(text: string, from?: number): string[] {
  const starts = [...text.matchAll(OBJECT_START)].map((match) => match.index);
  if (from !== undefined && starts[0] !== from) {
    starts.unshift(from);
  }
  return starts.map((start, index) => {
    const piece = text.slice(start, starts[index + 1] ?? text.length);
    return piece.slice(0, strictEnd(piece));
  });
}

/** The object that the text is, exact if it is valid JSON, else repaired; undefined if that is not possible. */
export function objectOf(text: string, budget: RepairBudget): Record<string, unknown> | undefined {
  return parseObject(text) ?? repairedObject(text, budget);
}

/** The object that the text is, by strict JSON; undefined if it is none. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function repairedObject(text: string, budget: RepairBudget): Record<string, unknown> | undefined {
  if (text.length > REPAIR_PER_OBJECT || text.length > budget.left) {
    return undefined;
  }
  budget.left -= text.length;
  const quoted = requote(text);
  try {
    return parseObject(quoted) ?? parseObject(jsonrepair(quoted));
  } catch {
    // Beyond repair, or nested too deeply for it.
    return undefined;
  }
}

/** Where the object at the start of the text ends by the rules of JSON; the text's length if it does not. */
function strictEnd(text: string): number {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') {
        i++;
      } else if (char === '"') {
        inString = false;
      }
    } else if (char === '"') {
      inString = true;
    } else if (char === '{' || char === '[') {
      depth++;
    } else if (char === '}' || char === ']') {
      depth--;
      if (depth === 0) {
        return i + 1;
      }
    }
  }
  return text.length;
}
