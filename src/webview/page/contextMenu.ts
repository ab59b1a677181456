import type { PageContext } from '../state/pageContext.ts';
import type { ImageViewer } from '../viewer/viewerElement.ts';

/**
 * Tells VS Code, which opens its menu on this event, what the menu is about: an object, which is selected by it, the picture, or text.
 * `frame` surrounds all of these; VS Code reads the attribute once the event has passed.
 */
export function markContext(page: PageContext, viewer: ImageViewer, frame: Element, event: MouseEvent): void {
  const target = event.target as Element;
  const inPicture = target.closest('.viewer') !== null;
  const inList = target.closest('.list, .details') !== null;
  const id =
    inPicture && !byKeyboard(event)
      ? viewer.objectUnder(event)
      : (target.closest('object-row')?.getAttribute('data-detection-id') ?? page.state.selected);
  const object = inPicture || inList ? page.shown.objects.find(({ detection }) => detection.id === id)?.detection : undefined;
  if (object) page.dispatch({ type: 'select', id: object.id });
  const context = object
    ? {
        webviewSection: 'object',
        detectionId: object.id,
        inspectorHasMask: page.masks.coverageOf(object.id) !== undefined,
        inspectorIsPoint: object.point !== undefined,
        inspectorCanAsk: page.session.tasks.includes('ask'),
      }
    : inPicture
      ? { webviewSection: 'picture' }
      : undefined;
  if (context) frame.setAttribute('data-vscode-context', JSON.stringify({ ...context, preventDefaultContextMenuItems: true }));
  else frame.removeAttribute('data-vscode-context');
}

/** The menu key has no place on the screen: it means the selection. Chromium gives it the middle of the element, and no button. */
function byKeyboard({ button }: MouseEvent): boolean {
  return button === -1;
}
