import { html, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { PageContext } from '../../state/pageContext.ts';
import type { Tab } from '../../state/pageState.ts';

/** The tabs of a page that has room for the picture or the results, not for both. */
export function tabBar(page: PageContext): TemplateResult {
  const tabs: [Tab, string][] = [
    ['image', t('Image')],
    ['results', t('Results')],
  ];
  return html`<div class="tabs" role="tablist" aria-label=${t('View')} @keydown=${(event: KeyboardEvent) => turn(page, event)}>
    ${tabs.map(
      ([
        tab,
        text,
      ]) => html`<button type="button" class="tab" role="tab" data-tab=${tab} aria-selected=${page.state.tab === tab} tabindex=${page.state.tab === tab ? 0 : -1}
        @click=${() => page.dispatch({ type: 'tab', tab })}>${text}</button>`,
    )}
  </div>`;
}

function turn(page: PageContext, event: KeyboardEvent): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  event.preventDefault();
  const tab = page.state.tab === 'image' ? 'results' : 'image';
  page.dispatch({ type: 'tab', tab });
  (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`[data-tab="${tab}"]`)?.focus();
}
