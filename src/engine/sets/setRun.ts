import PQueue from 'p-queue';
import { failureView, InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import { expectedOutputRange } from '../../core/sets/forecast.ts';
import type { SetLine } from '../../core/sets/inspectionSet.ts';
import type { SetImage, StateRecord } from '../../core/sets/journal.ts';
import { costUsd } from '../../core/usage/cost.ts';
import { Job } from '../sending/job.ts';
import type { Follower, Sender } from '../sending/sender.ts';
import type { TaskRules } from '../task/settings.ts';
import type { TaskPlanner } from '../task/taskPlanner.ts';
import { type Log, type Refine, TaskRunner } from '../task/taskRunner.ts';
import type { KnownResults } from './knownResults.ts';
import { optionsOf } from './planSet.ts';
import { RunControl } from './runControl.ts';
import { doneRecord, type SetFiles } from './setFiles.ts';
import { TwinBook, twinLine } from './twins.ts';

/** What runs the requests of a set. */
export interface RunParts {
  planner: () => Promise<TaskPlanner>;
  sender: Pick<Sender, 'generate'>;
  rules: Pick<TaskRules, 'tokenBasis'>;
  log: Log;
  refine?: Refine | undefined;
  /** Requests at a time. */
  concurrency: () => number;
  /** Told of each new result. */
  finished?: ((inspection: Inspection) => void) | undefined;
}

/** How a run has ended: with nothing left, or with images left, for a reason. */
export type RunEnd = { isEnded: true } | { isEnded: false; reason?: InspectorError };

/** The image is asked about in the place of another of the same content. */
class HasTwin extends Error {
  readonly of: number;

  constructor(of: number) {
    super('another image of the set has the same content');
    this.of = of;
  }
}

/** There is a result already. */
class DoneBefore extends Error {}

/** The run was told to pause before the image went out. */
class Paused extends Error {}

/** Asks about the images of a set, each in a request of its own, at standard speed or flex. */
export class SetRun {
  readonly job: Job;
  readonly #files: SetFiles;
  readonly #parts: RunParts;
  readonly #changed: (images: readonly number[]) => void;
  readonly #control: RunControl;
  readonly #earlier: KnownResults | undefined;
  readonly #twins: TwinBook;
  #pending: number[] = [];
  #stopped: { reason?: InspectorError } | undefined;
  #spent = 0;
  #reserved = 0;

  constructor(
    files: SetFiles,
    parts: RunParts,
    { fromCode, earlier, changed }: { fromCode: boolean; earlier: KnownResults | undefined; changed: (images: readonly number[]) => void },
  ) {
    this.#files = files;
    this.#parts = parts;
    this.#changed = changed;
    this.#earlier = earlier;
    this.#control = new RunControl(parts.concurrency);
    this.#twins = new TwinBook(files.state);
    const waiting = this.#images.filter(({ state, twin }) => state === 'waiting' && twin === undefined);
    this.#pending = waiting.map(({ image }) => image);
    this.#spent = this.#images.reduce((sum, { costUsd: usd = 0 }) => sum + usd, 0);
    this.job = new Job(waiting.length, 1, fromCode);
    this.job.isSet = true;
    const words = this.#head.words;
    this.job.imageTokens = Promise.resolve(waiting.reduce((sum, { tokens }) => sum + Math.max(0, tokens - words), 0));
  }

  get #head() {
    const { head } = this.#files.state;
    if (head === undefined) throw new Error('a set without a head');
    return head;
  }

  get #images(): readonly SetImage[] {
    return this.#files.state.images;
  }

  /** Runs until nothing is left, or `most` images have been asked about. Rejects only where the journal cannot be written. */
  async run(most = Number.POSITIVE_INFINITY): Promise<RunEnd> {
    for (const image of this.#images) if (image.twin !== undefined && image.state === 'waiting') await this.#settleTwin(image);
    const queue = new PQueue({ concurrency: this.#control.concurrency });
    const left = this.#pending.splice(Math.min(this.#pending.length, most));
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
    }
    await queue.onIdle();
    if (failures.length > 0) throw failures[0];
    if (this.job.signal.aborted && this.#stopped === undefined) await this.#cancelRest();
    const isEnded = left.length === 0 && this.#images.every(({ state }) => state !== 'waiting' && state !== 'prepared' && state !== 'sent');
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
    const image = this.#images[index];
    if (image === undefined || image.state !== 'waiting' || this.#isStopping) return;
    const expected = this.#expectedUsd(image.tokens);
    if (!this.#mayCost(expected)) return this.#stop(overLimit());
    this.#reserved += expected ?? 0;
    try {
      const wait = this.#control.pauseSeconds;
      if (wait > 0) await this.job.wait(wait * 1000);
      if (!this.#isStopping) await this.#ask(image);
    } catch (error) {
      if (!(error instanceof InspectorError) || !this.job.signal.aborted) throw error;
    } finally {
      this.#reserved -= expected ?? 0;
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
    this.#spent += inspection.tokens.costUsd ?? 0;
    const sha256 = inspection.images[0]?.sha256 ?? '';
    if (inspection.brokenOff !== undefined) {
      const reason = inspection.brokenOff === 'connection' ? 'network' : inspection.brokenOff;
      const message = t('The answer was broken off. It may have been billed.');
      const place = await this.#files.addLine({ key: image.key, uri: image.uri, sha256, state: 'failed', reason, message, inspection });
      await this.#record({ kind: 'state', image: index, state: 'failed', ...place, reason, message, mayBeBilled: true });
    } else {
      this.#control.answered();
      const line: SetLine = { key: image.key, uri: image.uri, sha256, state: 'done', inspection };
      await this.#record(doneRecord(index, line, await this.#files.addLine(line)));
      this.#parts.finished?.(inspection);
    }
    await this.#settleTwinsOf(index);
  }

  async #inspect(image: SetImage): Promise<Inspection> {
    const { task } = this.#head;
    const { image: index } = image;
    const sender: Pick<Sender, 'generate'> = {
      generate: async (outgoing, follow) => {
        const sha256 = outgoing.images[0]?.about?.sha256 ?? '';
        const twin = this.#twins.claim(sha256, index);
        if (twin !== undefined) throw new HasTwin(twin);
        if (this.#earlier !== undefined && (await this.#earlier.has(sha256))) throw new DoneBefore();
        await this.#record({ kind: 'state', image: index, state: 'prepared', sha256 });
        return this.#parts.sender.generate(outgoing, this.#follower(index, follow));
      },
    };
    const { speed } = this.#files.state;
    const results = { add: async () => undefined };
    const runner = new TaskRunner(await this.#parts.planner(), sender, results, this.#parts.log, this.#parts.refine);
    const call = { task: task.task, images: [image.uri] as const, query: task.query, options: { ...optionsOf(task), speed } };
    return runner.inspect(call, this.job, () => undefined);
  }

  /** The journal says that an image is sent before it leaves. */
  #follower(index: number, follow: Follower): Follower {
    return {
      uploading: (share) => follow.uploading(share),
      leaving: async () => {
        if (this.#stopped !== undefined) throw new Paused();
        await this.#record({ kind: 'state', image: index, state: 'sent' });
      },
      sent: (request, destination) => follow.sent(request, destination),
      progress: (progress) => follow.progress(progress),
      waiting: (wait) => {
        follow.waiting(wait);
        if (wait.failure.reason === 'rateLimited') this.#control.held();
        // The API has refused it, so that nothing is billed. It is written in the order of calls.
        if (this.#images[index]?.state === 'sent')
          void this.#record({ kind: 'state', image: index, state: 'prepared' }).catch(() => this.#stop());
      },
    };
  }

  async #failed(index: number, error: unknown): Promise<void> {
    const image = this.#images[index];
    if (image === undefined) return;
    const back: StateRecord[] = image.state === 'waiting' ? [] : [{ kind: 'state', image: index, state: 'waiting' }];
    if (error instanceof HasTwin) {
      await this.#files.record(...back, { kind: 'twin', image: index, of: error.of });
      const twin = this.#images[index];
      if (twin !== undefined) await this.#settleTwin(twin);
      return;
    }
    if (error instanceof DoneBefore) {
      await this.#record(...back, { kind: 'state', image: index, state: 'skipped', message: t('There is a result already.') });
      return this.#settleTwinsOf(index);
    }
    if (error instanceof Paused) {
      this.#twins.release(index);
      return this.#record(...back);
    }
    const { reason, message, detail } = failureView(error);
    const text = `${message} ${detail}`.trim();
    if (this.job.signal.aborted && reason === 'cancelled') {
      await this.#record({ kind: 'state', image: index, state: 'cancelled', ...(image.state === 'sent' ? { mayBeBilled: true } : {}) });
      return;
    }
    if (reason === 'excluded') {
      await this.#record({ kind: 'state', image: index, state: 'skipped', reason, message: text });
      return this.#settleTwinsOf(index);
    }
    const isGone = error instanceof InspectorError && error.uploadExpired;
    const verdict = this.#control.failed(index, error instanceof InspectorError && !isGone ? reason : undefined);
    if (verdict === 'failed') {
      const mayBeBilled = image.state === 'sent' && reason === 'timeout';
      await this.#record({ kind: 'state', image: index, state: 'failed', reason, message: text, ...(mayBeBilled ? { mayBeBilled } : {}) });
      return this.#settleTwinsOf(index);
    }
    this.#twins.release(index);
    await this.#record(...back);
    if (verdict === 'pause') this.#stop(error instanceof InspectorError ? error : undefined);
    else this.#pending.push(index);
  }

  async #settleTwinsOf(index: number): Promise<void> {
    for (const image of this.#images) if (image.twin === index && image.state === 'waiting') await this.#settleTwin(image);
  }

  /** A twin ends as the image does that is asked about in its place. */
  async #settleTwin({ image, twin, key, uri }: SetImage): Promise<void> {
    const other = twin === undefined ? undefined : this.#images[twin];
    if (other === undefined) return;
    const { state, reason, message, at, length } = other;
    if (state === 'done' && at !== undefined && length !== undefined) {
      const line = await this.#files.readLine({ at, length });
      if (line?.inspection === undefined) return;
      const own = twinLine(line, { key, uri });
      const place = await this.#files.addLine(own);
      await this.#record(doneRecord(image, own, place));
    } else if (state === 'failed' || state === 'skipped' || state === 'cancelled') {
      await this.#record({
        kind: 'state',
        image,
        state,
        ...(reason === undefined ? {} : { reason }),
        ...(message === undefined ? {} : { message }),
      });
    }
  }

  async #cancelRest(): Promise<void> {
    const rest = this.#images.filter(({ state }) => state === 'waiting' || state === 'prepared');
    await this.#record(...rest.map(({ image }): StateRecord => ({ kind: 'state', image, state: 'cancelled' })));
  }

  async #record(...records: StateRecord[]): Promise<void> {
    const written = this.#files.record(...records);
    this.#changed(records.map(({ image }) => image));
    await written;
  }

  /** What a request may cost at most; undefined where there is no limit, or no price. */
  #expectedUsd(tokens: number): number | undefined {
    const { task, maxUsd } = this.#head;
    if (maxUsd === undefined) return undefined;
    const { date, prices } = this.#parts.rules.tokenBasis();
    const [, output] = expectedOutputRange(task, date);
    const { speed } = this.#files.state;
    return costUsd(task.model, date, { prompt: tokens, output, speed }, prices);
  }

  #mayCost(expected: number | undefined): boolean {
    const { maxUsd } = this.#head;
    if (maxUsd === undefined) return true;
    return expected !== undefined && this.#spent + this.#reserved + expected <= maxUsd;
  }
}

function overLimit(): InspectorError {
  return new InspectorError('overBudget', t('The set has reached its limit in dollars.'), {
    detail: t('What is done is kept.'),
  });
}
