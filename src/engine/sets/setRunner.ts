import PQueue from 'p-queue';
import { failureView, InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { SetLine } from '../../core/sets/inspectionSet.ts';
import type { SetImage, StateRecord } from '../../core/sets/journal.ts';
import { Job } from '../sending/job.ts';
import type { Sender } from '../sending/sender.ts';
import type { Follower } from '../sending/senderOptions.ts';
import { TaskRunner } from '../task/taskRunner.ts';
import { CostLimit, overLimit } from './costLimit.ts';
import type { KnownResults } from './knownResults.ts';
import { optionsOf } from './planSet.ts';
import { RunControl } from './runControl.ts';
import { DoneBefore, HasTwin, type RunEnd, type RunParts } from './runParts.ts';
import { billOf, doneRecord } from './storage/setFiles.ts';
import type { SetRecorder } from './storage/setRecorder.ts';

/** The run was told to pause before the image went out. */
class Paused extends Error {}

/** Asks about the images of a set, each in a request of its own, at standard speed or flex. */
export class SetRunner {
  readonly job: Job;
  readonly #recorder: SetRecorder;
  readonly #parts: RunParts;
  readonly #control: RunControl;
  readonly #limit: CostLimit;
  readonly #known: KnownResults | undefined;
  readonly #most: number;
  readonly #queue: PQueue;
  #pending: number[];
  #stopped: { reason?: InspectorError } | undefined;

  /** @param most images that are asked about */
  constructor(
    recorder: SetRecorder,
    parts: RunParts,
    { fromCode, known, most }: { fromCode: boolean; known: KnownResults | undefined; most: number },
  ) {
    this.#recorder = recorder;
    this.#parts = parts;
    this.#known = known;
    this.#control = new RunControl(parts.concurrency);
    const { head } = recorder;
    const chosen = recorder.waiting.slice(0, most);
    this.#most = most;
    this.#queue = new PQueue({ concurrency: this.#control.concurrency });
    this.#pending = chosen.map(({ image }) => image);
    this.#limit = new CostLimit(recorder, parts);
    this.job = new Job(chosen.length, 1, fromCode);
    this.job.isSet = true;
    this.job.imageTokens = Promise.resolve(chosen.reduce((sum, { tokens }) => sum + Math.max(0, tokens - head.words), 0));
  }

  /** Runs until nothing is left of what it is to ask about. Rejects only where the journal cannot be written. */
  async run(): Promise<RunEnd> {
    await this.#recorder.settleTwins();
    const queue = this.#queue;
    const failures: unknown[] = [];
    while (this.#pending.length > 0 && !this.#isStopping) {
      while (this.#pending.length > 0 && !this.#isStopping) {
        await queue.onSizeLessThan(1);
        queue.concurrency = this.#control.concurrency;
        const index = this.#pending.shift();
        if (index === undefined || this.#isStopping) continue;
        void queue
          .add(() => this.#one(index))
          .catch((error: unknown) => {
            failures.push(error);
            this.#stop();
          });
      }
      await queue.onIdle();
      // What the user asks for again meanwhile.
      if (this.#pending.length === 0 && this.#most === Number.POSITIVE_INFINITY)
        this.#pending = this.#recorder.waiting.map(({ image }) => image);
    }
    await queue.onIdle();
    if (failures.length > 0) throw failures[0];
    if (this.job.signal.aborted && this.#stopped === undefined) await this.#recorder.cancelRest();
    const isEnded = this.#recorder.isSettled;
    return isEnded ? { isEnded } : { isEnded, ...this.#stopped };
  }

  /** Lets what is under way come to its end, and begins nothing more. */
  #stop(reason?: InspectorError): void {
    this.#stopped ??= reason === undefined ? {} : { reason };
    this.job.skipWait();
  }

  pause(): void {
    this.#stop();
  }

  /** Gives up what is under way, and what is left. */
  cancel(): void {
    this.job.cancel();
  }

  get #isStopping(): boolean {
    return this.#stopped !== undefined || this.job.signal.aborted;
  }

  async #one(index: number): Promise<void> {
    const image = this.#recorder.images[index];
    if (image === undefined || image.state !== 'waiting' || this.#isStopping) return;
    const release = this.#limit.hold(image.tokens);
    if (release === undefined) return this.#stop(overLimit());
    try {
      const wait = this.#control.pauseSeconds;
      if (wait > 0) await this.job.wait(wait * 1000);
      if (!this.#isStopping) await this.#ask(image);
    } catch (error) {
      if (!(error instanceof InspectorError) || !this.job.signal.aborted) throw error;
    } finally {
      release();
    }
  }

  async #ask(image: SetImage): Promise<void> {
    const index = image.image;
    let inspection: Inspection;
    try {
      inspection = await this.#inspect(image);
    } catch (error) {
      await this.#failed(index, error);
      return;
    }
    const sha256 = inspection.images[0]?.sha256 ?? '';
    if (inspection.brokenOff !== undefined) {
      const reason = inspection.brokenOff === 'connection' ? 'network' : inspection.brokenOff;
      const message = t('The answer was broken off. It may have been billed.');
      const place = await this.#recorder.files.addLine({
        key: image.key,
        uri: image.uri,
        sha256,
        state: 'failed',
        reason,
        message,
        inspection,
      });
      const bill = billOf(inspection);
      await this.#recorder.record({ kind: 'state', image: index, state: 'failed', ...place, reason, message, mayBeBilled: true, ...bill });
    } else {
      this.#control.answered();
      const line: SetLine = { key: image.key, uri: image.uri, sha256, state: 'done', inspection };
      await this.#recorder.record(doneRecord(index, line, await this.#recorder.files.addLine(line)));
      this.#parts.finished?.(inspection);
    }
    await this.#recorder.settleTwins(index);
  }

  async #inspect(image: SetImage): Promise<Inspection> {
    const { task } = this.#recorder.head;
    const { image: index } = image;
    const sender: Pick<Sender, 'generate'> = {
      generate: async (outgoing, follow) => {
        const sha256 = outgoing.images[0]?.about?.sha256 ?? '';
        const twin = this.#recorder.twins.claim(sha256, image);
        if (twin !== undefined) throw new HasTwin(twin);
        if (this.#known !== undefined && (await this.#known.has(sha256))) throw new DoneBefore();
        await this.#recorder.record({ kind: 'state', image: index, state: 'prepared', sha256 });
        return this.#parts.sender.generate(outgoing, this.#follower(index, follow));
      },
    };
    const { speed } = this.#recorder.files.state;
    const results = { add: async () => undefined };
    const runner = new TaskRunner(await this.#parts.planner(), sender, results, this.#parts.log, this.#parts.refine);
    const options = { ...optionsOf(task, image.altText), speed };
    const call = { task: task.task, images: [image.uri] as const, query: task.query, options };
    return runner.inspect(call, this.job, () => undefined);
  }

  /** The journal says that an image is sent before it leaves. */
  #follower(index: number, follow: Follower): Follower {
    return {
      uploading: (share) => follow.uploading(share),
      leaving: async () => {
        if (this.#stopped !== undefined) throw new Paused();
        await this.#recorder.record({ kind: 'state', image: index, state: 'sent' });
      },
      sent: (request, destination) => follow.sent(request, destination),
      progress: (progress) => follow.progress(progress),
      waiting: (wait) => {
        follow.waiting(wait);
        if (wait.failure.reason === 'rateLimited') {
          this.#control.held();
          // Also for the one that stands in line already.
          this.#queue.concurrency = this.#control.concurrency;
        }
        // The API has refused it, so that nothing is billed. It is written in the order of calls.
        if (this.#recorder.images[index]?.state === 'sent')
          void this.#recorder.record({ kind: 'state', image: index, state: 'prepared' }).catch(() => this.#stop());
      },
    };
  }

  async #failed(index: number, error: unknown): Promise<void> {
    const image = this.#recorder.images[index];
    if (image === undefined) return;
    const back: StateRecord[] = image.state === 'waiting' ? [] : [{ kind: 'state', image: index, state: 'waiting' }];
    if (error instanceof HasTwin) return this.#recorder.isTwin(index, error.of);
    if (error instanceof DoneBefore) {
      await this.#recorder.record(...back, { kind: 'state', image: index, state: 'skipped', message: t('There is a result already.') });
      return this.#recorder.settleTwins(index);
    }
    if (error instanceof Paused) {
      this.#recorder.twins.release(index);
      return this.#recorder.record(...back);
    }
    const { reason, message, detail } = failureView(error);
    const text = `${message} ${detail}`.trim();
    if (this.job.signal.aborted && reason === 'cancelled') {
      await this.#recorder.record({
        kind: 'state',
        image: index,
        state: 'cancelled',
        ...(image.state === 'sent' ? { mayBeBilled: true } : {}),
      });
      return;
    }
    if (reason === 'excluded') {
      await this.#recorder.record({ kind: 'state', image: index, state: 'skipped', reason, message: text });
      return this.#recorder.settleTwins(index);
    }
    const isGone = error instanceof InspectorError && error.uploadExpired;
    const verdict = this.#control.failed(index, error instanceof InspectorError && !isGone ? reason : undefined);
    if (verdict === 'failed') {
      const mayBeBilled = image.state === 'sent' && reason === 'timeout';
      await this.#recorder.record({
        kind: 'state',
        image: index,
        state: 'failed',
        reason,
        message: text,
        ...(mayBeBilled ? { mayBeBilled } : {}),
      });
      return this.#recorder.settleTwins(index);
    }
    this.#recorder.twins.release(index);
    await this.#recorder.record(...back);
    if (verdict === 'pause') this.#stop(error instanceof InspectorError ? error : undefined);
    else this.#pending.push(index);
  }
}
