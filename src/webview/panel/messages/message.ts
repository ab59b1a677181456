import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../widgets/icon.ts';

export interface MessageButton {
  text: string;
  kind: 'primary' | 'secondary' | 'link';
  /** Name of a codicon. */
  icon?: string;
  click(): void;
}

export interface Message {
  /** Name of a codicon and its colour. */
  icon: string;
  tone: '' | 'warning' | 'error' | 'info';
  title: string;
  detail?: string;
  /** A bar under the text. */
  bar?: TemplateResult;
  buttons?: readonly MessageButton[];
  /** `data-testid` of the title. */
  testId?: string;
  /** Said by screen readers at once. */
  alert?: boolean;
}

/** A block in the panel that says what happened and offers the next step. */
export function message({ icon: name, tone, title, detail, bar, buttons = [], testId, alert = false }: Message): TemplateResult {
  return html`<div class="message" role=${alert ? 'alert' : nothing}>
    <div class="message-top">${icon(name, tone)}<div class="grow">
      <strong data-testid=${testId ?? nothing}>${title}</strong>${detail ? html`<p>${detail}</p>` : nothing}
    </div></div>
    ${bar ?? nothing}
    ${buttons.length > 0 ? html`<div class="buttons">${buttons.map(messageButton)}</div>` : nothing}
  </div>`;
}

/** A button with a text, as in messages and under texts. */
export function messageButton(button: MessageButton): TemplateResult {
  return html`<button type="button" class=${button.kind === 'link' ? 'link' : `button ${button.kind}`} @click=${() => button.click()}>
    ${button.icon ? icon(button.icon) : nothing}${button.text}</button>`;
}
