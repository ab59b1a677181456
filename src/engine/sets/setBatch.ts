import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { PartRecord, StateRecord } from '../../core/sets/journal.ts';
import type { RemoteBatch } from '../../gemini/batches/remoteBatch.ts';
import { Job } from '../sending/job.ts';
import { deleteFiles, makePart } from './batchMaking.ts';
import { PartFiles } from './batchPart.ts';
import { freeUnbilled, stopJob, takeResults } from './batchResults.ts';
import type { KnownResults } from './knownResults.ts';
import type { RunEnd, RunParts } from './runParts.ts';
import type { SetRecorder } from './storage/setRecorder.ts';

/** Milliseconds of the first pause between two looks at a job, and of the longest. */
const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = 600_000;
/** Bytes of our uploads that lie with the API at a time: it holds 20 GB for a project. */
const MOST_UPLOADED = 15e9;
const HOUR = 3_600_000;
/** Milliseconds for which a job that has succeeded is waited for until the file with its answers is named, and there. */
const MOST_LATE = HOUR;
/** Milliseconds for which the API keeps the file. */
const KEPT = 48 * HOUR;

/** Asks about the images of a set by jobs of the API, part by part. */
export class SetBatch {
  readonly job: Job;
  readonly #recorder: SetRecorder;
  readonly #parts: RunParts;
  readonly #known: KnownResults | undefined;
  readonly #startedAt: number;
  #stopped: { reason?: InspectorError; isStalled?: true } | undefined;
  #pauses = 0;
  /** True for jobs of an earlier run, which may have ended since. */
  #looksAtOnce = false;
  /** Why no further part can be made now. */
  #blocked: InspectorError | undefined;
  /** Why what is left is to be asked about otherwise, once the other jobs have ended. */
  #stalled: InspectorError | undefined;
  /** Bytes of the images of parts that have not ended. */
  readonly #uploaded = new Map<number, number>();
  /** When parts were first seen to have succeeded without their answers. */
  readonly #lateSince = new Map<number, number>();

  constructor(recorder: SetRecorder, parts: RunParts, { fromCode, known }: { fromCode: boolean; known: KnownResults | undefined }) {
    this.#recorder = recorder;
    this.#parts = parts;
    this.#known = known;
    this.#startedAt = this.#now();
    const { waiting, head } = recorder;
    this.job = new Job(Math.max(1, waiting.length), 1, fromCode);
    this.job.isSet = true;
    this.job.imageTokens = Promise.resolve(waiting.reduce((sum, { tokens }) => sum + Math.max(0, tokens - head.words), 0));
  }

  #now(): number {
    return (this.#parts.now ?? Date.now)();
  }

  get #open(): PartRecord[] {
    return [...this.#recorder.files.state.parts.values()].filter(({ step }) => step !== 'ended');
  }

