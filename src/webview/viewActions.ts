import type { Task } from '../core/inspection.ts';
import type { ViewAction } from '../protocol.ts';
import type { PageContext } from './pageContext.ts';

const TOGGLES = { toggleMasks: 'masks', toggleBoxes: 'boxes', toggleLabels: 'labels', togglePoints: 'points' } as const;

/** Does what a command of VS Code, a key or a menu item, asks of the view. */
export function viewAction(page: PageContext, action: ViewAction): void {
  switch (action) {
    case 'zoomIn':
    case 'zoomOut':
    case 'fit':
    case 'actualSize':
      page.view[action]();
      page.announceZoom();
      break;
    case 'togglePanel':
      page.togglePanel();
      break;
    case 'toggleRaw':
      page.dispatch({ type: action });
      break;
    case 'focusPrompt':
      page.focusPrompt();
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

function chooseTask(page: PageContext, task: Task): void {
  if (!page.session.tasks.includes(task)) return;
  page.dispatch({ type: 'task', task });
  page.focusPrompt();
}
