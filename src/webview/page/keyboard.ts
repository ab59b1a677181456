import { leaveEditing } from '../editing/correcting.ts';
import { editKey, saveKey } from '../editing/editKeys.ts';
import { objectAction } from '../panel/objects/objectActions.ts';
import { closeReview } from '../panel/review/sendReview.ts';
import { type Direction, nearestTowards, nextAt, readingOrder } from '../result/objectsAt.ts';
import type { Side } from '../result/types.ts';
import type { PageContext } from '../state/pageContext.ts';
import { areaKey, dropArea } from '../viewer/region.ts';
import type { ImageViewer } from '../viewer/viewerElement.ts';

const DIRECTIONS: Partial<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
/** Signs stand on other keys in other keyboards, so they are no keybindings, unlike letters. */
const ZOOM_KEYS: Partial<Record<string, ZoomAction>> = {
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  '0': 'fit',
  '9': 'fitWidth',
  '8': 'fitHeight',
};
const SIDE_KEYS: Partial<Record<string, Side>> = { ',': 'a', '.': 'b', '/': 'both' };
/** Share of the viewer that arrows pan, and Shift+arrows. */
const PAN = 0.1;
const PAN_FAR = 0.25;

/** True where a key would be typed, or belongs to a menu. */
export function takesKeys(element: Element | null): boolean {
  return element?.closest('textarea, input, select, dialog, [popover]') != null;
}

/** Keys of the page that VS Code's keybindings do not bring. */
export function pageKey(page: PageContext, viewer: ImageViewer, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (takesKeys(document.activeElement) && isTyped(event)) {
    // VS Code hears late that a field has the focus: what is typed would be its keys, even after the field was left.
    event.stopPropagation();
    return;
  }
  if (event.key === 'Escape') stepBack(page);
  else if (saveKey(page, event)) event.stopPropagation();
  else if (takesKeys(document.activeElement) || (page.review && !zooms(event)) || !viewKey(page, viewer, event)) return;
  event.preventDefault();
}

/** True for a letter or sign. */
function isTyped({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return key.length === 1 && !ctrlKey && !metaKey && !altKey;
}

/** What can be done with the picture of the review of what is sent. */
function zooms(event: KeyboardEvent): boolean {
  return ZOOM_KEYS[event.key] !== undefined;
}

/** One step at a time: what is open on top, the prompt, the selection, the comparison, the running task. In the prompt a running task comes first. */
function stepBack(page: PageContext): void {
  if (closeOnTop()) return;
  const typing = takesKeys(document.activeElement);
  if (page.review) {
    closeReview(page, page.review, false);
    return;
  }
  if (!typing && (dropArea(page) || leaveEditing(page))) return;
  const { selected } = page.state;
  if (page.session.running && (typing || selected === undefined)) page.post({ type: 'cancel' });
  else if (typing) page.focusPicture();
  else if (selected !== undefined) page.dispatch({ type: 'select', id: undefined });
  else if (page.shown.compared) page.compare(undefined);
}

/** Closes the menu or panel that is open over the page; true if there was one. */
function closeOnTop(): boolean {
  const open = [...document.querySelectorAll<HTMLElement>(':popover-open')].at(-1);
  open?.hidePopover();
  return open !== undefined;
}

/** Keys of picture and list. Returns whether the key was used. */
function viewKey(page: PageContext, viewer: ImageViewer, event: KeyboardEvent): boolean {
  if (areaKey(page, viewer, event)) return true;
  if (editKey(page, viewer, event)) {
    // VS Code would take it too: Alt+Left goes back to another editor there.
    event.stopPropagation();
    return true;
  }
  const { state, dispatch } = page;
  const { viewport } = viewer;
  const control = event.ctrlKey || event.metaKey;
  if (!viewport || event.altKey) return false;
  if (control) {
    if (event.key.toLowerCase() !== 'z' || event.shiftKey) return false;
    dispatch({ type: 'undoHide' });
    return true;
  }
  const zoom = ZOOM_KEYS[event.key];
  if (zoom) {
    zoomBy(page, zoom);
    return true;
  }
  const side = SIDE_KEYS[event.key];
  if (side && page.shown.compared) {
    dispatch({ type: 'side', side });
    return true;
  }
  const inPicture = document.activeElement?.classList.contains('viewer') ?? false;
  const direction = DIRECTIONS[event.key];
  if (direction && inPicture) {
    moveTowards(page, viewer, direction, event.shiftKey);
    return true;
  }
  switch (event.key) {
    case '?':
      page.showKeys();
      return true;
    case 'h':
    case 'H':
      dispatch({ type: 'hideOverlay', hidden: true });
      return true;
    case 'k':
    case 'K':
      if (!page.shown.compared?.groups && page.shown.images.length < 2) return false;
      page.blink(true);
      return true;
    case 'Enter':
      if (state.selected === undefined || (event.target as Element).closest('button')) return false;
      objectAction(page, event.shiftKey ? 'ask' : 'zoom', state.selected);
      return true;
    case 'Delete':
      if (state.selected !== undefined && !page.hidden.ids.has(state.selected)) dispatch({ type: 'hide', ids: [state.selected] });
      return state.selected !== undefined;
    default:
      return false;
  }
}

/** With a selection the nearest object in that direction, without or with Shift the picture moves. */
function moveTowards({ state, dispatch }: PageContext, viewer: ImageViewer, direction: Direction, far: boolean): void {
  const from = viewer.boxOf(state.selected);
  if (from && !far) {
    const id = nearestTowards(viewer.targets(), from, direction);
    if (id !== undefined) dispatch({ type: 'select', id });
    return;
  }
  const { viewport } = viewer;
  if (!viewport) return;
  const share = far ? PAN_FAR : PAN;
  const { width, height } = viewport.viewer;
  const sign = direction === 'left' || direction === 'up' ? share : -share;
  if (direction === 'left' || direction === 'right') viewport.panBy(sign * width, 0);
  else viewport.panBy(0, sign * height);
}

export type ZoomAction = 'zoomIn' | 'zoomOut' | 'fit' | 'fitWidth' | 'fitHeight' | 'actualSize';

/** Zooms, and says so to screen readers. */
export function zoomBy(page: PageContext, action: ZoomAction): void {
  page.view[action]();
  page.announceZoom();
}

/** Selects the next object under the middle of the selected one. */
export function selectStacked({ state, dispatch }: PageContext, viewer: ImageViewer): void {
  const box = viewer.boxOf(state.selected);
  if (box) dispatch({ type: 'select', id: nextAt(viewer.targets(), box.x + box.width / 2, box.y + box.height / 2, state.selected) });
}

/** Selects the next object in reading order, or the one before. */
export function selectNext({ state, dispatch }: PageContext, viewer: ImageViewer, step: 1 | -1): void {
  const ids = readingOrder(viewer.targets()).map(({ id }) => id);
  const at = state.selected === undefined ? -1 : ids.indexOf(state.selected);
  const to = at < 0 && step < 0 ? ids.length - 1 : (at + step + ids.length) % ids.length;
  dispatch({ type: 'select', id: ids[to] });
}

/** What happens when a key is let go that was held: all of them, when the page is left. */
export function followHeldKeys(released: Readonly<Record<string, () => void>>): void {
  addEventListener('keyup', ({ key }) => released[key.toLowerCase()]?.());
  addEventListener('blur', () => {
    for (const release of Object.values(released)) release();
  });
}
