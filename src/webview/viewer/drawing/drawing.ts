import type { Size } from '../../../core/base/geometry.ts';
import type { PlacedTag } from '../../../core/drawing/tagPlacement.ts';
import type { Outline } from '../../../core/masks/outline.ts';
import type { StyledObject } from '../../result/types.ts';
import type { Layer } from '../../state/pageState.ts';
import type { View } from '../../state/view.ts';

/** With more objects, the widths of lines and tags are corrected only when the zoom has ended: each correction styles all of them anew. */
export const LIVE_WIDTHS_UP_TO = 200;

export interface ViewerDrawing {
  objects: readonly StyledObject[];
  /** Some of them came with a mask. */
  masked: boolean;
  /** Outlines of masks that are known, by id. */
  outlines: ReadonlyMap<string, Outline>;
  /** Image pixels. */
  size: Size;
  layers: Readonly<Record<Layer, boolean>>;
  selected: string | undefined;
  hovered: string | undefined;
  /** Shown like hovered ones. */
  lit: readonly string[];
}

/** The id of an object's element in the picture. */
export function objectElementId(id: string): string {
  return `object-${id}`;
}

/** True where an object is shown by its mask. */
export function drawnAsMask(drawing: Pick<ViewerDrawing, 'layers' | 'outlines'>, id: string): boolean {
  return drawing.layers.masks && drawing.outlines.has(id);
}

/** Tags and the view they were placed in. */
export interface PlacedTags {
  tags: PlacedTag[];
  view: View;
  /** There is no room for names, but for those of the selected and the hovered object. */
  numbersOnly: boolean;
}
