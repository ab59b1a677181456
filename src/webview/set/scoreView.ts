import './confusionMatrix.ts';
import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { t } from '../../core/base/l10n.ts';
import type { Evaluation } from '../../core/scoring/evaluation.ts';
import { type ConfusionCell, cellKey } from '../../core/scoring/objectCells.ts';
import type { SetScoreView } from '../../setProtocol.ts';
import { scoreFigures } from '../panel/comparison/evaluationFigures.ts';
import { imageCount } from '../text/counts.ts';
import { formatCount, formatRatio } from '../text/format.ts';
import { shownLabel } from '../text/objectText.ts';
import { toolButton } from '../widgets/toolButton.ts';
import { cellName } from './confusionMatrix.ts';

/** Mistakes and labels that are listed. */
const MOST_LISTED = 200;

/** What the score takes. */
export interface ScoreContext {
  score: SetScoreView;
  /** Whose images are listed. */
  cell: ConfusionCell | undefined;
  choose(cell: ConfusionCell | undefined): void;
  close(): void;
}

/** The places of the images that hold objects of a cell. */
export function placesIn(score: SetScoreView | undefined, cell: ConfusionCell | undefined): readonly number[] {
  if (score === undefined || cell === undefined) return [];
  const key = cellKey(cell);
  return score.places[score.evaluation.confusion.findIndex((one) => cellKey(one) === key)] ?? [];
}

/** Beside the grid: how well the results agree with labels. Each number of objects lists the images that hold them. */
export function scoreView({ score, cell, choose, close }: ScoreContext): TemplateResult {
  const { evaluation, labels, hasConfidences, without, unreadable } = score;
  const { images, iou, truePositives, falsePositives, falseNegatives } = evaluation;
  const facts = [labels, imageCount(images), t('IoU {0}', iou)].filter((fact) => fact !== '');
  const notes = [
    !hasConfidences && t('The results have no confidences: all their objects count as equally sure.'),
    without > 0 && t('Without labels, and left out: {0}.', imageCount(without)),
    unreadable > 0 && t('With labels that cannot be read, and left out: {0}.', imageCount(unreadable)),
  ].filter((note) => note !== false);
  const counts = [
    { name: t('True'), value: formatCount(truePositives), title: t('Found, and in the labels') },
    { name: t('False'), value: formatCount(falsePositives), title: t('Found, and not in the labels') },
    { name: t('Missed'), value: formatCount(falseNegatives), title: t('In the labels, and not found') },
  ];
  return html`<section class="set-evaluation" data-testid="evaluation" aria-label=${t('Score against the labels')} tabindex="-1">
    <header><h2>${t('Score against the labels')}</h2><span class="quiet clip grow" title=${facts.join(' · ')}>${facts.join(' · ')}</span>
      ${toolButton({ icon: 'close', title: t('Close Score'), testId: 'close-score', click: close })}</header>
    <dl class="set-figures">${[...scoreFigures(evaluation), ...counts].map(({ name, value, title }) => html`<div title=${title}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    ${notes.map((note) => html`<p class="note">${note}</p>`)}
    ${guard([evaluation, cell], () => [
      html`<h3>${t('Confusion matrix')}</h3><p class="note">${t('Select a number to list the images with its objects.')}</p>
        <confusion-matrix .evaluation=${evaluation} .chosen=${cell} @choose-cell=${({ detail }: CustomEvent<ConfusionCell | null>) => choose(detail ?? undefined)}></confusion-matrix>`,
      mistakes(evaluation, cell, choose),
      byLabel(evaluation),
    ])}
  </section>`;
}

/** Of many labels the matrix is large: the most frequent mistakes, in words. */
function mistakes(
  { confusion }: Evaluation,
  chosen: ConfusionCell | undefined,
  choose: ScoreContext['choose'],
): TemplateResult | typeof nothing {
  const wrong = confusion.filter(({ label, as }) => label !== as);
  if (wrong.length === 0) return nothing;
  const chosenKey = chosen && cellKey(chosen);
  const rows = wrong.toSorted((a, b) => b.count - a.count).slice(0, MOST_LISTED);
  return html`<h3>${t('Mistakes')}</h3>
    <table class="totals"><thead><tr><th scope="col">${t('Mistake')}</th><th scope="col">${t('Objects')}</th></tr></thead>
    <tbody>${rows.map(({ label, as, count }) => {
      const isChosen = cellKey({ label, as }) === chosenKey;
      return html`<tr><th scope="row"><button type="button" class="link" aria-pressed=${isChosen} @click=${() => choose(isChosen ? undefined : { label, as })}>${cellName({ label, as })}</button></th>
        <td>${formatCount(count)}</td></tr>`;
    })}</tbody></table>
    ${wrong.length > MOST_LISTED ? html`<p class="note">${t('{0} more kinds of mistakes are rarer.', formatCount(wrong.length - MOST_LISTED))}</p>` : nothing}`;
}

function byLabel(evaluation: Evaluation): TemplateResult {
  const { perLabel } = evaluation;
  return html`<h3>${t('By Label')}</h3>
    <div class="matrix-scroll"><table class="totals"><thead><tr><th scope="col">${t('Label')}</th><th scope="col">${t('Objects')}</th><th scope="col">${t('Precision')}</th>
      <th scope="col">${t('Recall')}</th>${scoreFigures(evaluation)
        .slice(-2)
        .map(({ name, title }) => html`<th scope="col" title=${title}>${name}</th>`)}</tr></thead>
    <tbody>${perLabel.slice(0, MOST_LISTED).map(
      ({ label, count, precision, recall, ap50, ap }) => html`<tr><th scope="row">${shownLabel(label)}</th><td>${formatCount(count)}</td>
        ${[precision, recall, ap50, ap].map((value) => html`<td>${formatRatio(value)}</td>`)}</tr>`,
    )}</tbody></table></div>
    ${perLabel.length > MOST_LISTED ? html`<p class="note">${t('{0} more labels have fewer objects.', formatCount(perLabel.length - MOST_LISTED))}</p>` : nothing}`;
}
