import type { SetCounts, SetLine } from './inspectionSet.ts';
import type { SetImage } from './journal.ts';

/** How many images of a set need nothing more, and how many there are. */
export function endedOf({ waiting, done, failed, skipped, cancelled }: SetCounts): { ended: number; all: number } {
  const ended = done + failed + skipped + cancelled;
  return { ended, all: ended + waiting };
}

/** True for an image that needs nothing more. */
export function isSettled<Image extends Pick<SetImage, 'state'>>(image: Image | undefined): image is Image & { state: SetLine['state'] } {
  return image?.state === 'done' || image?.state === 'failed' || image?.state === 'skipped' || image?.state === 'cancelled';
}
