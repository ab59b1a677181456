import type { PlaceInSet } from '../../../core/sets/inspectionSet.ts';
import { labelsId } from '../../result/scoredRun.ts';
import type { PageContext } from '../../state/pageContext.ts';

/** Shows a run against the labels of its image, and of their objects only those that are asked for; the others can be shown again. `page`: as it is by then. */
export function showScored(page: () => PageContext | undefined, { labels, run, objects }: NonNullable<PlaceInSet['scored']>): void {
  page()?.compare({ kind: 'runs', a: labels, b: run, side: 'both' });
  const now = page();
  if (objects === undefined || now?.shown.compared === undefined) return;
  const wanted = new Set([...objects.found, ...objects.truth.map(labelsId)]);
  const ids = now.shown.objects.map(({ detection }) => detection.id);
  const others = ids.filter((id) => !wanted.has(id));
  if (others.length > 0) now.dispatch({ type: 'hide', ids: others });
  now.dispatch({ type: 'select', id: ids.find((id) => wanted.has(id)) });
}
