import { html, nothing, type TemplateResult } from 'lit';
import { formatUsd } from '../../../core/base/format.ts';
import { t } from '../../../core/base/l10n.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount, PLACES_TOKENS } from '../../text/format.ts';

/** Whether the answer comes with the places of what it names, by the cost line; absent for other tasks. */
export function placesMenu(page: PageContext): TemplateResult | typeof nothing {
  const { pointInAnswers, cost } = page.session;
  const { task } = page.state;
  if (task !== 'caption' && task !== 'ask') return nothing;
  const tokens = t('about {0} more output tokens', formatCount(PLACES_TOKENS));
  const price = cost?.outputPrice === undefined ? '' : ` · ${formatUsd((PLACES_TOKENS * cost.outputPrice) / 1e6)}`;
  const items = [
    { id: 'on', text: t('Words That Point to the Image'), detail: tokens + price, checked: pointInAnswers },
    { id: 'off', text: t('Words Only'), checked: !pointInAnswers },
  ];
  return html`<pop-menu data-testid="places" .icon=${'location'} .text=${pointInAnswers ? '' : t('Words Only')} .label=${t('Places in the answer: {0}', pointInAnswers ? t('On') : t('Off'))}
    .items=${items}
    @menu-choose=${({ detail }: CustomEvent<string>) => page.post({ type: 'pointInAnswers', on: detail === 'on' })}></pop-menu>`;
}
