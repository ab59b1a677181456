import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Box } from '../../core/inspection/inspection.ts';
import type { PictureDifference } from '../result/types.ts';
import type { PageContext } from '../state/pageContext.ts';
import { styles } from '../widgets/styles.ts';

/** Over the newer picture: the pixels that differ, and a frame around each changed region. The bar has the same in words. */
export function differenceLayer({ difference: { known, at, go } }: PageContext): TemplateResult | typeof nothing {
  if (known?.state !== 'known') return nothing;
  return html`<div class="difference-layer" data-testid="difference-layer" aria-hidden="true">${guard([known, at], () => drawn(known, at, go))}</div>`;
}

function drawn({ difference, pixels }: PictureDifference & { state: 'known' }, at: number | undefined, go: (place: number) => void) {
  return html`${pixels ? html`<img class="difference-pixels" src=${pixels.src} alt="" draggable="false" .style=${placed(pixels.box)} />` : nothing}
    ${difference.regions.map(
      (region, place) =>
        html`<i class="changed-region ${place === at ? 'current' : ''}" data-testid="changed-region" .style=${placed(region)} @click=${() => go(place)}></i>`,
    )}`;
}

/** Box in image pixels. */
function placed({ x, y, width, height }: Box): string {
  return styles({ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
}
