import { html, nothing, render } from 'lit';
import type { Size } from '../../core/geometry.ts';
import { t } from '../../core/l10n.ts';
import { formatCount } from '../text/format.ts';

/** Draws place and colour of a point (image pixels) into the read-out, which is hidden without a point. `size`: of the picture. */
export function showReadout(
  readout: HTMLElement,
  point: { x: number; y: number } | undefined,
  size: Size,
  colour: string | undefined,
): void {
  readout.hidden = point === undefined;
  if (!point) return;
  const thousandth = (value: number, whole: number) => Math.round((value / whole) * 1000);
  readout.title = t('0 to 1000 as Gemini counts, here across, then down; in replies down comes first.');
  render(
    html`<span>${`x ${formatCount(Math.floor(point.x))}  y ${formatCount(Math.floor(point.y))}`}</span><span class="quiet">${` · ${t('0 to 1000: {0}, {1}', thousandth(point.x, size.width), thousandth(point.y, size.height))}`}</span>${
      colour === undefined
        ? nothing
        : html`<span> · </span><span class="colour"><svg width="10" height="10"><rect width="10" height="10" fill=${colour} /></svg>${colour}</span>`
    }`,
    readout,
  );
}
