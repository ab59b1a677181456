import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Evaluation } from '../../../core/scoring/evaluation.ts';
import type { Compared, Comparing } from '../../result/types.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount, formatRatio } from '../../text/format.ts';

/** How well a run agrees with the labels of its image, in figures; and the choice to see its mistakes alone. */
export function evaluationFigures(
  page: PageContext,
  { evaluation, runs }: Compared,
  comparing: Comparing & { kind: 'runs' },
): TemplateResult {
  if (evaluation === undefined) return html``;
  const change = ({ target }: Event) => page.compare({ ...comparing, mistakes: (target as HTMLInputElement).checked });
  const hasConfidence = runs.some(
    ({ source, detections }) => source !== 'file' && detections?.some(({ confidence }) => confidence !== undefined),
  );
  return html`<section class="evaluation" data-testid="evaluation" aria-label=${t('Score against the labels')}>
    <dl class="facts">${scoreFigures(evaluation).map(({ name, value, title }) => html`<div title=${title}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <label class="check"><input type="checkbox" .checked=${comparing.mistakes === true} @change=${change}>${t('Only mistakes')}</label>
    ${hasConfidence ? nothing : html`<p class="note">${t('The result has no confidences: all its objects count as equally sure.')}</p>`}
  </section>`;
}

/** The figures of an evaluation with their names, and what they mean. */
export function scoreFigures({ precision, recall, f1, ap50, ap, labels }: Evaluation): { name: string; value: string; title: string }[] {
  const share = formatRatio;
  return [
    { name: t('Labels'), value: formatCount(labels), title: t('Objects in the labels') },
    { name: t('Precision'), value: share(precision), title: t('Share of what was found that is right') },
    { name: t('Recall'), value: share(recall), title: t('Share of the labels that was found') },
    { name: 'F1', value: share(f1), title: t('Precision and recall in one') },
    { name: 'AP50', value: share(ap50), title: t('Average precision at an overlap (IoU) of 0.5') },
    { name: 'AP', value: share(ap), title: t('Average precision as COCO counts it, over overlaps (IoU) from 0.5 to 0.95') },
  ];
}
