import type { Task } from '../core/inspection.ts';
import type { FromWebviewMessage, SessionState } from '../protocol.ts';
import type { PageAction, PageState } from './pageState.ts';
import type { ShownResult } from './shownResult.ts';

/** What the parts of the page get to see and do. */
export interface PageContext {
  session: SessionState;
  state: PageState;
  shown: ShownResult;
  /** CSS pixels for one image pixel. */
  scale: number;
  dispatch(action: PageAction): void;
  post(message: FromWebviewMessage): void;
  /** Runs the task with the words, if it can be run. */
  run(task: Task, query: string): void;
  focusPrompt(): void;
  /** Zooms to an object, or back. */
  zoomTo(id: string): void;
  /** For the view controls. */
  view: {
    zoomIn(): void;
    zoomOut(): void;
    fit(): void;
    zoomToScale(k: number): void;
  };
}

/** Ids of hidden objects. */
export function hiddenIds(state: PageState): Set<string> {
  return new Set(state.hidden.flat());
}
