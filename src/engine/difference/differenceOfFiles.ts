import { type Alignment, differenceOfOne } from '../../core/inspection/imageDifference.ts';
import type { ShownDifference } from '../../imaging/difference/difference.ts';
import { probe } from '../../imaging/formats/probe.ts';
import type { Imaging } from '../../imaging/worker/imageWorker.ts';
import type { FileAccess } from '../files/imageFiles.ts';

/** What pictures are compared with. */
export interface DifferenceTools {
  files: FileAccess;
  worker: Pick<Imaging, 'difference'>;
}

/**
 * What changed between two files, by their addresses; null for one that is not there. Nothing is sent.
 * Rejects with the signal's reason when it is aborted, and like `ImageWorker.difference`.
 */
export async function differenceOfFiles(
  { files, worker }: DifferenceTools,
  [older, newer]: readonly [string | null, string | null],
  alignment: Alignment,
  signal?: AbortSignal,
): Promise<ShownDifference> {
  if (older !== null && newer !== null) return worker.difference(await files.open(older), await files.open(newer), alignment, signal);
  const sizeOf = async (address: string | null) => (address === null ? null : (await probe(await files.open(address))).upright);
  const found = differenceOfOne(await sizeOf(older), await sizeOf(newer));
  signal?.throwIfAborted();
  return { difference: found };
}
