import { t } from '../../core/base/l10n.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import { Scorer, USUAL_IOU } from '../../core/scoring/evaluate.ts';
import { scoredImage } from '../../core/scoring/scoredImage.ts';
import { formatCount } from '../text/format.ts';
import { shownLabel } from '../text/objectText.ts';
import { type Drawn, styledObject } from './comparedObject.ts';
import type { Kind } from './types.ts';

/** True for two runs of which one has the labels of the image out of a file, to which the other is compared. */
export function isScoring(runs: readonly Pick<Inspection, 'source'>[]): boolean {
  return runs.length === 2 && runs.filter(({ source }) => source === 'file').length === 1;
}

/** The id of an object of the labels where it stands beside those of a result: none of these has it. */
export function labelsId(id: string): string {
  return `a${id}`;
}

/** A run against the labels of its image: which of its objects are right, which are not, and which it has missed. `mistakes`: only those. */
export function drawScored(runs: readonly [Inspection, Inspection], mistakes: boolean, highContrast: boolean): Drawn {
  const [a, b] = runs;
  const [labels, result] = a.source === 'file' ? [a, b] : [b, a];
  const scorer = new Scorer(USUAL_IOU);
  const verdicts = scorer.add(scoredImage('', labels, result));
  const evaluation = scorer.end();
  const truth = new Map((labels.detections ?? []).map((detection) => [detection.id, detection]));
  const groups: Record<'wrong' | 'missed' | 'right', Drawn['both']> = { wrong: [], missed: [], right: [] };
  const object = (kind: Kind & keyof typeof groups, run: Inspection, id: string, value: string) => {
    const detection = run.detections?.find((one) => one.id === id);
    if (detection === undefined) return;
    const own = run === labels ? labelsId(id) : id;
    groups[kind].push(styledObject(kind, run, detection, { id: own, value, highContrast }));
  };
  for (const { id } of result.detections ?? []) {
    const { verdict, of } = verdicts.found.get(id) ?? { verdict: 'ignored' };
    if (verdict === 'true') object('right', result, id, t('in the labels'));
    if (verdict === 'false')
      object('wrong', result, id, of === undefined ? t('not in the labels') : t('labeled {0}', shownLabel(truth.get(of)?.label ?? '')));
  }
  for (const { id } of labels.detections ?? [])
    if (verdicts.truth.get(id)?.verdict === 'missed') object('missed', labels, id, t('only in the labels'));
  const { wrong, missed, right } = groups;
  const shown = mistakes ? [] : right;
  const found = [...wrong, ...shown];
  const [ofLabels, ofResult] = [[...missed, ...shown], found];
  return {
    both: [...wrong, ...missed, ...shown],
    a: a === labels ? ofLabels : ofResult,
    b: a === labels ? ofResult : ofLabels,
    compared: {
      runs,
      kind: 'runs',
      evaluation,
      summary: [
        t('{0} true', formatCount(evaluation.truePositives)),
        t('{0} false', formatCount(evaluation.falsePositives)),
        t('{0} missed', formatCount(evaluation.falseNegatives)),
      ].join(' · '),
      groups: [
        { kind: 'wrong', objects: wrong },
        { kind: 'missed', objects: missed },
        { kind: 'right', objects: shown },
      ],
    },
  };
}
