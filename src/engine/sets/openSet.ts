import { pathToFileURL } from 'node:url';
import type { InspectorError } from '../../core/base/failure.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { SetProgress } from '../../core/sets/forecast.ts';
import type { SetCounts, SetLine, SetResult, SetRow, SetSpeed, SetTask } from '../../core/sets/inspectionSet.ts';
import { asAnswered, type SetImage, type SetPhase, type StateRecord } from '../../core/sets/journal.ts';
import { type LeftOver, leftOver, lostImages } from '../../core/sets/leftOver.ts';
import { isSettled } from '../../core/sets/setEnded.ts';
import { countStates, rowOf } from '../../core/sets/setRows.ts';
import type { KnownResults } from './knownResults.ts';
import type { RunEnd, RunParts } from './runParts.ts';
import { SetBatch } from './setBatch.ts';
import { SetHold } from './setHold.ts';
import { SetMeter } from './setMeter.ts';
import { SetRowsView } from './setRowsView.ts';
import { SetRunner } from './setRunner.ts';
import type { RunningSets } from './storage/runningSets.ts';
import type { SetFiles } from './storage/setFiles.ts';
import { lineWithoutResult, readLineOf } from './storage/setLines.ts';
import { SetRecorder } from './storage/setRecorder.ts';
import { SetReviews } from './storage/setReviews.ts';

export interface OpenSetParts extends RunParts {
  running: RunningSets;
  /** Results from before, by which images are left out; undefined where all are asked about. */
  known: (task: SetTask) => Promise<KnownResults | undefined>;
}

/** A set: what is known of its images, and all that can be done with them. */
export class OpenSet {
  readonly id: string;
  readonly #files: SetFiles;
  readonly #parts: OpenSetParts;
  readonly #view: SetRowsView;
  readonly #hold: SetHold;
  /** What people say of the results, and make of them. */
  readonly reviews: SetReviews;
  #run: SetRunner | SetBatch | undefined;
  #isLeaving = false;
  #ran: Promise<RunEnd> | undefined;
  readonly #meter: SetMeter;
  /** Resolves once it is known how the jobs of an earlier run stand, or the run has ended. */
  #looked: Promise<void> = Promise.resolve();

