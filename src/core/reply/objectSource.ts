import { jsonrepair } from 'jsonrepair';
import { BOX_KEYS, POINT_KEY } from './keys.ts';
import { requote } from './requote.ts';

/** An object of the reply as read from its source; `value` is missing if it could not be read. */
export interface SourceObject {
  value?: Record<string, unknown>;
  text: string;
}

/** What may still be repaired in this reply, in characters. Repairing takes quadratic time on hostile text, so it is limited. */
export interface RepairBudget {
  left: number;
}

export const REPAIR_PER_REPLY = 2_000_000;
const REPAIR_PER_OBJECT = 64_000;

const PLACES = new RegExp(`["'](?:${[...BOX_KEYS, POINT_KEY].join('|')})["']\\s*:`, 'g');
const OBJECT_START = /\{\s*["'\u201c\u2018]/g;

/**
 * The object whose source this is, as one entry. If it is broken so that it swallowed others (a missing quote or brace), one entry for each of
 * them, in order: the whole ones are exact, the broken ones repaired where that is possible.
 */
export function objectsOf(text: string, budget: RepairBudget): SourceObject[] {
  const exact = parseObject(text);
  if (exact) {
    return [{ value: exact, text }];
  }
  const pieces = objectPieces(text);
  return pieces.length > 1 ? pieces.map((piece) => objectOf(piece, budget)) : [repaired(text, budget)];
}

/** The sources of objects with places in text that was passed over, because something broken before them hid them. */
export function hiddenPieces(text: string): string[] {
  return text.match(PLACES) ? piecesOf(text).filter((piece) => piece.match(PLACES)) : [];
}

/** Cuts text that holds several objects with places into one piece for each object; other text is one piece. Linear in its length. */
export function objectPieces(text: string): string[] {
  if ((text.match(PLACES)?.length ?? 0) < 2) {
    return [text];
  }
  const pieces = piecesOf(text);
  return pieces.length > 1 ? pieces : [text];
}

function piecesOf(text: string): string[] {
  const starts = [...text.matchAll(OBJECT_START)].map((match) => match.index);
  return starts.map((start, index) => {
    const piece = text.slice(start, starts[index + 1] ?? text.length);
    return piece.slice(0, strictEnd(piece));
  });
}

/** The object that the text is, repaired if need be. */
export function objectOf(text: string, budget: RepairBudget): SourceObject {
  const exact = parseObject(text);
  return exact ? { value: exact, text } : repaired(text, budget);
}

/** The object that the text is, by strict JSON; undefined if it is none. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function repaired(text: string, budget: RepairBudget): SourceObject {
  if (text.length > REPAIR_PER_OBJECT || text.length > budget.left) {
    return { text };
  }
  budget.left -= text.length;
  try {
    const quoted = requote(text);
    const value = parseObject(quoted) ?? parseObject(jsonrepair(quoted));
    return value ? { value, text } : { text };
  } catch {
    // Beyond repair, or nested too deeply for it.
    return { text };
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
