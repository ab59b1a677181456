import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { PageContext } from '../../state/pageContext.ts';

/** The speeds at which a request can be answered, by the cost line; absent where there is only one. */
export function speedMenu(page: PageContext): TemplateResult | typeof nothing {
  const { speed } = page.session;
  if (speed === undefined) return nothing;
  const names = { standard: t('Standard'), flex: t('Flex') };
  const items = [
    { id: 'standard', text: names.standard, detail: t('usual price'), checked: speed === 'standard' },
    { id: 'flex', text: names.flex, detail: t('half price, may take 15 minutes'), checked: speed === 'flex' },
  ];
  return html`<pop-menu data-testid="speed" .icon=${speed === 'standard' ? 'dashboard' : 'clockface'} .label=${t('Speed: {0}', names[speed])}
    .arrow=${false} .items=${items}
    @menu-choose=${({ detail }: CustomEvent<string>) => page.post({ type: 'speed', speed: detail === 'flex' ? 'flex' : 'standard' })}></pop-menu>`;
}
