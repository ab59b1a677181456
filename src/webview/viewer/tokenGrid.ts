import { type SVGTemplateResult, svg } from 'lit';
import type { Size } from '../../core/geometry.ts';
import type { CostBasis } from '../../protocol.ts';

export type Tiles = NonNullable<CostBasis['tiles']>;

/** Where the lines between tiles stand, in pixels of the picture. */
export function gridLines({ columns, rows, unit }: Tiles, { width, height }: Size): { x: number[]; y: number[] } {
  const lines = (count: number, whole: number) =>
    Array.from({ length: count - 1 }, (_, i) => (i + 1) * unit).filter((place) => place < whole);
  return { x: lines(columns, width), y: lines(rows, height) };
}

/** The tiles or patches that the model sees the picture as. */
export function drawTokenGrid(tiles: Tiles, size: Size): SVGTemplateResult {
  const { x, y } = gridLines(tiles, size);
  const path = [...x.map((place) => `M${place},0V${size.height}`), ...y.map((place) => `M0,${place}H${size.width}`)].join('');
  return svg`<g class="token-grid" data-testid="token-grid" aria-hidden="true"><path class="grid-casing" d=${path} /><path class="grid-line" d=${path} /></g>`;
}
