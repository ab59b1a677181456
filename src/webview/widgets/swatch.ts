import { html, nothing, type TemplateResult } from 'lit';
import type { LabelStyle, LineStyle } from '../../core/drawing/palette.ts';

const DASHES: Partial<Record<LineStyle, string>> = {
  dashed: '4 2',
  dotted: '1.5 1.5',
  gapped: '5 2',
  long: '7 3',
  fine: '2 2.5',
  dashDot: '7 2 2 2',
};

/** The colour of a label beside its name: filled for plain lines, else hollow with the line itself. Decoration; looks the same in every root. */
export function swatch({ colour, line, hollow }: LabelStyle): TemplateResult {
  return html`<svg class="swatch" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
    <rect x="2.5" y="2.5" width="9" height="9" rx="1.5" fill="none" stroke="#000" stroke-width="4" />
    <rect x="2.5" y="2.5" width="9" height="9" rx="1" fill=${hollow ? 'none' : colour} stroke=${colour} stroke-width="2" stroke-dasharray=${DASHES[line] ?? nothing} />
  </svg>`;
}