  constructor(files: SetFiles, parts: OpenSetParts) {
    this.#files = files;
    this.#parts = parts;
    this.#view = new SetRowsView(() => this.#images);
    this.#meter = new SetMeter(parts.now);
    this.#hold = new SetHold(files, {
      opened: () => this.#changed(this.#images.map(({ image }) => image)),
      lost: () => this.#run?.pause(),
    });
    this.reviews = new SetReviews(files, {
      during: (work) => this.#hold.during(work),
      // No image comes to its end by that.
      changed: (images) => this.#view.changed(images),
    });
    this.id = this.#head.id;
  }

  get #head() {
    const { head } = this.#files.state;
    if (head === undefined) throw new Error('a set without a head');
    return head;
  }

  get #images(): readonly SetImage[] {
    return this.#files.state.images;
  }

  /** What is asked; `speed` is the one at which what is left is asked. */
  get task(): SetTask {
    return { ...this.#head.task, speed: this.#files.state.speed };
  }

  /** Address of the folder below which the keys are, with a slash at its end. */
  get folder(): string {
    return this.#head.folder;
  }

  /** Of a set of alternative texts: addresses of the documents that lack them, and of folders of such documents. */
  get documents(): readonly string[] | undefined {
    return this.#head.documents;
  }

  get createdAt(): string {
    return this.#head.createdAt;
  }

  /** Where the set as a whole stands, and why it waits. */
  get phase(): { phase: SetPhase; reason?: InspectorError['reason']; message?: string } {
    const { phase, phaseReason, phaseMessage } = this.#files.state;
    return {
      phase,
      ...(phaseReason === undefined ? {} : { reason: phaseReason }),
      ...(phaseMessage === undefined ? {} : { message: phaseMessage }),
    };
  }

  /** True while this process runs it. */
  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** All images, by their keys. The same array and rows as long as nothing changes. */
  rows(): readonly SetRow[] {
    return this.#view.rows;
  }

  /** Calls back with the rows that have changed, those of a moment together, or none where it is the set as a whole; what is returned ends it. */
  onDidChange(listener: (rows: readonly SetRow[]) => void): () => void {
    return this.#view.onDidChange(listener);
  }

  counts(): SetCounts {
    return countStates(this.#images);
  }

  result(): SetResult {
    const { task } = this;
    const { costUsd, billed } = this.#files.state;
    return {
      version: 1,
      id: this.id,
      task: task.task,
      speed: task.speed,
      ended: this.#files.state.phase === 'ended',
      counts: this.counts(),
      tokens: { estimated: this.#images.reduce((sum, { tokens }) => sum + tokens, 0), billed },
      ...(costUsd === undefined ? {} : { costUsd }),
      results: pathToFileURL(this.#files.resultsPath).href,
    };
  }

  /** How it goes: images, pace, cost so far and expected. */
  progress(): SetProgress {
    return this.#meter.progress(this.#files.state, this.task, this.#parts.rules.tokenBasis());
  }

  /** What a batch has left. */
  left(): LeftOver {
    return leftOver(this.#files.state);
  }

  /**
   * Asks about what is left, `most` images of it, and resolves when nothing is left or it waits for the user: see `phase`. Rejects with `unsupported` where another
   * window runs it. What others have done to it meanwhile is read first.
   */
  run({ fromCode = false, most = Number.POSITIVE_INFINITY }: { fromCode?: boolean; most?: number } = {}): Promise<RunEnd> {
    if (this.#ran !== undefined) return this.#ran;
    const looked = Promise.withResolvers<void>();
    this.#looked = looked.promise;
    this.#ran = this.#runAll(fromCode, most, looked.resolve).finally(() => {
      looked.resolve();
      this.#ran = undefined;
    });
    return this.#ran;
  }

  /** Resolves once a run knows how the jobs of an earlier one stand. */
  looked(): Promise<void> {
    return this.#looked;
  }

  async #runAll(fromCode: boolean, most: number, looked: () => void): Promise<RunEnd> {
    return this.#hold.during(async () => {
      const isPatient = this.#files.state.phase === 'stalled';
      await this.#parts.running.add(this.id);
      await this.#setPhase('running');
      const known = await this.#parts.known(this.task);
      const recorder = new SetRecorder(this.#files, (images) => this.#changed(images));
      const run =
        this.task.speed === 'batch'
          ? new SetBatch(recorder, { ...this.#parts, isPatient, looked }, { fromCode, known })
          : new SetRunner(recorder, this.#parts, { fromCode, known, most });
      this.#run = run;
      if (run instanceof SetRunner) looked();
      try {
        const end = await run.run();
        if (!this.#isLeaving) await this.#close(end);
        return end;
      } finally {
        this.#run = undefined;
        this.#changed([]);
      }
    });
  }

  async #close(end: RunEnd): Promise<void> {
    if (end.isEnded) await this.#end();
    else await this.#setPhase(end.isStalled === true ? 'stalled' : 'paused', end.reason);
    await this.#parts.running.remove(this.id);
  }

  /** Every image gets its line: those without a result too. */
  async #end(): Promise<void> {
    for (const image of this.#images)
      if (image.at === undefined && image.byHand === undefined) await this.#files.addLine(lineWithoutResult(image));
    await this.#setPhase('ended');
  }

  async #setPhase(phase: SetPhase, reason?: InspectorError, speed?: SetSpeed): Promise<void> {
    await this.#files.record({
      kind: 'phase',
      phase,
      at: new Date((this.#parts.now ?? Date.now)()).toISOString(),
      ...(reason === undefined ? {} : { reason: reason.reason, message: `${reason.message} ${reason.detail}`.trim() }),
      ...(speed === undefined ? {} : { speed }),
    });
    this.#changed([]);
  }

  /** Begins nothing more, and resolves when what is under way has ended. */
  async pause(): Promise<void> {
    this.#run?.pause();
    await this.#ran?.catch(() => undefined);
  }

  /** The same where the process ends: the next one finds the set as one that runs. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    await this.pause();
    await this.close();
    this.#isLeaving = false;
  }

  /** Gives up what is under way and what is left; what is done is kept. */
  async cancel(): Promise<void> {
    this.#run?.cancel();
    if (this.#run) return void (await this.#ran?.catch(() => undefined));
    await this.#hold.during(async () => {
      await this.#abandon('cancelled');
      await this.#end();
      await this.#parts.running.remove(this.id);
    });
  }

  /** What failed or was cancelled waits again, all of it or some; `run` then asks about it. Resolves to how many images that are. */
  async retry(keys?: readonly string[]): Promise<number> {
    return this.#hold.during(async () => {
      const again = new Set(this.#retried(keys).map(({ image }) => image));
      await this.#move(({ image }) => again.has(image), 'waiting');
      if (again.size > 0 && !this.isRunning) await this.#setPhase('paused');
      return again.size;
    });
  }

  /** With the images that are asked about in the place of some of them. */
  #retried(keys: readonly string[] | undefined): SetImage[] {
    const named = keys === undefined ? undefined : new Set(keys);
    const chosen = this.#images.filter(
      ({ key, state }) => (state === 'failed' || state === 'cancelled') && (named === undefined || named.has(key)),
    );
    const twins = chosen.flatMap(({ twin }) => {
      const other = twin === undefined ? undefined : this.#images[twin];
      return other?.state === 'failed' || other?.state === 'cancelled' ? [other] : [];
    });
    return [...new Set([...chosen, ...twins])];
  }

  /**
   * What is left is asked about at another speed from now on; nothing is asked yet. A job that is at work is stopped, and what it has answered is taken.
   * `again`: also what may have been billed, once the user was told of it.
   */
  async continueAt(speed: SetSpeed, { again = false }: { again?: boolean } = {}): Promise<void> {
    await this.#hold.during(async () => {
      if (speed !== 'batch') await this.#abandon('waiting');
      const lost = new Set(again ? lostImages(this.#images) : []);
      await this.#move((image) => lost.has(image), 'waiting');
      await this.#setPhase('paused', undefined, speed);
    });
  }

  async #abandon(rest: 'cancelled' | 'waiting'): Promise<void> {
    const recorder = new SetRecorder(this.#files, (images) => this.#changed(images));
    await new SetBatch(recorder, this.#parts, { fromCode: true, known: undefined }).abandon(rest);
  }

  /**
   * The result of an image, read from the set's file: what a person has made of it, else what was answered; of one that failed, what had come of it. `asAnswered`:
   * in any case what was answered.
   */
  async inspection(key: string, { asAnswered: takesAnswer = false }: { asAnswered?: boolean } = {}): Promise<Inspection | undefined> {
    const image = this.#images.find((one) => one.key === key);
    return image && (await readLineOf(this.#files, image, takesAnswer)).inspection;
  }

  /** The lines of all images that have ended, or of those that are wanted, one after the other: no more than one is held. `asAnswered`: without what people have made of them. */
  async *lines(
    isWanted: (row: SetRow) => boolean = () => true,
    { asAnswered: takesAnswer = false }: { asAnswered?: boolean } = {},
  ): AsyncGenerator<SetLine, void, void> {
    for (const [index, row] of this.rows().entries()) {
      const image = this.#images[index];
      if (image === undefined || !isSettled(image)) continue;
      if (isWanted(takesAnswer && image.byHand ? rowOf(asAnswered(image)) : row)) yield await readLineOf(this.#files, image, takesAnswer);
    }
  }

  async #move(which: (image: SetImage) => boolean, state: 'waiting' | 'cancelled'): Promise<void> {
    const records = this.#images.filter(which).map(({ image }): StateRecord => ({ kind: 'state', image, state }));
    await this.#files.record(...records);
    this.#changed(records.map(({ image }) => image));
  }

  /** Lets go of the set's files, unless it is running. */
  close(): Promise<void> {
    return this.#hold.close();
  }

  #changed(images: readonly number[]): void {
    const settled = images.filter((index) => isSettled(this.#images[index])).length;
    if (this.#run !== undefined) this.#meter.settled(settled);
    this.#view.changed(images);
  }
}
