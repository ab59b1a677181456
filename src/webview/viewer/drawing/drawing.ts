import type { Size } from '../../../core/base/geometry.ts';
import type { PlacedTag } from '../../../core/drawing/tagPlacement.ts';
import type { Outline } from '../../../core/masks/outline.ts';
import type { StyledObject } from '../../result/types.ts';
import type { Layer } from '../../state/pageState.ts';
import type { View } from '../../state/view.ts';

/** With more objects, the widths of lines and tags are corrected only when the zoom has ended: each correction styles all of them anew. */
export const LIVE_WIDTHS_UP_TO = 200;

/** With more objects, the elements of hidden ones stay. */
const KEPT_FROM = 100;

/** With more objects, boxes of one look are drawn as one shape: to style three elements for each takes longer than to draw that shape, which is slow to draw. */
export const TOGETHER_FROM = 1000;

export interface ViewerDrawing {
  /** Those that are seen. */
  objects: readonly StyledObject[];
  /** Those that have elements: of many also the hidden ones, unseen, as with each letter in the filter others come and go. */
  drawn: readonly StyledObject[];
  hiddenIds: ReadonlySet<string>;
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

/** What is seen of all objects, and what has elements. */
export function drawnObjects(all: readonly StyledObject[], seen: readonly StyledObject[]): Pick<ViewerDrawing, 'objects' | 'drawn'> {
  return { objects: seen, drawn: all.length > KEPT_FROM ? all : seen };
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
