import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount } from '../../text/format.ts';
import type { MenuItem } from '../../widgets/popMenu.ts';
import { toolButton } from '../../widgets/toolButton.ts';

/** Of an image of a set: its place, the ways to the next, the one before and the set, and what a person says of it. */
export function setSteps(page: PageContext): TemplateResult | typeof nothing {
  const place = page.session.inSet;
  if (place === undefined) return nothing;
  const { at, of, review } = place;
  return html`<span class="set-judge">${toolButton({ icon: 'thumbsup', title: t('Accept, and on (Shift+A)'), pressed: review === 'accepted', testId: 'set-accept', click: () => judgeImage(page, 'accepted') })}${toolButton({ icon: 'thumbsdown', title: t('Reject, and on (Shift+R)'), pressed: review === 'rejected', testId: 'set-reject', click: () => judgeImage(page, 'rejected') })}</span>
    <span class="set-step">${toolButton({ icon: 'arrow-left', title: t('Previous image of the set (Shift+X)'), disabled: at === 0, testId: 'set-previous', click: () => askForStep(page, -1) })}</span>
    <span class="quiet set-judge">${t('{0} of {1}', formatCount(at + 1), formatCount(of))}</span>
    <span class="set-step">${toolButton({ icon: 'arrow-right', title: t('Next image of the set (X)'), disabled: at >= of - 1, testId: 'set-next', click: () => askForStep(page, 1) })}</span>
    <span class="set-judge">${toolButton({ icon: 'layers', title: t('Back to the set (U)'), testId: 'set-back', click: () => askForSet(page) })}</span>`;
}

/** The same as items of a menu, where the bar has no room for them. */
export function setItems(page: PageContext): (MenuItem & { run(): void })[] {
  if (page.session.inSet === undefined) return [];
  return [
    { id: 'next', icon: 'arrow-right', text: t('Next Image'), detail: 'X', run: () => askForStep(page, 1) },
    { id: 'previous', icon: 'arrow-left', text: t('Previous Image'), run: () => askForStep(page, -1) },
    { id: 'accept', icon: 'thumbsup', text: t('Accept'), run: () => judgeImage(page, 'accepted') },
    { id: 'reject', icon: 'thumbsdown', text: t('Reject'), run: () => judgeImage(page, 'rejected') },
    { id: 'back', icon: 'layers', text: t('Back to the Set'), detail: 'U', run: () => askForSet(page) },
  ];
}

/** Asks for the next image of the set, or the one before, where there is one. */
export function askForStep({ session, post }: PageContext, step: 1 | -1): void {
  const place = session.inSet;
  const to = (place?.at ?? 0) + step;
  if (place !== undefined && to >= 0 && to < place.of) post({ type: 'stepInSet', step });
}

/** Says what the user thinks of the image's result, and goes on to the next one. */
export function judgeImage({ session, post, say }: PageContext, judged: 'accepted' | 'rejected'): void {
  if (session.inSet === undefined) return;
  post({ type: 'stepInSet', step: 1, judged });
  say(judged === 'accepted' ? t('Accepted') : t('Rejected'));
}

/** Asks for the page of the set. */
export function askForSet({ session, post }: PageContext): void {
  if (session.inSet !== undefined) post({ type: 'backToSet' });
}
