import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount } from '../../text/format.ts';
import { toolButton } from '../../widgets/toolButton.ts';

/** Of an image of a set: its place, and the ways to the next and the one before. */
export function setSteps(page: PageContext): TemplateResult | typeof nothing {
  const place = page.session.inSet;
  if (place === undefined) return nothing;
  const { at, of } = place;
  return html`${toolButton({ icon: 'arrow-left', title: t('Previous image of the set (Shift+X)'), disabled: at === 0, testId: 'set-previous', click: () => askForStep(page, -1) })}
    <span class="quiet wide">${t('{0} of {1}', formatCount(at + 1), formatCount(of))}</span>
    ${toolButton({ icon: 'arrow-right', title: t('Next image of the set (X)'), disabled: at >= of - 1, testId: 'set-next', click: () => askForStep(page, 1) })}`;
}

/** Asks for the next image of the set, or the one before, where there is one. */
export function askForStep({ session, post }: PageContext, step: 1 | -1): void {
  const place = session.inSet;
  const to = (place?.at ?? 0) + step;
  if (place !== undefined && to >= 0 && to < place.of) post({ type: 'stepInSet', step });
}
