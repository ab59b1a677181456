import type { Dropped, Inspection } from '../../core/inspection/inspection.ts';
import { ObjectScanner } from '../../core/reply/objectScanner.ts';

/** More would make the page slow. */
const MOST_CHARACTERS = 200_000;
const MOST_LINES = 5000;

/** The part of a reply that is shown. */
export function shownReply(raw: string): string {
  const text = raw.slice(0, MOST_CHARACTERS);
  let end = -1;
  for (let line = 0; line < MOST_LINES; line++) {
    end = text.indexOf('\n', end + 1);
    if (end < 0) return text;
  }
  return text.slice(0, end);
}

/** Where an object stands in the shown reply. */
export interface PlaceInReply {
  /** The object's place among the objects, from 0. */
  index: number;
  /** Characters. */
  start: number;
  end: number;
  /** Why it could not be used; unset for one that was. */
  reason?: string;
}

const known = new WeakMap<Inspection, readonly PlaceInReply[]>();

/** Where the objects of a run stand in its shown reply, in their order. Those that cannot be told for sure are left out. */
export function placesInReply(run: Inspection): readonly PlaceInReply[] {
  let places = known.get(run);
  if (!places) {
    const text = shownReply(run.raw);
    const dropped = placesOfDropped(text, run.dropped);
    places = [...dropped, ...placesOfKept(text, run, dropped)].sort((a, b) => a.index - b.index);
    known.set(run, places);
  }
  return places;
}

function placesOfDropped(text: string, dropped: readonly Dropped[]): PlaceInReply[] {
  let from = 0;
  return dropped.flatMap(({ index, reason, raw }) => {
    const source = raw.endsWith('…') ? raw.slice(0, -1) : raw;
    const next = text.indexOf(source, from);
    const start = next < 0 ? text.indexOf(source) : next;
    if (start < 0 || source === '') return [];
    from = start + source.length;
    return [{ index, start, end: from, reason }];
  });
}

/** The reply is scanned as its reader did. Only if as many objects are found as were kept is it clear which is which. */
function placesOfKept(text: string, run: Inspection, dropped: readonly PlaceInReply[]): PlaceInReply[] {
  const kept = (run.detections ?? []).map(({ id }) => Number(id) - 1);
  const starts = new Set(dropped.map(({ start }) => start));
  const found = scanned(text)?.filter(({ start }) => !starts.has(start));
  if (!found) return [];
  const last = found.at(-1)?.end ?? 0;
  if (!run.complete && found.length === kept.length - 1) {
    // Cut inside its mask, an object is kept without its end.
    const start = text.indexOf('{', last);
    if (start >= 0) found.push({ start, end: text.length });
  }
  const clear = found.length === kept.length || (text.length < run.raw.length && found.length < kept.length);
  return clear ? found.map((place, at) => ({ index: kept[at] as number, ...place })) : [];
}

/** Where objects stand in the text, in order; undefined where some stand inside others. */
function scanned(text: string): { start: number; end: number }[] | undefined {
  const places: { start: number; end: number }[] = [];
  let from = 0;
  for (const part of new ObjectScanner().add(text)) {
    const start = text.indexOf(part.text, from);
    if (start < 0) return undefined;
    from = start + part.text.length;
    places.push({ start, end: from });
  }
  return places;
}

/** A line of the shown reply with what stands on it. */
export interface ReplyLine {
  /** With its line break, if it has one. */
  text: string;
  /** In characters of the reply. */
  start: number;
  places: readonly PlaceInReply[];
}

/** The shown reply by lines. */
export function replyLines(text: string, places: readonly PlaceInReply[]): ReplyLine[] {
  const inOrder = [...places].sort((a, b) => a.start - b.start);
  let start = 0;
  let first = 0;
  return text.split(/(?<=\n)/).map((line) => {
    const end = start + line.length;
    const within: PlaceInReply[] = [];
    while ((inOrder[first]?.end ?? Number.POSITIVE_INFINITY) <= start) first++;
    for (let i = first; (inOrder[i]?.start ?? end) < end; i++) within.push(inOrder[i] as PlaceInReply);
    const result = { text: line, start, places: within };
    start = end;
    return result;
  });
}

/** The number of the line that a place begins on, from 1; undefined for a reply of one line. */
export function lineOf(text: string, { start }: PlaceInReply): number | undefined {
  return text.includes('\n') ? text.slice(0, start).split('\n').length : undefined;
}

/** The label in a part of a reply that could not be used, if one can be made out. */
export function droppedLabel(raw: string): string | undefined {
  const found = /^"(?:[^"\\]|\\.)*"$|(?<="label"\s*:\s*)"(?:[^"\\]|\\.)*"/.exec(raw)?.[0];
  if (found === undefined) return undefined;
  try {
    return String(JSON.parse(found));
  } catch {
    return undefined;
  }
}
