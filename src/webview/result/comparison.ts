import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { labelKey } from '../../core/base/labelKey.ts';
import type { LabelStyle } from '../../core/drawing/palette.ts';
import type { Detection, Inspection } from '../../core/inspection/inspection.ts';
import { type Matching, matchDetections, meanAgreement, type Pair } from '../../core/masks/matchDetections.ts';
import { type StableObject, sameRequests, stability } from '../../core/masks/stability.ts';
import type { SessionState } from '../../protocol.ts';
import { objectCount } from '../text/counts.ts';
import { formatCount } from '../text/format.ts';
import { shownLabel } from '../text/objectText.ts';
import { type Drawn, KIND_COLOURS, kindWord, styledObject } from './comparedObject.ts';
import { drawScored, isScoring } from './scoredRun.ts';
import type { ComparedObject, Comparing, Kind, ShownResult, Side, StyledObject } from './types.ts';

/** Runs that can be compared with each other. */
export function comparableRuns({ runs }: SessionState, run: Inspection | undefined): Inspection[] {
  if (!run) return [];
  const kind = (one: Inspection) => (one.detections ? `objects ${one.images.length}` : one.text === undefined ? 'none' : one.task);
  return kind(run) === 'none' ? [] : runs.filter((other) => kind(other) === kind(run));
}

/**
 * Begins to compare the shown run with the latest that asked the same, else with the latest of the same task, else with any; of equals with one before
 * it, if there is one. Undefined if there is none.
 */
export function beginComparing(session: SessionState, run: Inspection | undefined): Comparing | undefined {
  const runs = comparableRuns(session, run);
  const at = runs.findIndex(({ id }) => id === run?.id);
  const shown = runs[at];
  if (!shown) return undefined;
  const likeness = ({ task, prompt, source }: Inspection) =>
    // Labels are what a run is measured by.
    isScoring([{ ...(source && { source }) }, shown]) ? 3 : task === shown.task ? (prompt.trim() === shown.prompt.trim() ? 2 : 1) : 0;
  const others = [...runs.slice(at + 1).reverse(), ...runs.slice(0, at)];
  const other = others.reduce<Inspection | undefined>((best, one) => (best && likeness(best) > likeness(one) ? best : one), undefined);
  if (!other) return undefined;
  const [a, b] = runs.indexOf(other) < at ? [other, shown] : [shown, other];
  return { kind: 'runs', a: a.id, b: b.id, side: 'both' };
}

/** The runs whose stability can be shown together with that of a run: two or more with objects, else none. */
export function seriesOf({ runs }: SessionState, run: Inspection | undefined): Inspection[] {
  const same = run?.detections ? sameRequests(runs, run).filter(({ detections }) => detections) : [];
  return same.length > 1 ? same : [];
}

/** Works comparisons out, and keeps the last one: what is drawn stays the same as long as nothing changes. */
export class Comparisons {
  #known: { key: string; runs: readonly Inspection[]; drawn: Drawn } | undefined;

