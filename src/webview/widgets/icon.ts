import { html, type TemplateResult } from 'lit';

/** A codicon by name; decoration only, so that names come from the text or label beside it. */
export function icon(name: string, tone = ''): TemplateResult {
  return html`<span class="codicon codicon-${name} ${tone}" aria-hidden="true"></span>`;
}
