import { failureView } from '../../core/base/failure.ts';
import { replyFailure } from '../../core/failures/geminiFailure.ts';
import { rpcFailure } from '../../core/failures/rpcError.ts';
import { readBatchLine } from '../../core/sets/batchLines.ts';
import type { SetLine } from '../../core/sets/inspectionSet.ts';
import type { PartRecord, StateRecord } from '../../core/sets/journal.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import type { RemoteBatch } from '../../gemini/batches/remoteBatch.ts';
import { memorySource } from '../../imaging/reading/byteSource.ts';
import { Job } from '../sending/job.ts';
import type { OutgoingRequest } from '../sending/outgoing.ts';
import { type BatchFacts, batchInspection, imageOfKey, PartFiles, sendingOf } from './batchPart.ts';
import type { RunParts } from './runParts.ts';
import { billOf, doneRecord } from './storage/setFiles.ts';
import type { SetRecorder } from './storage/setRecorder.ts';

/** Milliseconds without a byte after which a connection is taken for broken. */
const STALL = 60_000;
/** Results that are written down together. */
const GROUP = 50;
/** Looks at a job that was stopped and had ended, until its answers are there, and milliseconds between two. */
const LATE_LOOKS = 4;
const LATE_PAUSE = 2000;

/**
 * Reads the results of a job line by line as they come, and writes them down. Each image takes the first of its lines; what has an answer already passes over
 * another, so that it can be read again from the beginning when the connection breaks. Resolves to false where the job names no file, or one that is not there.
 */
export async function takeResults(
  recorder: SetRecorder,
  parts: RunParts,
  { part, batch, job }: { part: PartRecord; batch: RemoteBatch; job: Job },
): Promise<boolean> {
  const { responsesFile } = batch;
  if (responsesFile === undefined) return false;
  const facts = await new PartFiles(recorder.files.folder, part.part).read();
  const mine = new Set(part.images);
  const isMine = (image: number | undefined): image is number =>
    image !== undefined && mine.has(image) && recorder.images[image]?.state === 'sent';
  return parts.sender
    .query('results of batch', job, async (gemini, timeout) => {
      let group: StateRecord[] = [];
      const seen = new Set<number>();
      const flush = async () => {
        const records = group;
        group = [];
        await recorder.record(...records);
        for (const { image } of records) await recorder.settleTwins(image);
      };
      // The stream has a clock of its own.
      timeout.stop();
      try {
        for await (const line of gemini.resultLines(responsesFile, { signal: timeout.signal, stall: STALL })) {
          if (line.problem !== undefined) continue;
          const read = readBatchLine(line.text);
          const image = 'key' in read && read.key !== undefined ? imageOfKey(read.key) : undefined;
          if (!isMine(image) || seen.has(image) || 'problem' in read) continue;
          seen.add(image);
          const own = facts.get(image);
          group.push(
            'error' in read
              ? failedRecord(image, rpcFailure(read.error, asked(recorder, own)))
              : await answered(recorder, parts, { part, image, facts: own, reply: read.reply }),
          );
          if (group.length >= GROUP) await flush();
        }
      } finally {
        // What came before the connection broke is kept.
        await flush();
      }
      return true;
    })
    .catch((error: unknown) => {
      if (failureView(error).reason !== 'notFound') throw error;
      return false;
    });
}

/** Stops a job and takes what it has answered; resolves to how it stands then, undefined where that cannot be had. */
export async function stopJob(
  recorder: SetRecorder,
  parts: RunParts,
  { part, name, job }: { part: PartRecord; name: string; job: Job },
): Promise<(RemoteBatch & { wasPending: boolean }) | undefined> {
  const { sender, wait } = parts;
  const get = () => sender.query('get batch', job, (gemini, { signal }) => gemini.getBatch(name, { signal }));
  try {
    const before = await get();
    if (before.state === 'pending' || before.state === 'running')
      await sender.query('cancel batch', job, (gemini, { signal }) => gemini.cancelBatch(name, { signal }));
    for (let look = 1; ; look++) {
      const batch = await get();
      const areThere = await takeResults(recorder, parts, { part, batch, job }).catch(() => false);
      // It may have ended meanwhile, and its answers are not there at once.
      if (areThere || batch.state !== 'succeeded' || look === LATE_LOOKS) return { ...batch, wasPending: before.state === 'pending' };
      await (wait?.(LATE_PAUSE, job) ?? job.wait(LATE_PAUSE));
    }
  } catch {
    return undefined;
  }
}

function asked(recorder: SetRecorder, facts: BatchFacts | undefined) {
  const host = facts === undefined ? '' : new URL(facts.destination).host;
  return { host, secret: '', model: recorder.head.task.model, date: new Date() };
}

function failedRecord(image: number, error: unknown): StateRecord {
  const { reason, message, detail } = failureView(error);
  return { kind: 'state', image, state: 'failed', reason, message: `${message} ${detail}`.trim() };
}

/** Writes the line of an answer; resolves to the record that tells of it. */
async function answered(
  recorder: SetRecorder,
  parts: RunParts,
  { part: { part }, image, facts, reply }: { part: PartRecord; image: number; facts: BatchFacts | undefined; reply: GeminiReply },
): Promise<StateRecord> {
  const own = recorder.images[image];
  if (facts === undefined || own === undefined) return failedRecord(image, new Error('what was sent is not known any more'));
  const sending = sendingOf(recorder.head.id, part, image);
  await parts.sender.recordBatch({ ...outgoingOf(facts), sending }, { reply });
  const inspection = batchInspection(facts, recorder.head.task, reply, parts.rules.tokenBasis());
  const failure = replyFailure(reply);
  if (failure !== undefined) return { ...failedRecord(image, failure), ...billOf(inspection) };
  const line: SetLine = { key: own.key, uri: own.uri, sha256: facts.inspected.sha256, state: 'done', inspection };
  parts.finished?.(inspection);
  return doneRecord(image, line, await recorder.files.addLine(line));
}

/** What a part has not been answered costs nothing, as far as is known: the budget keeps no place for it any more. */
export async function freeUnbilled(recorder: SetRecorder, parts: RunParts, { part, images }: PartRecord): Promise<void> {
  const nothing = { job: new Job(), uploads: [], images: [], inputTokens: 0, destination: '' };
  const request = { task: recorder.head.task.task, model: recorder.head.task.model, turns: [], config: {} };
  for (const image of images) {
    if (recorder.images[image]?.state === 'done') continue;
    await parts.sender.recordBatch({ ...nothing, request, sending: sendingOf(recorder.head.id, part, image) }, undefined);
  }
}

/** What was sent, for the books. */
function outgoingOf({ inspected, request, estimate, inputTokens, destination }: BatchFacts): OutgoingRequest {
  const image = { uri: inspected.uri, name: '', body: memorySource(new Uint8Array()), sha256: '', estimate };
  return { job: new Job(), request, uploads: [0], images: [image], inputTokens, destination };
}
