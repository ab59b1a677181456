import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Size } from '../../core/base/geometry.ts';
import type { Detection } from '../../core/inspection/inspection.ts';
import { styles } from '../widgets/styles.ts';
import { placeLine } from './lineTransform.ts';

/** The letters of all lines; the style sheet says the same. */
const FONT = '100px sans-serif';

let canvas: CanvasRenderingContext2D | null | undefined;

/** In letters of 1 pixel. */
function widthOf(words: string): number {
  canvas ??= document.createElement('canvas').getContext('2d');
  if (!canvas) return words.length / 2;
  canvas.font = FONT;
  return canvas.measureText(words).width / 100;
}

/** The lines of a text as transparent words over the picture, to be selected as in a page. The panel has the same words for screen readers. */
export function textLayer(lines: readonly Detection[], size: Size | undefined): TemplateResult | typeof nothing {
  if (lines.length === 0 || !size || size.width === 0) return nothing;
  return html`<div class="live-text" data-testid="live-text" aria-hidden="true" @pointerdown=${keepFromPanning} @dblclick=${stop} @click=${stop}>${guard([lines, size.width, size.height], () => lines.map((line) => oneLine(line, size)))}</div>`;
}

/** The break is for the clipboard: what stands in its own place begins no line there. */
function oneLine(line: Detection, size: Size): TemplateResult {
  const { height, fontSize, transform } = placeLine(line, size, widthOf);
  return html`<div class="text-line" dir="auto" data-testid="text-line" data-detection-id=${line.id} .style=${styles({ height: `${height}px`, 'line-height': `${height}px`, 'font-size': `${fontSize}px`, transform })}>${line.label.replaceAll('\n', ' ')}</div><br />`;
}

/** The mouse selects words; with other buttons, and with fingers, the picture moves. */
function keepFromPanning(event: PointerEvent): void {
  if (event.button === 0 && event.pointerType === 'mouse' && !event.altKey) event.stopPropagation();
}

function stop(event: Event): void {
  event.stopPropagation();
}
