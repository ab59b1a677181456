import { setImmediate as others } from 'node:timers/promises';
import type { LabelWish } from '../../core/labels/coco.ts';
import { type LabelKind, labelReader } from '../../core/labels/labelFile.ts';
import type { LabelsRead } from '../../core/labels/labels.ts';
import type { ByteSource } from '../../imaging/reading/byteSource.ts';

/** Bytes that are read at a time; between two pieces the thread goes on with other work, and reading can be stopped. */
const PIECE = 128 * 1024;

/** How reading goes, and how it is stopped. */
export interface Reading {
  signal?: AbortSignal;
  /** Called with the share of the file that has been read, 0..1. */
  progress?: (share: number) => void;
}

/** Reads a label file of any size once, piece by piece; `names`: of YOLO's classes. Rejects with `unreadableFile`, and with the signal's reason. */
export async function readLabelSource(
  source: ByteSource,
  kind: Exclude<LabelKind, 'dataset'>,
  { wish, names }: { wish: LabelWish; names?: ReadonlyMap<number, string> | undefined },
  { signal, progress }: Reading = {},
): Promise<LabelsRead> {
  const reader = labelReader(kind, wish, names);
  const decoder = new TextDecoder();
  for (let at = 0; at < source.size; at += PIECE) {
    signal?.throwIfAborted();
    reader.push(decoder.decode(await source.read(at, PIECE), { stream: true }));
    progress?.(Math.min(1, (at + PIECE) / source.size));
  }
  reader.push(decoder.decode());
  if (source.size <= PIECE) return reader.end();
  await others();
  const read = reader.end();
  // What is done with it takes its time too.
  await others();
  signal?.throwIfAborted();
  return read;
}
