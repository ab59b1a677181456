import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { addLabelPart, type LabelPart } from '../../core/labels/labelParts.ts';
import type { LabelImage, LabelsRead } from '../../core/labels/labels.ts';
import type { ByteSource } from '../../imaging/reading/byteSource.ts';
import { type packFailure, unpackFailure } from '../../imaging/worker/workerProtocol.ts';
import { type LabelRequest, type LabelThread, type Reading, readInPieces } from './readLabels.ts';

/**
 * Bytes from which a file is read in a thread of its own. Here a smaller one takes less than half a second, a piece after the other; a thread begins anew each time, and a
 * set may have thousands of files with pictures in them.
 */
const LARGE = 32_000_000;
/** The same of what is not read in pieces, but whole in one turn. */
const LARGE_WHOLE = 500_000;
/** Megabytes of JavaScript objects: the labels of a file are held in both threads for a moment. */
const HEAP = 1000;
/** The same of those that were just made. */
const YOUNG_HEAP = 12;

/** What the thread is given. */
export interface LabelThreadData extends LabelRequest {
  path: string;
  translations: LabelThread['translations'];
}

/** What the thread says: how far it is; a part of the labels, after which it waits for a word; all the rest, at the end; or why there is none. */
export type LabelMessage =
  | { share: number }
  | { part: LabelPart }
  | { rest: Omit<LabelsRead, 'images'> }
  | { failure: ReturnType<typeof packFailure> };

/**
 * Reads a label file of any size once: a large one on disk in a thread of its own, so that it keeps neither this one nor the images waiting, others here, piece by
 * piece. Rejects with `unreadableFile`, and with the signal's reason.
 */
export function readLabelSource(source: ByteSource, request: LabelRequest, reading: Reading = {}): Promise<LabelsRead> {
  const { thread } = reading;
  const { path, size } = source;
  const large = request.kind === 'json' ? LARGE : LARGE_WHOLE;
  if (thread === undefined || path === undefined || size < (thread.large ?? large)) return readInPieces(source, request, reading);
  return readInThread(thread, { ...request, path, translations: thread.translations }, reading);
}

async function readInThread(
  { entry, heap = HEAP }: LabelThread,
  workerData: LabelThreadData,
  { signal, progress }: Reading,
): Promise<LabelsRead> {
  signal?.throwIfAborted();
  const resourceLimits = { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: YOUNG_HEAP };
  const worker = new Worker(entry, { workerData, resourceLimits, name: 'labels' });
  // One that was ended may still fail.
  worker.on('error', () => undefined);
  const images: LabelImage[] = [];
  try {
    for await (const [message] of on(worker, 'message', { close: ['exit'], ...(signal && { signal }) }) as AsyncIterable<[LabelMessage]>) {
      if ('share' in message) progress?.(message.share);
      else if ('failure' in message) throw unpackFailure(message.failure);
      else if ('rest' in message) return { images, ...message.rest };
      else {
        addLabelPart(images, message.part);
        // The next comes in another turn of this thread, which goes on with its own work between.
        worker.postMessage('next');
      }
    }
    throw new Error('The thread of labels has ended.');
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooManyLabels(error) : error;
  } finally {
    await worker.terminate();
  }
}

function tooManyLabels(cause: unknown): InspectorError {
  return new InspectorError('unreadableFile', t('The label file has more labels than fit into memory.'), {
    detail: t('Divide it into several files.'),
    cause,
  });
}
