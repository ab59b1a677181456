import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { t } from '../../core/l10n.ts';
import { formatBytes, formatCount } from '../figures.ts';
import type { PageContext } from '../pageContext.ts';
import { toolButton } from '../widgets/toolButton.ts';

/** More would make the page slow; Copy takes all of it. */
export const SHOWN_CHARACTERS = 200_000;

/** The reply as it came, with numbered lines. */
export function rawReply(page: PageContext): TemplateResult | typeof nothing {
  const { run } = page.shown;
  if (!run || !page.state.raw) return nothing;
  const { raw } = run;
  return html`<div class="raw">
    <div class="raw-title"><strong>${t('Raw reply')}</strong><span class="quiet">${formatBytes(raw.length)}</span><span class="grow"></span>
      ${toolButton({ icon: 'copy', title: t('Copy raw reply'), click: () => page.post({ type: 'act', action: 'copyText', text: raw }) })}
      ${toolButton({ icon: 'close', title: t('Close'), click: () => page.dispatch({ type: 'toggleRaw' }) })}</div>
    ${raw.length > SHOWN_CHARACTERS ? html`<p class="note">${t('The first {0} of {1} characters. Copy takes all.', formatCount(SHOWN_CHARACTERS), formatCount(raw.length))}</p>` : nothing}
    <div class="raw-text" tabindex="0" role="region" aria-label=${t('Raw reply')}>
      ${guard([raw], () => {
        const text = raw.slice(0, SHOWN_CHARACTERS);
        const numbers = Array.from({ length: text.split('\n').length }, (_, index) => index + 1).join('\n');
        return html`<pre class="line-numbers" aria-hidden="true">${numbers}</pre><pre data-testid="raw">${text}</pre>`;
      })}
    </div>
  </div>`;
}
