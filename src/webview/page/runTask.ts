import type { PartOfImage } from '../../core/inspection/imageParts.ts';
import type { Box, Task } from '../../core/inspection/inspection.ts';
import { canRun } from '../panel/prompt/promptBox.ts';
import { followedBy } from '../result/shownResult.ts';
import type { PageContext } from '../state/pageContext.ts';
import { regionOf } from '../viewer/region.ts';

type Page = Pick<PageContext, 'session' | 'state' | 'shown' | 'dispatch' | 'post'>;

/** Runs the task with the words, if it can be run. `parts`: of a comparison what is sent in place of the whole images. */
export function runTask(page: Page, task: Task, query: string, parts?: PartOfImage[]): void {
  if (!canRun(page, task, query)) return;
  page.dispatch({ type: 'task', task });
  page.post({ type: 'run', task, query: query.trim(), ...subjectOf(page, task), ...(parts && { parts }) });
}

/** Opens or closes the review of what running the prompt would send. */
export function toggleSent(page: Page): void {
  const { session, state, post } = page;
  const { review } = session;
  if (review) post({ type: 'closeReview', review: review.id, send: false, remember: false });
  else if (session.images[0] && !session.images[0].problem)
    post({ type: 'showSent', task: state.task, query: state.query.trim(), ...subjectOf(page, state.task) });
}

/** What of which images a task is about. */
function subjectOf(page: Page, task: Task): { follows?: string; region?: Box } {
  const follows = task === 'ask' ? followedBy(page.session, page.shown)?.id : undefined;
  const region = task === 'compare' ? undefined : regionOf(page);
  return { ...(follows === undefined ? {} : { follows }), ...(region === undefined ? {} : { region }) };
}
