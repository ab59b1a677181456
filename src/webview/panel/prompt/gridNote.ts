import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount } from '../../text/format.ts';

/** While the token grid is drawn: what its tiles are, and what the next smaller size would save. */
export function gridNote({ session, state }: PageContext): TemplateResult | typeof nothing {
  const { cost } = session;
  if (!state.tokenGrid || !cost?.tiles) return nothing;
  const { columns, rows, unit } = cost.tiles;
  const parts = [t('{0} × {1} tiles of {2} px', formatCount(columns), formatCount(rows), formatCount(unit))];
  if (cost.smaller) {
    const { width, height, tokens } = cost.smaller;
    parts.push(t('{0} × {1} px would save {2} tok', formatCount(width), formatCount(height), formatCount(cost.imageTokens - tokens)));
  }
  return html`<div class="cost" data-testid="token-grid-note">${parts.join(' · ')}</div>`;
}
