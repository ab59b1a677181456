import { html, nothing, type TemplateResult } from 'lit';
import { icon } from './icon.ts';

export interface ToolButton {
  /** Name of a codicon, or a text. */
  icon?: string;
  text?: string;
  /** Tooltip, and the accessible name where there is no text. */
  title: string;
  /** For toggles. */
  pressed?: boolean;
  disabled?: boolean;
  testId?: string;
  click(): void;
}

/** A small borderless button of toolbars and heads. */
export function toolButton(button: ToolButton): TemplateResult {
  return html`<button
    type="button" class="tool ${button.text ? 'text' : ''}" title=${button.title} aria-label=${button.text ? nothing : button.title}
    aria-pressed=${button.pressed ?? nothing} ?disabled=${button.disabled ?? false} data-testid=${button.testId ?? nothing}
    @click=${() => button.click()}>${button.icon ? icon(button.icon) : nothing}${button.text ?? nothing}</button>`;
}
