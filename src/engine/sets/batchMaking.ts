import PQueue from 'p-queue';
import { failureView, InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { withFiles } from '../../core/request/transfer.ts';
import type { PartRecord, SetImage, StateRecord } from '../../core/sets/journal.ts';
import { fileSource } from '../../imaging/reading/byteSource.ts';
import { fileHash } from '../../imaging/reading/fileHash.ts';
import { Job } from '../sending/job.ts';
import { type BatchFacts, PartFiles, sendingOf } from './batchPart.ts';
import { freeUnbilled } from './batchResults.ts';
import { CostLimit, overLimit } from './costLimit.ts';
import type { KnownResults } from './knownResults.ts';
import { optionsOf } from './planSet.ts';
import { RunControl } from './runControl.ts';
import type { RunParts } from './runParts.ts';
import type { SetRecorder } from './storage/setRecorder.ts';

/** Requests of one job, and bytes of their images: a job that fails is not the whole set. */
const MOST_REQUESTS = 2000;
const MOST_PART_BYTES = 5e9;
/** Milliseconds without a byte moving after which an upload is taken for broken. */
const STALL = 60_000;

interface Making {
  job: Job;
  known: KnownResults | undefined;
  /** Bytes of images that may be uploaded. */
  room: number;
  isStopping: () => boolean;
}

/**
 * Uploads the next images of a set and the file of their requests. Resolves to the part whose job is to be made next, under a name that the journal knows; undefined
 * where no image came that far. Rejects with what every image would fail by, if none was uploaded.
 */
export async function makePart(recorder: SetRecorder, parts: RunParts, making: Making): Promise<PartRecord | undefined> {
  const { files } = recorder;
  const { job, isStopping } = making;
  const number = files.state.parts.size;
  const limit = new CostLimit(recorder, parts);
  // What is asked already may cost the most.
  const isHeld = recorder.images.every(({ state, tokens }) => state !== 'sent' || limit.hold(tokens) !== undefined);
  const chosen = isHeld
    ? nextImages(recorder.waiting, { requests: parts.mostRequests ?? MOST_REQUESTS, bytes: Math.min(making.room, MOST_PART_BYTES) }, limit)
    : [];
  if (chosen.length === 0) throw overLimit();
  const part: PartRecord = {
    kind: 'part',
    part: number,
    attempt: 1,
    images: chosen.map(({ image }) => image),
    step: 'uploading',
    displayName: `${recorder.head.id}/${number}/1`,
    files: [],
    at: new Date((parts.now ?? Date.now)()).toISOString(),
  };
  await files.record(part);
  const facts: BatchFacts[] = [];
  const control = new RunControl(parts.concurrency);
  let trouble: unknown;
  const queue = new PQueue({ concurrency: Math.max(1, parts.concurrency()) });
  await queue.addAll(
    chosen.map((image) => async () => {
      if (trouble !== undefined || isStopping()) return;
      try {
        const own = await uploadImage(image, number, { recorder, parts, making });
        if (own !== undefined) facts.push(own);
      } catch (error) {
        if (job.signal.aborted) return;
        if (!(error instanceof InspectorError)) trouble ??= error;
        else if (control.failed(image.image, error.reason) === 'pause') trouble ??= error;
        else await failed(recorder, image.image, error);
      }
    }),
  );
  if (trouble !== undefined && !(trouble instanceof InspectorError)) throw trouble;
  const uploads = files.state.uploads.get(number) ?? [];
  if (facts.length === 0 || isStopping()) {
    // The runner begins anew with them, another time.
    await recorder.record(...facts.map(({ image }): StateRecord => ({ kind: 'state', image, state: 'waiting' })));
    const left = await deleteFiles(parts, uploads);
    await freeUnbilled(recorder, parts, part);
    await files.record({ ...part, step: 'ended', images: [], files: left });
    if (trouble !== undefined) throw trouble;
    return undefined;
  }
  facts.sort((a, b) => a.image - b.image);
  const local = new PartFiles(files.folder, number);
  await local.write(facts);
  const requests = await uploadRequests(local.requests, part, parts, job);
  const made: PartRecord = {
    ...part,
    step: 'made',
    images: facts.map(({ image }) => image),
    files: [requests],
    at: new Date((parts.now ?? Date.now)()).toISOString(),
  };
  await files.record({ kind: 'upload', part: number, name: requests });
  await files.record(made);
  await recorder.record(...facts.map(({ image }): StateRecord => ({ kind: 'state', image, state: 'sent' })));
  return made;
}

function nextImages(waiting: readonly SetImage[], most: { requests: number; bytes: number }, limit: CostLimit): SetImage[] {
  const chosen: SetImage[] = [];
  let bytes = 0;
  for (const image of waiting) {
    if (chosen.length >= most.requests || (chosen.length > 0 && bytes + image.bytes > most.bytes) || limit.hold(image.tokens) === undefined)
      break;
    bytes += image.bytes;
    chosen.push(image);
  }
  return chosen;
}

/** Makes an image ready and uploads it; undefined where it needs no request. */
async function uploadImage(
  image: SetImage,
  part: number,
  { recorder, parts, making: { job, known } }: { recorder: SetRecorder; parts: RunParts; making: Making },
): Promise<BatchFacts | undefined> {
  const { image: index, uri, altText } = image;
  const { task } = recorder.head;
  const planner = await parts.planner();
  const options = { ...optionsOf(task, altText), speed: 'standard' };
  const planned = await planner.plan({ task: task.task, images: [uri], query: task.query, options }, job);
  const [prepared] = planned.images;
  const [outgoing] = planned.outgoing.images;
  if (prepared === undefined || outgoing?.about === undefined || outgoing.estimate === undefined) throw new Error('no image was prepared');
  const sha256 = outgoing.about.sha256;
  const twin = recorder.twins.claim(sha256, image);
  if (twin !== undefined) {
    await recorder.isTwin(index, twin);
    return undefined;
  }
  if (known !== undefined && (await known.has(sha256))) {
    await recorder.record({ kind: 'state', image: index, state: 'skipped', message: t('There is a result already.') });
    await recorder.settleTwins(index);
    return undefined;
  }
  const permitted = await parts.sender.permitUpload(planned.outgoing);
  await recorder.record({ kind: 'state', image: index, state: 'prepared', sha256 });
  const { mimeType } = prepared.image;
  const file = await parts.sender.query('upload image', job, (gemini, timeout) =>
    gemini.upload(
      { body: outgoing.body, mimeType, displayName: outgoing.name, sha256: outgoing.sha256 },
      { signal: timeout.signal, stall: STALL, onProgress: () => timeout.restart() },
    ),
  );
  await recorder.files.record({ kind: 'upload', part, name: file.name });
  await parts.sender.beginBatch(permitted, sendingOf(recorder.head.id, part, index));
  const { metadata: _, ...inspected } = outgoing.about;
  return {
    image: index,
    inspected: { ...inspected, sent: { ...inspected.sent, via: 'file' } },
    context: { imageIndex: 0, ...prepared.image.upright, toImage: prepared.image.toImage },
    request: withFiles(planned.outgoing.request, new Map([[0, file.uri]])),
    estimate: outgoing.estimate,
    inputTokens: planned.outgoing.inputTokens,
    destination: permitted.destination,
  };
}

async function uploadRequests(path: string, { displayName }: PartRecord, parts: RunParts, job: Job): Promise<string> {
  const body = await fileSource(path);
  const sha256 = await fileHash(body);
  const file = await parts.sender.query('upload requests', job, (gemini, timeout) =>
    gemini.uploadBatchFile({ body, displayName, sha256 }, { signal: timeout.signal, stall: STALL, onProgress: () => timeout.restart() }),
  );
  return file.name;
}

async function failed(recorder: SetRecorder, image: number, error: InspectorError): Promise<void> {
  const { reason, message, detail } = failureView(error);
  const state = reason === 'excluded' ? 'skipped' : 'failed';
  recorder.twins.release(image);
  await recorder.record({ kind: 'state', image, state, reason, message: `${message} ${detail}`.trim() });
  await recorder.settleTwins(image);
}

/** Deletes files that lie with the API, some at a time; resolves to those that could not be deleted. */
export async function deleteFiles(parts: RunParts, names: Iterable<string>): Promise<string[]> {
  const left: string[] = [];
  const queue = new PQueue({ concurrency: Math.max(1, parts.concurrency()) });
  const job = new Job();
  await queue.addAll([...names].map((name) => () => parts.sender.deleteUpload(job, name).catch(() => void left.push(name))));
  return left;
}