  /** The result to show in place of the shown one; undefined if one of the runs is no longer there. `threshold`: of masks. */
  of(
    session: SessionState,
    shown: ShownResult,
    { comparing, seen, highContrast, threshold }: { comparing: Comparing; seen: Side; highContrast: boolean; threshold: number },
  ): ShownResult | undefined {
    const find = (id: string) => session.runs.find((run) => run.id === id);
    const wanted = comparing.kind === 'runs' ? [find(comparing.a), find(comparing.b)] : seriesOf(session, find(comparing.run));
    const runs = wanted.filter((run) => run !== undefined);
    if (runs.length < 2 || runs.length < wanted.length || shown.running) return undefined;
    const mistakes = comparing.kind === 'runs' && comparing.mistakes === true;
    const key = `${comparing.kind} ${mistakes} ${highContrast} ${threshold}`;
    const same =
      this.#known?.key === key && this.#known.runs.length === runs.length && this.#known.runs.every((run, at) => run === runs[at]);
    if (!this.#known || !same) this.#known = { key, runs, drawn: draw(comparing.kind, runs, mistakes, highContrast, threshold) };
    const { drawn } = this.#known;
    return {
      ...shown,
      run: runs.at(-1),
      objects: drawn.both,
      objectsIn: shown.images.map((_, index) => drawn[seen].filter(({ detection }) => detection.imageIndex === index)),
      thread: [],
      compared: drawn.compared,
    };
  }
}

function draw(kind: Comparing['kind'], runs: readonly Inspection[], mistakes: boolean, highContrast: boolean, threshold: number): Drawn {
  const [a, b] = runs as [Inspection, Inspection];
  // Words are compared as words, whatever they point to.
  const isWords = a.task === 'caption' || a.task === 'ask' || a.task === 'readText';
  if (!a.detections || isWords) return { both: [], a: [], b: [], compared: { runs, kind, summary: '' } };
  const how = { size: a.images[0] as Size, threshold };
  if (kind === 'series')
    return drawSeries(
      runs,
      stability(
        runs.map(({ detections = [] }) => detections),
        how,
      ),
      highContrast,
    );
  if (isScoring(runs)) return drawScored([a, b], mistakes, highContrast);
  return drawPair(a, b, matchDetections(a.detections, b.detections ?? [], how), highContrast);
}

/** `only`: what is said of objects of one of them alone. */
export function drawPair(
  a: Inspection,
  b: Inspection,
  matching: Matching,
  highContrast: boolean,
  only: { a: string; b: string } = { a: t('only in A'), b: t('only in B') },
): Drawn {
  const object = (
    kind: Kind,
    run: Inspection,
    detection: Detection,
    id: string,
    value: string,
    more: Partial<ComparedObject> = {},
  ): StyledObject => {
    const was = more.was === undefined ? {} : { screenReaderText: [kindWord(kind), wasCalled(more.was), value].join(', ') };
    return styledObject(kind, run, detection, { id, value, highContrast, ...more, ...was });
  };
  const [renamed, kept] = [[...matching.moved, ...matching.same].filter(isRenamed), (pair: Pair) => !isRenamed(pair)];
  // Objects of A alone have an id that no object of B has.
  const lost = matching.lost.map((detection) => object('lost', a, detection, `a${detection.id}`, only.a));
  const added = matching.added.map((detection) => object('added', b, detection, detection.id, only.b));
  const inB = (kind: Kind) => (pair: Pair) =>
    object(kind, b, pair.b, pair.b.id, figureOf(pair), {
      ...(isRenamed(pair) ? { was: pair.a.label } : {}),
      ...(matching.moved.includes(pair) ? { earlier: pair.a.box } : {}),
    });
  const inA = (kind: Kind) => (pair: Pair) => object(kind, a, pair.a, pair.b.id, figureOf(pair));
  const pairs = { renamed, moved: matching.moved.filter(kept), same: matching.same.filter(kept) };
  const both = { renamed: pairs.renamed.map(inB('renamed')), moved: pairs.moved.map(inB('moved')), same: pairs.same.map(inB('same')) };
  const all = [...both.renamed, ...both.moved, ...both.same];
  return {
    both: [...added, ...lost, ...all],
    a: [...lost, ...pairs.renamed.map(inA('renamed')), ...pairs.moved.map(inA('moved')), ...pairs.same.map(inA('same'))],
    b: [...added, ...all.map(withoutEarlier)],
    compared: {
      runs: [a, b],
      kind: 'runs',
      summary: summaryOf(matching),
      groups: [
        { kind: 'added', objects: added },
        { kind: 'lost', objects: lost },
        { kind: 'renamed', objects: both.renamed },
        { kind: 'moved', objects: both.moved },
        { kind: 'same', objects: both.same },
      ],
    },
  };
}

function withoutEarlier(object: StyledObject): StyledObject {
  if (!object.compared?.earlier) return object;
  const { earlier: _, ...compared } = object.compared;
  return { ...object, compared };
}

function isRenamed({ a, b }: Pair): boolean {
  return labelKey(a.label) !== labelKey(b.label);
}

/** The label of an object in the run that it is compared with. */
export function wasCalled(label: string): string {
  return t('was {0}', shownLabel(label));
}

/** 0.897 must not look like 0.90, from where on it is the same. */
function figureOf({ agreement }: Pair): string {
  return (Math.floor(agreement * 100) / 100).toFixed(2);
}

/** Such as "3 added · 1 lost · 2 moved · 9 same · mean agreement 0.87". */
function summaryOf(matching: Matching): string {
  const mean = meanAgreement(matching);
  const renamed = [...matching.moved, ...matching.same].filter(isRenamed).length;
  const kept = (pairs: readonly Pair[]) => formatCount(pairs.filter((pair) => !isRenamed(pair)).length);
  return [
    t('{0} added', formatCount(matching.added.length)),
    t('{0} lost', formatCount(matching.lost.length)),
    ...(renamed > 0 ? [t('{0} renamed', formatCount(renamed))] : []),
    t('{0} moved', kept(matching.moved)),
    t('{0} same', kept(matching.same)),
    ...(mean === undefined ? [] : [t('mean agreement {0}', mean.toFixed(2))]),
  ].join(' · ');
}

/** The surest stand out. */
const FAINTEST = 0.25;

function drawSeries(runs: readonly Inspection[], found: readonly StableObject[], highContrast: boolean): Drawn {
  const objects = found.map(({ detection, run, found: times }, index): StyledObject => {
    const share = times / runs.length;
    const always = times === runs.length;
    const value = t('{0} of {1}', formatCount(times), formatCount(runs.length));
    const compared: ComparedObject = {
      run: runs[run]?.id ?? '',
      id: detection.id,
      // Of one run alone its own number would stand there twice.
      number: String(index + 1),
      found: times,
      value,
      screenReaderText: t('in {0} runs', value),
      strength: FAINTEST + (1 - FAINTEST) * share,
      tagged: true,
    };
    const line = always ? 'solid' : share >= 0.5 ? 'gapped' : 'dotted';
    const style: LabelStyle = { colour: KIND_COLOURS.moved, line, hollow: highContrast || !always };
    return { detection: { ...detection, id: String(index + 1) }, style, compared };
  });
  const always = found.filter((object) => object.found === runs.length).length;
  const summary = [t('{0} runs', formatCount(runs.length)), objectCount(found.length), t('{0} in every run', formatCount(always))].join(
    ' · ',
  );
  return { both: objects, a: objects, b: objects, compared: { runs, kind: 'series', summary } };
}
