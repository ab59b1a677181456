import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { PLACES_TOKENS, tokensAndPrice } from '../../text/format.ts';

/** Whether the answer comes with the places of what it names, by the cost line; absent for other tasks. */
export function placesMenu(page: PageContext): TemplateResult | typeof nothing {
  const { pointInAnswers, cost } = page.session;
  const { task } = page.state;
  if (task !== 'caption' && task !== 'ask') return nothing;
  const dollars = cost?.outputPrice === undefined ? undefined : (PLACES_TOKENS * cost.outputPrice) / 1e6;
  const items = [
    {
      id: 'on',
      text: t('Words That Point to the Image'),
      detail: `≈ + ${tokensAndPrice(PLACES_TOKENS, dollars)}`,
      checked: pointInAnswers,
    },
    { id: 'off', text: t('Words Only'), checked: !pointInAnswers },
  ];
  return html`<pop-menu data-testid="places" .icon=${pointInAnswers ? 'location' : 'whole-word'} .label=${t('Places in the answer: {0}', pointInAnswers ? t('On') : t('Off'))}
    .arrow=${false} .items=${items}
    @menu-choose=${({ detail }: CustomEvent<string>) => page.post({ type: 'pointInAnswers', on: detail === 'on' })}></pop-menu>`;
}
