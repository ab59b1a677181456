import type { Task } from '../../core/inspection/inspection.ts';
import type { ViewAction } from '../../protocol.ts';
import { toggleEditing } from '../editing/correcting.ts';
import { askForSet, askForStep, judgeImage } from '../panel/tools/setSteps.ts';
import type { PageContext } from '../state/pageContext.ts';
import { showsDifference } from '../state/pictureModes.ts';
import { chooseRegion } from '../viewer/region.ts';
import type { ImageViewer } from '../viewer/viewerElement.ts';
import type { Viewport } from '../viewer/viewport.ts';
import { selectNext, selectStacked, takesKeys, zoomBy } from './keyboard.ts';

const TOGGLES = { toggleMasks: 'masks', toggleBoxes: 'boxes', toggleLabels: 'labels', togglePoints: 'points' } as const;

/** What can be done while the review of what is sent is open. */
const DURING_REVIEW: ReadonlySet<ViewAction> = new Set<ViewAction>(['zoomIn', 'zoomOut', 'fit', 'actualSize', 'showSent', 'showKeys']);

/** What menus and the palette ask for too, whatever has the focus. */
const FROM_MENUS: ReadonlySet<ViewAction> = new Set<ViewAction>(['showKeys', 'copyImage', 'correct']);

/** Does what a command of VS Code, a key or a menu item, asks of the view. */
export function viewAction(page: PageContext, viewer: ImageViewer, action: ViewAction): void {
  if (page.review && !DURING_REVIEW.has(action)) return;
  // VS Code may learn a moment too late that a field has the focus: a letter that is typed there is no key of the view.
  if (takesKeys(document.activeElement) && !FROM_MENUS.has(action)) return;
  switch (action) {
    case 'zoomIn':
    case 'zoomOut':
    case 'fit':
    case 'actualSize':
      zoomBy(page, action);
      break;
    case 'togglePanel':
      page.togglePanel();
      break;
    case 'toggleRaw':
    case 'toggleTokenGrid':
      page.dispatch({ type: action });
      break;
    case 'copyImage':
      page.copyPicture({ kind: 'whole' });
      break;
    case 'correct':
      toggleEditing(page);
      break;
    case 'toggleAppearance':
      // The same letter adds an object while objects are corrected.
      if (!page.state.editing) page.toggleAppearance();
      break;
    case 'showKeys':
    case 'compareShown':
    case 'focusPrompt':
    case 'focusFilter':
      page[action]();
      break;
    case 'showSent':
      page.toggleSent();
      break;
    case 'chooseRegion':
      chooseRegion(page);
      break;
    case 'nextObject':
    case 'previousObject':
      if (showsDifference(page)) {
        page.difference.step(action === 'nextObject' ? 1 : -1);
        break;
      }
      selectNext(page, viewer, action === 'nextObject' ? 1 : -1);
      break;
    case 'earlierRun':
    case 'laterRun':
      showBeside(page, action === 'earlierRun' ? -1 : 1);
      break;
    case 'nextImage':
    case 'previousImage':
      askForStep(page, action === 'nextImage' ? 1 : -1);
      break;
    case 'acceptImage':
    case 'rejectImage':
      judgeImage(page, action === 'acceptImage' ? 'accepted' : 'rejected');
      break;
    case 'backToSet':
      askForSet(page);
      break;
    case 'nextStacked':
      selectStacked(page, viewer);
      break;
    case 'toggleMasks':
    case 'toggleBoxes':
    case 'toggleLabels':
    case 'togglePoints':
      page.dispatch({ type: 'toggleLayer', layer: TOGGLES[action] });
      break;
    default:
      chooseTask(page, action.slice('task:'.length) as Task);
  }
}

/** Shows the run before or after the shown one. */
function showBeside({ session, post }: PageContext, step: 1 | -1): void {
  const at = session.runs.findIndex(({ id }) => id === session.shown);
  const run = session.runs[at < 0 && step < 0 ? session.runs.length - 1 : at + step];
  if (run && !session.running) post({ type: 'show', run: run.id });
}

function chooseTask(page: PageContext, task: Task): void {
  if (!page.session.tasks.includes(task)) return;
  page.dispatch({ type: 'task', task });
  page.focusPrompt();
}

/** The view controls of whatever viewport there is when they are used. */
export function viewControls(viewport: () => Viewport | undefined): PageContext['view'] {
  return {
    zoomIn: () => viewport()?.zoomIn(),
    zoomOut: () => viewport()?.zoomOut(),
    fit: () => viewport()?.fit(),
    fitWidth: () => viewport()?.fitSide('width'),
    fitHeight: () => viewport()?.fitSide('height'),
    actualSize: () => viewport()?.toggleActualSize(),
    zoomToScale: (k) => viewport()?.zoomTo(k),
  };
}
