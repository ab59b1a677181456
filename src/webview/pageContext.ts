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
  /** Hides or shows the panel; where only one of them has room, turns between it and the picture. */
  togglePanel(): void;
  /** Says the zoom to screen readers. */
  announceZoom(): void;
  /** Zooms to an object, or back. */
  zoomTo(id: string): void;
  /** What the drawn masks say; undefined while it is not known. */
  masks: {
    /** Share of its box that an object covers, 0..1. */
    coverageOf(id: string | undefined): number | undefined;
    /** Share of the picture that all objects cover together, 0..1. */
    share(): number | undefined;
  };
  /** For the view controls. */
  view: {
    zoomIn(): void;
    zoomOut(): void;
    fit(): void;
    actualSize(): void;
    zoomToScale(k: number): void;
  };
}

const hiddenSets = new WeakMap<PageState['hidden'], ReadonlySet<string>>();

/** Ids of hidden objects; the same set as long as nothing else is hidden. */
export function hiddenIds({ hidden }: PageState): ReadonlySet<string> {
  const ids = hiddenSets.get(hidden) ?? new Set(hidden.flat());
  hiddenSets.set(hidden, ids);
  return ids;
}
