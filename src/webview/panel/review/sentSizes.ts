import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../../../core/base/format.ts';
import { t } from '../../../core/base/l10n.ts';
import type { SendReview, SentSize } from '../../../protocol.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount } from '../../text/format.ts';

/** The sizes in which the picture can be sent, side by side with what each comes to. */
export function sentSizes(page: PageContext, review: SendReview): TemplateResult | typeof nothing {
  const chosen = page.session.sendAt ?? 0;
  const sizes = worthwhile(review.sizes ?? [], chosen);
  if (sizes.length < 2) return nothing;
  return html`<table class="sent-sizes" data-testid="send-sizes"><caption class="visually-hidden">${t('Size')}</caption>
    <thead><tr><th scope="col">${t('Send at')}</th><th scope="col">${t('Pixels')}</th><th scope="col">${t('Tokens')}</th><th scope="col">${t('Bytes')}</th></tr></thead>
    <tbody>${sizes.map(({ maxDimension, width, height, tokens, bytes }) => {
      const name = sizeName(maxDimension);
      return html`<tr><th scope="row"><label><input type="radio" name="send-size" .checked=${maxDimension === chosen}
          @change=${() => page.post({ type: 'sendAt', maxDimension })} />${name}</label></th>
        <td>${formatCount(width)} × ${formatCount(height)}</td><td>${formatCount(tokens)}</td><td>${bytes === undefined ? '' : formatBytes(bytes)}</td></tr>`;
    })}</tbody></table>`;
}

/** The first, which is the picture as it is, and those that save tokens or bytes; and the one that is chosen, whatever it saves. */
function worthwhile([full, ...smaller]: readonly SentSize[], chosen: number): SentSize[] {
  if (full === undefined) return [];
  const saves = ({ tokens, bytes }: SentSize) =>
    tokens < full.tokens || (bytes !== undefined && full.bytes !== undefined && bytes < full.bytes);
  return [full, ...smaller.filter((size) => size.maxDimension === chosen || saves(size))];
}

/** Of a longest side in pixels; 0 is as it is. */
export function sizeName(maxDimension: number): string {
  return maxDimension === 0 ? t('Full') : formatCount(maxDimension);
}
