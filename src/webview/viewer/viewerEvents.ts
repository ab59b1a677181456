import type { Box } from '../../core/inspection/inspection.ts';
import type { Middle } from '../state/view.ts';

/** Events of the viewer: the object under the pointer, the object chosen, and the scale (CSS pixels for one image pixel). Nothing is null, as events have it. */
export interface ViewerEvents {
  'object-hover': CustomEvent<string | null>;
  'object-select': CustomEvent<string | null>;
  /** An area was drawn or changed, in fractions of the picture. */
  'area-change': CustomEvent<Box>;
  'view-scale': CustomEvent<number>;
  /** A movement has ended: what to come back to after a reload; null while the picture is fitted. */
  'view-middle': CustomEvent<Middle | null>;
  /** More is known of outlines and coverages, or names have got or lost their room. */
  'view-drawn': CustomEvent<null>;
}