  get #isStopping(): boolean {
    return this.#stopped !== undefined || this.job.signal.aborted;
  }

  /** Resolves when nothing is left, when it was told to pause, or when a job does not come to its end. Rejects only where the journal cannot be written. */
  async run(): Promise<RunEnd> {
    try {
      await this.#recorder.settleTwins();
      await this.#pickUp();
      if (this.#looksAtOnce) await this.#look();
      // Else the run ends now, with more to tell.
      if (this.#mayMake || this.#open.length > 0) this.#parts.looked?.();
      while (!this.#isStopping) {
        if (this.#mayMake) await this.#make();
        else if (this.#open.length > 0) await this.#look();
        else break;
      }
    } catch (error) {
      if (!(error instanceof InspectorError)) throw error;
      if (!this.job.signal.aborted) this.#stop({ reason: error });
    }
    if (this.job.signal.aborted) await this.abandon('cancelled');
    else if (this.#stalled !== undefined) this.#stop({ isStalled: true, reason: this.#stalled });
    else if (this.#blocked !== undefined) this.#stop({ reason: this.#blocked });
    return this.#recorder.isSettled && this.#stopped?.isStalled !== true ? { isEnded: true } : { isEnded: false, ...this.#stopped };
  }

  get #mayMake(): boolean {
    return this.#recorder.waiting.length > 0 && this.#room() > 0 && this.#blocked === undefined && this.#stalled === undefined;
  }

  #stop(why: { reason?: InspectorError; isStalled?: true } = {}): void {
    this.#stopped ??= why;
    this.job.skipWait();
  }

  pause(): void {
    this.#stop();
  }

  cancel(): void {
    this.job.cancel();
  }

  #room(): number {
    return MOST_UPLOADED - [...this.#uploaded.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** What an earlier run has left: a part that was not yet made begins anew, one that may have been is looked for. */
  async #pickUp(): Promise<void> {
    for (const part of this.#open) {
      this.#count(part);
      if (part.step === 'uploading') await this.#forget(part);
      else if (part.job === undefined) {
        const found = await this.#find(part.displayName, this.job);
        if (found === undefined) {
          await this.#backToWaiting(part);
          await this.#forget(part);
        } else await this.#recorder.files.record({ ...part, job: found.name });
      }
    }
    this.#looksAtOnce = this.#open.length > 0;
  }

  #count({ part, images }: PartRecord): void {
    this.#uploaded.set(
      part,
      images.reduce((sum, image) => sum + (this.#recorder.images[image]?.bytes ?? 0), 0),
    );
  }

  /** The job of a name, if there is one. */
  #find(displayName: string, job: Job): Promise<RemoteBatch | undefined> {
    return this.#parts.sender.query('list batches', job, async (gemini, timeout) => {
      for await (const batch of gemini.listBatches({ signal: timeout.signal })) {
        timeout.restart();
        if (batch.displayName === displayName) return batch;
      }
      return undefined;
    });
  }

  async #make(): Promise<void> {
    const making = { job: this.job, known: this.#known, room: this.#room(), isStopping: () => this.#isStopping };
    const part = await makePart(this.#recorder, this.#parts, making).catch((error: unknown) => {
      // What is at work already comes to its end first.
      if (!(error instanceof InspectorError) || this.job.signal.aborted || this.#open.length === 0) throw error;
      this.#blocked = error;
      return undefined;
    });
    if (part === undefined) return;
    this.#count(part);
    await this.#create(part);
    this.#pauses = 0;
  }

  /** Makes the job of a part: where an attempt brought no answer, it is looked for before it is made again. */
  async #create(part: PartRecord): Promise<void> {
    const { displayName } = part;
    const { model } = this.#recorder.head.task;
    const [fileName = ''] = part.files.slice(-1);
    let isTried = false;
    const create = () =>
      this.#parts.sender.query('create batch', this.job, async (gemini, timeout) => {
        if (isTried) {
          for await (const batch of gemini.listBatches({ signal: timeout.signal })) if (batch.displayName === displayName) return batch;
        }
        isTried = true;
        timeout.restart();
        return gemini.createBatch({ model, fileName, displayName }, { signal: timeout.signal });
      });
    let batch: RemoteBatch | undefined;
    try {
      batch = await create();
    } catch (error) {
      if (!(error instanceof InspectorError)) throw error;
      // The answer may have been lost, not the job.
      batch = await this.#find(displayName, new Job());
      if (batch === undefined) {
        await this.#backToWaiting(part);
        await this.#forget(part);
        throw error;
      }
    }
    await this.#recorder.files.record({ ...part, job: batch.name });
  }

  /** Each time longer. */
  async #pause(): Promise<void> {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 1.5 ** this.#pauses);
    this.#pauses += 1;
    await (this.#parts.wait?.(pause, this.job) ?? this.job.wait(pause));
  }

  /** Waits and looks at every job. */
  async #look(): Promise<void> {
    if (this.#looksAtOnce) this.#looksAtOnce = false;
    else await this.#pause();
    for (const part of this.#open) {
      if (this.#isStopping) return;
      const batch = await this.#stateOf(part);
      if (batch === 'unknown') continue;
      if (batch === undefined) await this.#gone(part);
      else if (batch.state === 'pending' || batch.state === 'running') await this.#watch(part, batch);
      else await this.#finish(part, batch);
    }
  }

  /** How the job of a part stands; undefined where it is gone, `unknown` where the API does not tell now. */
  async #stateOf({ job: name = '' }: PartRecord): Promise<RemoteBatch | 'unknown' | undefined> {
    try {
      return await this.#parts.sender.query('get batch', this.job, (gemini, { signal }) => gemini.getBatch(name, { signal }));
    } catch (error) {
      if (!(error instanceof InspectorError) || this.job.signal.aborted) throw error;
      if (error.reason === 'notFound') return undefined;
      // It goes on without us: later there will be an answer.
      if (['overloaded', 'rateLimited', 'network', 'timeout', 'server'].includes(error.reason)) return 'unknown';
      throw error;
    }
  }

  /** True for a job whose answers are there most likely, but not yet to be had. */
  #isLate({ part }: PartRecord, { state, endTime }: RemoteBatch): boolean {
    if (state !== 'succeeded' || (endTime !== undefined && this.#now() - endTime > KEPT)) return false;
    const since = this.#lateSince.get(part) ?? this.#now();
    this.#lateSince.set(part, since);
    return this.#now() - since <= MOST_LATE;
  }

  async #watch(part: PartRecord, { state }: RemoteBatch): Promise<void> {
    if (state === 'running' && part.begun === undefined) await this.#recorder.files.record({ ...part, begun: true });
    const { at } = part;
    const hours = this.#parts.deadlineHours?.() ?? 24;
    const since = Math.max(Date.parse(at), this.#parts.isPatient === true ? this.#startedAt : 0);
    if (this.#now() - since > hours * HOUR)
      this.#stop({ isStalled: true, reason: new InspectorError('timeout', t('The batch has not ended within {0} hours.', hours)) });
  }

  /** Takes the results of a job that has ended; what it has left is asked about otherwise. */
  async #finish(part: PartRecord, batch: RemoteBatch): Promise<void> {
    const areThere = await takeResults(this.#recorder, this.#parts, { part, batch, job: this.job });
    if (!areThere && this.#isLate(part, batch)) return this.#watch(part, batch);
    if (batch.state === 'succeeded') await this.#unanswered(part);
    else if (isUntouched(part, batch)) await this.#backToWaiting(part);
    else await this.#leave(part, (image) => unansweredRecord(image, t('The batch ended without its answer. It may have been billed.')));
    await this.#forget(part, batch);
    this.#pauses = 0;
    // Its place with the API is free again.
    if (this.#blocked?.reason === 'quotaExhausted') this.#blocked = undefined;
    if (batch.state !== 'succeeded') this.#stalled ??= endFailure(batch);
  }

  /** What has no answer where all have been given may have been billed. */
  async #unanswered(part: PartRecord): Promise<void> {
    await this.#leave(part, (image) => ({
      kind: 'state',
      image,
      state: 'failed',
      reason: 'emptyReply',
      message: t('The results of the batch have no answer for it. It may have been billed.'),
      mayBeBilled: true,
    }));
  }

  async #gone(part: PartRecord): Promise<void> {
    await this.#unanswered(part);
    await this.#forget(part);
  }

  async #backToWaiting(part: PartRecord): Promise<void> {
    await this.#leave(part, (image) => ({ kind: 'state', image, state: 'waiting' }));
  }

  async #leave({ images }: PartRecord, record: (image: number) => StateRecord): Promise<void> {
    const left = images.filter((image) => this.#recorder.images[image]?.state === 'sent');
    for (const image of left) this.#recorder.twins.release(image);
    await this.#recorder.record(...left.map(record));
    await this.#recorder.settleTwins();
  }

  /** A part has ended: nothing of it stays with the API, as far as that can be had. What stays is in the list of uploads, and gone after 48 hours. */
  async #forget(part: PartRecord, batch?: RemoteBatch): Promise<void> {
    const job = new Job();
    const own = this.#recorder.files.state.uploads.get(part.part) ?? [];
    const files = new Set([...part.files, ...own, ...(batch?.responsesFile === undefined ? [] : [batch.responsesFile])]);
    const left = await deleteFiles(this.#parts, files);
    await freeUnbilled(this.#recorder, this.#parts, part);
    if (batch !== undefined)
      await this.#parts.sender
        .query('delete batch', job, (gemini, { signal }) => gemini.deleteBatch(batch.name, { signal }))
        .catch(() => undefined);
    await this.#recorder.files.record({ ...part, step: 'ended', images: [], files: left });
    this.#uploaded.delete(part.part);
    await new PartFiles(this.#recorder.files.folder, part.part).remove();
  }

  /**
   * Stops the jobs, takes what they have answered, and gives the rest up: it is cancelled, or waits to be asked about at another speed. What a job had begun with may
   * have been billed.
   */
  async abandon(rest: 'cancelled' | 'waiting'): Promise<void> {
    const job = new Job();
    for (const part of this.#open) {
      const found =
        part.job ?? (part.step === 'uploading' ? undefined : await this.#find(part.displayName, job).catch(() => 'unknown' as const));
      const name = typeof found === 'object' ? found.name : found;
      const batch = name === undefined || name === 'unknown' ? undefined : await stopJob(this.#recorder, this.#parts, { part, name, job });
      const isNew = name === undefined || (batch?.wasPending === true && isUntouched(part, batch));
      await this.#leave(part, (image): StateRecord => {
        if (isNew) return { kind: 'state', image, state: rest };
        if (rest === 'cancelled') return { kind: 'state', image, state: 'cancelled', mayBeBilled: true };
        return unansweredRecord(image, t('The batch was stopped before its answer came. It may have been billed.'));
      });
      await this.#forget(part, batch);
    }
    if (rest === 'cancelled') await this.#recorder.cancelRest();
  }
}

/** True where a job has answered nothing, as far as it tells: nothing of it is billed. */
function isUntouched({ begun }: PartRecord, { stats }: RemoteBatch): boolean {
  return begun === undefined && stats?.succeeded === 0;
}

function unansweredRecord(image: number, message: string): StateRecord {
  return { kind: 'state', image, state: 'failed', reason: 'timeout', message, mayBeBilled: true };
}

/** Why a job has not answered all. */
function endFailure({ state, error }: RemoteBatch): InspectorError {
  if (state === 'expired') return new InspectorError('timeout', t('The batch has expired.'));
  if (state === 'cancelled') return new InspectorError('server', t('The batch was cancelled outside this extension.'));
  return new InspectorError('server', t('The batch has failed.'), { detail: error?.message.slice(0, 300) ?? '' });
}
