import type { Inspection } from './inspection.ts';

/** Results of two versions of a picture that tell which objects came, went or moved. */
export interface VersionResults {
  older: Inspection;
  newer: Inspection;
}

/** The latest results with objects of two versions that asked the same; else the latest of each. Undefined where a version has none. Runs oldest first. */
export function objectsOfVersions(older: readonly Inspection[], newer: readonly Inspection[]): VersionResults | undefined {
  const [before, after] = [older.filter(hasObjects), newer.filter(hasObjects)];
  for (const latest of after.toReversed()) {
    const same = before.findLast((run) => asksSame(run, latest));
    if (same !== undefined) return { older: same, newer: latest };
  }
  const [last, latest] = [before.at(-1), after.at(-1)];
  return last === undefined || latest === undefined ? undefined : { older: last, newer: latest };
}

/**
 * What has to be asked so that both versions have results of the same request: what the latest result of either asked, else for all objects. `older`,
 * `newer`: whether that version lacks it.
 */
export function missingObjects(
  older: readonly Inspection[],
  newer: readonly Inspection[],
): Pick<Inspection, 'task' | 'prompt'> & { older: boolean; newer: boolean } {
  const latest = [...older, ...newer]
    .filter(hasObjects)
    .reduce<Inspection | undefined>((last, run) => (last === undefined || run.createdAt >= last.createdAt ? run : last), undefined);
  const { task, prompt } = latest ?? { task: 'detect' as const, prompt: '' };
  const lacks = (runs: readonly Inspection[]) => !runs.some((run) => hasObjects(run) && asksSame(run, { task, prompt }));
  return { task, prompt, older: lacks(older), newer: lacks(newer) };
}

/** A model that has found nothing has said so. */
function hasObjects({ task, detections, images, brokenOff }: Inspection): boolean {
  return (task === 'detect' || task === 'segment') && detections !== undefined && images.length === 1 && brokenOff === undefined;
}

function asksSame(a: Pick<Inspection, 'task' | 'prompt'>, b: Pick<Inspection, 'task' | 'prompt'>): boolean {
  return a.task === b.task && a.prompt.trim() === b.prompt.trim();
}
