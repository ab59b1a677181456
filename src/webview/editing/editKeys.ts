import { t } from '../../core/base/l10n.ts';
import { movedBox, resizedBox } from '../../core/editing/boxes.ts';
import { readingOrder } from '../result/objectsAt.ts';
import type { PageContext } from '../state/pageContext.ts';
import type { Point } from '../viewer/area.ts';
import type { ImageViewer } from '../viewer/viewerElement.ts';
import type { Viewport } from '../viewer/viewport.ts';
import {
  acceptObject,
  addInMiddle,
  correctedRun,
  deleteObject,
  edit,
  redoEdit,
  requestSaving,
  selectedObject,
  undoEdit,
} from './correcting.ts';

/** Image pixels that arrows move by with Ctrl or Alt. */
const FAR = 10;
const STEPS: Partial<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Saves with Ctrl+S, from a field too. Returns whether the key was used. */
export function saveKey(page: PageContext, event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's' || !correctedRun(page)) return false;
  requestSaving(page);
  return true;
}

/** Keys while objects are corrected. Returns whether the key was used. */
export function editKey(page: PageContext, viewer: ImageViewer, event: KeyboardEvent): boolean {
  if (!correctedRun(page)) return false;
  const onPicture = document.activeElement?.classList.contains('viewer') ?? false;
  const direction = STEPS[event.key];
  if (direction) return onPicture && nudge(page, direction, event);
  if (event.ctrlKey || event.metaKey) return undoKey(page, event);
  if (event.altKey) return false;
  const onButton = (event.target as Element).closest('button') !== null;
  switch (event.key) {
    case 'Tab':
      return onPicture && selectBeside(page, viewer, event.shiftKey ? -1 : 1);
    case 'Enter':
    case 'F2':
      if (onButton || page.state.selected === undefined || event.shiftKey) return false;
      page.focusLabel();
      return true;
    case 'Delete':
    case 'Backspace':
      deleteObject(page);
      return true;
    case 'Insert':
    case 'a':
    case 'A':
      addInMiddle(page, seenPart(viewer.viewport));
      return true;
    case ' ':
      if (onButton) return false;
      acceptObject(page);
      return true;
    default:
      return false;
  }
}

/** Ctrl+Z, and Ctrl+Shift+Z or Ctrl+Y. */
function undoKey(page: PageContext, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (key === 'y' || (key === 'z' && event.shiftKey)) redoEdit(page);
  else if (key === 'z') undoEdit(page);
  else return false;
  return true;
}

/** Moves the selected object, with Shift its right and lower edge. */
function nudge(page: PageContext, { x, y }: Point, event: KeyboardEvent): boolean {
  const object = selectedObject(page);
  const [image] = page.session.images;
  if (!object || !image) return false;
  const far = event.ctrlKey || event.altKey || event.metaKey ? FAR : 1;
  const { id, pixelBox, point } = object;
  if (event.shiftKey) {
    if (point) return true;
    // Keys do not turn it over.
    const by = { x: Math.max(x * far, 1 - pixelBox.width), y: Math.max(y * far, 1 - pixelBox.height) };
    const box = resizedBox(pixelBox, 'se', by.x, by.y, image);
    edit(page, { kind: 'resize', id, box, nudge: true }, t('{0} by {1} pixels', box.width, box.height));
  } else {
    const box = movedBox(pixelBox, x * far, y * far, image);
    edit(page, { kind: 'move', id, box, nudge: true }, t('x {0}, y {1}', box.x, box.y));
  }
  return true;
}

/** Goes to the next object in reading order, or the one before; past the last one the focus goes on. */
function selectBeside(page: PageContext, viewer: ImageViewer, by: 1 | -1): boolean {
  const ids = readingOrder(viewer.targets()).map(({ id }) => id);
  const at = page.state.selected === undefined ? -1 : ids.indexOf(page.state.selected);
  const id = at < 0 ? (by > 0 ? ids[0] : undefined) : ids[at + by];
  if (id === undefined) return false;
  page.dispatch({ type: 'select', id });
  const label = page.shown.objects.find(({ detection }) => detection.id === id)?.detection.label ?? '';
  page.say(t('Object {0}: {1}', id, label));
  return true;
}

/** The part of the picture that is seen, in pixels of it. */
function seenPart(viewport: Viewport | undefined): { x: number; y: number; width: number; height: number } {
  if (!viewport) return { x: 0, y: 0, width: 0, height: 0 };
  const { view, viewer, picture } = viewport;
  const span = (start: number, length: number, most: number) => {
    const from = Math.max(0, -start / view.k);
    return [from, Math.min(most, (length - start) / view.k) - from] as const;
  };
  const [x, width] = span(view.x, viewer.width, picture.width);
  const [y, height] = span(view.y, viewer.height, picture.height);
  return { x, y, width, height };
}
