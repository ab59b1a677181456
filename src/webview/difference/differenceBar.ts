import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import { ALIGNMENTS, type Alignment, type ImageDifference } from '../../core/inspection/imageDifference.ts';
import { failureMessage } from '../panel/messages/failure.ts';
import type { PageContext } from '../state/pageContext.ts';
import { describeDifference } from '../text/describeDifference.ts';
import { formatCount } from '../text/format.ts';
import { icon } from '../widgets/icon.ts';
import { toolButton } from '../widgets/toolButton.ts';

/** What changed, in words, and the way from region to region; floats over the picture. */
export function differenceBar(page: PageContext): TemplateResult | typeof nothing {
  const { known } = page.difference;
  if (!known) return nothing;
  if (known.state === 'failed') return html`<div class="viewer-problem">${failureMessage(page, known.problem)}</div>`;
  return html`<div class="difference-bar float" role="group" aria-label=${t('Differences')}>${
    known.state === 'comparing'
      ? html`${icon('loading codicon-modifier-spin')}<span data-testid="difference">${t('Comparing pixels…')}</span>`
      : html`<span class="difference-words" data-testid="difference">${describeDifference(known.difference)}</span>${steps(page, known.difference)}${alignments(page, known.difference)}`
  }</div>`;
}

function steps({ difference: { at, step } }: PageContext, { regions }: ImageDifference): TemplateResult | typeof nothing {
  if (regions.length === 0) return nothing;
  return html`<span class="difference-steps">${at === undefined ? nothing : html`<span class="quiet difference-place" data-testid="difference-place">${t('{0} of {1}', formatCount(at + 1), formatCount(regions.length))}</span>`}
    ${toolButton({ icon: 'arrow-up', title: t('Previous changed region (Shift+N)'), click: () => step(-1) })}
    ${toolButton({ icon: 'arrow-down', title: t('Next changed region (N)'), click: () => step(1) })}</span>`;
}

/** Pictures of other sizes lie over each other by a corner or by their centers. */
function alignments({ state, dispatch }: PageContext, { sizes: [older, newer] }: ImageDifference): TemplateResult | typeof nothing {
  if (!older || !newer || (older.width === newer.width && older.height === newer.height)) return nothing;
  const words: Record<Alignment, [text: string, title: string]> = {
    corner: [t('Corner'), t('Align the upper left corners')],
    center: [t('Center'), t('Align the centers')],
  };
  const size = ({ width, height }: { width: number; height: number }) => `${formatCount(width)} × ${formatCount(height)}`;
  return html`<span class="difference-steps"><span class="quiet" data-testid="difference-sizes">${`${size(older)} → ${size(newer)}`}</span>
    ${ALIGNMENTS.map((alignment) => {
      const [text, title] = words[alignment];
      return toolButton({ text, title, pressed: state.alignment === alignment, click: () => dispatch({ type: 'align', alignment }) });
    })}</span>`;
}
