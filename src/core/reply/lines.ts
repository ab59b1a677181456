import { isRecord } from '../base/shape.ts';
import type { Detection, Dropped } from '../inspection/inspection.ts';
import { type DetectionContexts, readDetections } from './detections.ts';
import { labelIn } from './items/itemLabel.ts';
import { joinLines, type TextLine } from './lineLayout.ts';
import { plainFields } from './scanning/keys.ts';
import { answerOf } from './text.ts';
import { readTranscript } from './transcript.ts';
import { isEmptyList, unfenced } from './wholeReply.ts';

/** The text of an image, and where its lines stand; without `detections` nobody said where. */
export interface ReadLines {
  text: string;
  detections?: Detection[];
  dropped: Dropped[];
  jsonComplete?: boolean;
}

/**
 * Reads the lines of a text with their places: a line is a detection whose label is its words. Lines without a usable place are kept in the text, in the order of
 * the reply. A reply in words is the text itself, as models give it that do not point.
 */
export function readLines(raw: string, contexts: DetectionContexts): ReadLines {
  const answer = answerOf(raw);
  if (isEmptyList(answer)) return { text: '', detections: [], dropped: [] };
  const strings = listOfStrings(answer);
  if (strings) return { text: joinLines(strings.map((label) => ({ label }))), dropped: [] };
  if (!looksLikeData(answer)) return { text: readTranscript(raw), dropped: [] };
  const found = readDetections(answer, ...contexts);
  const placed = withoutRepeats(found.detections.filter(({ label }) => label.trim() !== ''));
  const unplaced = found.dropped.map((dropped) => ({ dropped, label: wordsIn(dropped.raw) }));
  const lines = [
    ...placed.map((line): [number, TextLine] => [Number(line.id) - 1, line]),
    ...unplaced.flatMap(({ dropped, label }): [number, TextLine][] => (label === undefined ? [] : [[dropped.index, { label }]])),
  ].sort(([a], [b]) => a - b);
  if (lines.length === 0) return { text: readTranscript(raw), dropped: [], jsonComplete: found.jsonComplete };
  return {
    text: joinLines(lines.map(([, line]) => line)),
    ...(placed.length === 0 ? {} : { detections: placed }),
    dropped: unplaced.flatMap(({ dropped, label }) => (label === undefined ? [dropped] : [])),
    jsonComplete: found.jsonComplete,
  };
}

/** The text of what has come so far: of data the lines that are whole. */
export function textSoFar(raw: string, lines: readonly Detection[]): string {
  if (lines.length > 0) return joinLines(lines);
  return looksLikeData(answerOf(raw)) ? '' : readTranscript(raw);
}

/** True for a reply that begins as JSON does, in a fence or not. */
function looksLikeData(answer: string): boolean {
  return /^\s*(?:```\w*\s*)?(?:\[\s*(?:[{["\]]|$)|\{\s*(?:["}]|$)|$)/.test(answer.slice(0, 200));
}

function listOfStrings(answer: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(unfenced(answer));
    return Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The words of a whole object without a place. */
function wordsIn(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? labelIn(plainFields(value), true) : undefined;
  } catch {
    return undefined;
  }
}

/** Models in a loop write the same line again and again. */
function withoutRepeats(lines: readonly Detection[]): Detection[] {
  const known = new Set<string>();
  return lines.filter(({ label, box: { x, y, width, height } }) => {
    const key = JSON.stringify([label, x, y, width, height]);
    return !known.has(key) && known.add(key);
  });
}
