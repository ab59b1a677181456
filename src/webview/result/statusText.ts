import { t } from '../../core/base/l10n.ts';
import { addedWords, endingInWords, shownWord } from '../../core/failures/endings.ts';
import { type Inspection, isConsensus, type Task } from '../../core/inspection/inspection.ts';
import { wordsInstead } from '../../core/reply/answerInWords.ts';
import { isCheck } from '../../core/request/decision.ts';
import { labelCount, objectCount } from '../text/counts.ts';
import { formatCount, formatShare } from '../text/format.ts';
import type { ShownResult } from './types.ts';

/** How a finished run went. */
export type Outcome =
  | { kind: 'fine'; text: string }
  | { kind: 'nothing'; text: string; detail: string }
  | { kind: 'unreadable'; text: string; detail: string }
  | { kind: 'problem'; text: string; detail: string };

/** Tells apart: all well, truly nothing found, not readable, and partly usable. Undefined without a finished run. `share`: of the picture that masks cover, 0..1. */
export function outcome({ run }: ShownResult, share?: number): Outcome | undefined {
  if (!run) return undefined;
  if (isCheck(run)) return outcomeOfCheck(run);
  const things = THINGS[run.task];
  if (!things) return outcomeOfText(run);
  const kept = things.of(run).length;
  const dropped = run.dropped.length;
  if (kept === 0) {
    // Words are an answer, also without a place in a picture.
    if (dropped === 0 && run.complete && run.text) return outcomeOfText(run);
    if (dropped === 0 && run.complete && (run.source === 'person' || run.source === 'file' || isConsensus(run)))
      return { kind: 'fine', text: t('No objects') };
    if (dropped === 0 && run.complete) return { kind: 'nothing', text: things.none(), detail: t('Gemini answered with an empty list.') };
    if (wordsInstead(run) !== undefined) return { kind: 'unreadable', text: things.words(), detail: run.complete ? '' : describeCut(run) };
    const why = [run.dropped[0]?.reason, !run.complete && describeCut(run)].filter(Boolean).join(' ');
    return { kind: 'unreadable', text: t('The reply could not be read'), detail: why };
  }
  if (dropped === 0 && run.complete) {
    const text = things.count(run, share);
    const problem = describeMasks(run) ?? (onlyBoxes(run) ? t('The model gave only boxes, no masks.') : undefined);
    return problem === undefined ? { kind: 'fine', text } : { kind: 'problem', text, detail: problem };
  }
  return {
    kind: 'problem',
    text: things.kept(kept, kept + dropped),
    detail: [!run.complete && describeCut(run), dropped > 0 && things.dropped(dropped), describeMasks(run)].filter(Boolean).join(' '),
  };
}

/** Of a check no object is dropped, only not judged. */
function outcomeOfCheck({ detections = [], dropped }: Inspection): Outcome {
  const checked = detections.filter(({ confidence }) => confidence !== undefined).length;
  const text = t('{0} of {1} objects checked', formatCount(checked), formatCount(detections.length));
  return dropped.length === 0 ? { kind: 'fine', text } : { kind: 'problem', text, detail: t('The others were not judged.') };
}

/** How many objects the mask engine gave none, and why; undefined where it gave all one, or was not asked. */
function describeMasks({ maskEngine }: Inspection): string | undefined {
  const without = maskEngine?.without ?? [];
  if (without.length === 0) return undefined;
  const reasons = [...new Set(without.map(({ reason }) => reason))];
  return [t('{0} objects have no mask of the mask engine.', formatCount(without.length)), ...reasons].join(' ');
}

/** True where masks were asked for and none came, not even one that cannot be read. */
function onlyBoxes({ task, detections = [] }: Inspection): boolean {
  return task === 'segment' && detections.every(({ mask, maskProblem }) => mask === undefined && maskProblem === undefined);
}

function outcomeOfText(run: Inspection): Outcome {
  const text = run.text ?? '';
  if (!run.complete) return { kind: 'problem', text: describeCut(run), detail: '' };
  const [dropped] = run.dropped;
  if (text === '' && dropped) return { kind: 'unreadable', text: t('The reply could not be read'), detail: dropped.reason };
  if (text === '' && run.task === 'readText')
    return { kind: 'nothing', text: t('No text found'), detail: t('Gemini says that there is no text in the image.') };
  if (dropped) return { kind: 'problem', text: dropped.reason, detail: t('Check whether it answers what was asked.') };
  return { kind: 'fine', text: t('{0} characters', formatCount([...text].length)) };
}

