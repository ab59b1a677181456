import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { t } from '../../../core/base/l10n.ts';
import type { Appearance } from '../../../protocol.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { INITIAL_APPEARANCE } from '../../state/pageState.ts';
import { formatCount } from '../../text/format.ts';

/** The button over the picture that opens the choices of how things look. They act at once and are kept when a control is let go. */
export function appearancePanel(page: PageContext): TemplateResult {
  return html`<pop-panel class="appearance" .icon=${'settings'} .label=${t('Appearance (A)')} .heading=${t('Appearance')} .testId=${'appearance'} .content=${() => fields(page)}></pop-panel>`;
}

function fields(page: PageContext): TemplateResult {
  const { appearance } = page.state;
  const set = (part: Partial<Appearance>) => page.dispatch({ type: 'appearance', appearance: part });
  const percent = (name: 'fill' | 'outline' | 'labels', text: string) =>
    slider(text, Math.round(appearance[name] * 100), 100, t('{0} %', formatCount(appearance[name] * 100)), (value) =>
      set({ [name]: value / 100 }),
    );
  const threshold = appearance.threshold ?? page.session.maskThreshold;
  return html`<div class="fields" @change=${page.keepAppearance}>
    ${percent('fill', t('Fill'))}${percent('outline', t('Outline'))}${percent('labels', t('Labels'))}
    ${page.masks.soft() ? slider(t('Mask threshold'), threshold, 254, String(threshold), (value) => set({ threshold: value })) : nothing}
    ${choice(t('Color by'), 'colourBy', appearance.colourBy, { label: t('Label'), object: t('Object') }, (colourBy) => set({ colourBy }))}
    ${choice(
      t('Background'),
      'background',
      appearance.background,
      { theme: t('Theme'), checkerboard: t('Checkerboard'), black: t('Black'), white: t('White') },
      (background) => set({ background }),
    )}
    <label class="check"><input type="checkbox" .checked=${live(appearance.readout)} @input=${({ target }: Event) => set({ readout: (target as HTMLInputElement).checked })} />${t('Pointer coordinates and color')}</label>
    <button type="button" class="button secondary" @click=${() => {
      set({ ...INITIAL_APPEARANCE, threshold: undefined });
      page.keepAppearance();
    }}>${t('Reset')}</button>
  </div>`;
}

function slider(name: string, value: number, max: number, text: string, set: (value: number) => void): TemplateResult {
  return html`<label class="slider"><span>${name}</span><input type="range" min="0" max=${max} .value=${live(String(value))} aria-valuetext=${text}
    @input=${({ target }: InputEvent) => set(Number((target as HTMLInputElement).value))} /><output>${text}</output></label>`;
}

/** One of a few, as native radio buttons. */
function choice<Value extends string>(
  name: string,
  group: string,
  chosen: Value,
  values: Readonly<Record<Value, string>>,
  set: (value: Value) => void,
): TemplateResult {
  return html`<fieldset><legend>${name}</legend>${(Object.entries(values) as [Value, string][]).map(
    ([value, text]) =>
      html`<label class="check"><input type="radio" name=${group} value=${value} .checked=${live(value === chosen)} @input=${() => set(value)} />${text}</label>`,
  )}</fieldset>`;
}
