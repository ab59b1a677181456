import type { SetCounts } from './inspectionSet.ts';

/** How many images of a set need nothing more, and how many there are. */
export function endedOf({ waiting, done, failed, skipped, cancelled }: SetCounts): { ended: number; all: number } {
  const ended = done + failed + skipped + cancelled;
  return { ended, all: ended + waiting };
}