/** What a run has found, and the words for it. */
interface Things {
  of(run: Inspection): readonly unknown[];
  count(run: Inspection, share: number | undefined): string;
  none(): string;
  /** There are words in their place. */
  words(): string;
  /** Such as "3 of 5 objects kept", or "3 objects kept" where none was dropped. */
  kept(kept: number, all: number): string;
  dropped(count: number): string;
}

const OBJECTS: Things = {
  of: ({ detections = [] }) => detections,
  count: ({ detections = [] }, share) => describeCount(detections, share),
  none: () => t('No objects found'),
  words: () => t('Gemini answered with words instead of objects'),
  kept: (kept, all) => {
    if (all > kept) return t('{0} of {1} objects kept', kept, all);
    return kept === 1 ? t('1 object kept') : t('{0} objects kept', kept);
  },
  dropped: (count) => (count === 1 ? t('One object could not be used.') : t('{0} objects could not be used.', count)),
};

const LABELS: Things = {
  of: ({ labels = [] }) => labels,
  count: ({ labels = [] }) => (labels.length === 1 ? t('1 label') : t('{0} labels', labels.length)),
  none: () => t('No label fits'),
  words: () => t('Gemini answered with words instead of labels'),
  kept: (kept, all) => {
    if (all > kept) return t('{0} of {1} labels kept', kept, all);
    return kept === 1 ? t('1 label kept') : t('{0} labels kept', kept);
  },
  dropped: (count) => (count === 1 ? t('One label could not be used.') : t('{0} labels could not be used.', count)),
};

const THINGS: Partial<Record<Task, Things>> = { detect: OBJECTS, segment: OBJECTS, compare: OBJECTS, classify: LABELS };

/** Such as "15 objects · 12 labels · 22 % of the image". */
function describeCount(detections: readonly { label: string }[], share: number | undefined): string {
  const counts = [objectCount(detections.length), labelCount(detections)];
  return [...counts, share !== undefined && t('{0} of the image', formatShare(share))].filter(Boolean).join(' · ');
}

/** Why a reply is not whole, also in the API's own words. */
function describeCut({ brokenOff, finishReason, finishMessage }: Inspection): string {
  return [brokenOff === undefined ? describeEnding(finishReason) : describeBreak(brokenOff), addedWords(finishMessage)]
    .filter(Boolean)
    .join(' ');
}

function describeBreak(brokenOff: NonNullable<Inspection['brokenOff']>): string {
  switch (brokenOff) {
    case 'cancelled':
      return t('Cancelled before the answer was complete.');
    case 'timeout':
      return t('The time limit was reached before the answer was complete.');
    case 'connection':
      return t('The connection broke before the answer was complete.');
    default:
      return brokenOff satisfies never;
  }
}

function describeEnding(finishReason: string | undefined): string {
  if (finishReason === 'MAX_TOKENS') return t('The reply was cut at the output limit.');
  if (finishReason === undefined || finishReason === 'STOP') return t('The reply ended early.');
  return endingInWords(finishReason) ?? t('The reply ended early ({0}).', shownWord(finishReason));
}

/** The status line of a task at work, such as "6 found so far". */
export function describeRunning(running: NonNullable<ShownResult['running']>): string {
  const { repeat } = running;
  return repeat ? `${t('{0} of {1} runs', repeat.done, repeat.of)} · ${describePhase(running)}` : describePhase(running);
}

function describePhase(running: NonNullable<ShownResult['running']>): string {
  switch (running.phase) {
    case 'preparing':
      return t('Preparing…');
    case 'uploading':
      return t('Uploading {0} %', running.uploaded ?? 0);
    case 'waiting':
    // A wait that ends has no more to say.
    case 'retrying':
      return t('Waiting for Gemini…');
    case 'thinking':
      return t('Thinking…');
    case 'receiving':
      return running.detections.length > 0 ? t('{0} found so far', formatCount(running.detections.length)) : t('Receiving…');
    case 'masking':
      return t('Mask {0} of {1}…', (running.masks?.done ?? 0) + 1, running.masks?.of ?? 0);
    default:
      return running.phase satisfies never;
  }
}
