import { setImmediate as others } from 'node:timers/promises';
import type { LabelWish } from '../../core/labels/coco.ts';
import { type LabelKind, labelReader } from '../../core/labels/labelFile.ts';
import type { LabelsRead } from '../../core/labels/labels.ts';
import type { ByteSource } from '../../imaging/reading/byteSource.ts';

/** Bytes that are read at a time; between two pieces the thread goes on with other work, and reading can be stopped. */
const PIECE = 128 * 1024;

/** The thread in which large label files are read. */
export interface LabelThread {
  /** Its file. */
  entry: URL;
  /** Translations by English text. */
  translations?: Readonly<Record<string, string>> | undefined;
  /** Bytes from which a file is a large one, where that is not the usual. */
  large?: number | undefined;
  /** Megabytes of JavaScript objects, where they are not the usual. */
  heap?: number;
}

/** How reading goes, and how it is stopped. */
export interface Reading {
  /** Unset where also large files are read here. */
  thread?: LabelThread;
  signal?: AbortSignal;
  /** Called with the share of the file that has been read, 0..1. */
  progress?: (share: number) => void;
}

/** What is read of a label file; plain data, which can go to another thread. */
export interface LabelRequest {
  kind: Exclude<LabelKind, 'dataset'>;
  wish: LabelWish;
  /** Of YOLO's classes. */
  names?: ReadonlyMap<number, string> | undefined;
}

/** Reads a label file of any size once, piece by piece, in this thread. Rejects with `unreadableFile`, and with the signal's reason. */
export async function readInPieces(
  source: ByteSource,
  { kind, wish, names }: LabelRequest,
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
