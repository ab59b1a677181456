import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { PictureMode, Side } from '../../result/types.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { icon } from '../../widgets/icon.ts';
import type { MenuItem } from '../../widgets/popMenu.ts';
import { toolButton } from '../../widgets/toolButton.ts';

/** Controls of the toolbar while two runs or two pictures are compared: which of them is seen, and how. */
export function compareControls(page: PageContext): TemplateResult | typeof nothing {
  const { comparing } = page.state;
  if (page.shown.compared?.groups && comparing?.kind === 'runs')
    return html`<span class="separator"></span>${sides(page, comparing.side)}${blinkButton(page)}`;
  return page.shown.images.length > 1 ? html`<span class="separator"></span>${pictureModes(page)}${blinkButton(page)}` : nothing;
}

function sides(page: PageContext, now: Side): TemplateResult[] {
  const words: [Side, string, string][] = [
    ['a', t('A'), t('Only run A (,)')],
    ['b', t('B'), t('Only run B (.)')],
    ['both', t('Both'), t('Both runs (/)')],
  ];
  return words.map(([side, text, title]) =>
    toolButton({ text, title, pressed: side === now, click: () => page.dispatch({ type: 'side', side }) }),
  );
}

/** Buttons where there is room for them, else a menu. */
function pictureModes(page: PageContext): TemplateResult {
  const words: [PictureMode, string, string][] = [
    ['side', t('Side by Side'), t('Pictures beside each other')],
    ['above', t('Stacked'), t('One picture above the other')],
    ['swipe', t('Swipe'), t('One picture over the other, with a divider')],
    ['difference', t('Difference'), t('What changed, pixel by pixel')],
  ];
  const { pictures } = page.state;
  const now = pictures === 'auto' ? (page.isAbove ? 'above' : 'side') : pictures;
  const choose = (mode: PictureMode) => page.dispatch({ type: 'pictures', mode });
  return html`<span class="picture-modes">${words.map(([mode, text, title]) =>
    toolButton({ text, title, pressed: mode === now, click: () => choose(mode) }),
  )}</span><pop-menu class="picture-modes-menu" .text=${words.find(([mode]) => mode === now)?.[1] ?? ''} .label=${t('How the pictures stand')}
    .items=${words.map(([mode, text]): MenuItem => ({ id: mode, text, checked: mode === now }))} @menu-choose=${({ detail }: CustomEvent<PictureMode>) => choose(detail)}></pop-menu>`;
}

/** Shows one after the other for as long as it is held, by mouse or key. */
function blinkButton({ state, blink }: PageContext): TemplateResult {
  const key = (on: boolean) => (event: KeyboardEvent) => {
    if (event.key === ' ' || event.key === 'Enter') blink(on);
  };
  return html`<button type="button" class="tool text" title=${t('Blink (hold K)')} aria-pressed=${state.blink !== undefined}
    @pointerdown=${() => blink(true)} @pointerup=${() => blink(false)} @pointerleave=${() => blink(false)} @keydown=${key(true)} @keyup=${key(false)} @blur=${() => blink(false)}>
    ${icon('arrow-swap')}${t('Blink')}</button>`;
}
