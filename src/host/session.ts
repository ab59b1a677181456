import * as vscode from 'vscode';
import { type FailureView, failureView, InspectorError } from '../core/failure.ts';
import type { Inspection } from '../core/inspection.ts';
import { t } from '../core/l10n.ts';
import { isReadyTask, type ReadyTask } from '../core/prompts.ts';
import type { RunningTask, SessionState } from '../protocol.ts';
import type { ImageFacts } from './imageFacts.ts';
import type { TaskCall } from './inspect.ts';
import type { InspectionStore } from './inspectionStore.ts';
import { Job } from './job.ts';
import type { Pictures, Shown } from './pictures.ts';
import { ATTEMPTS, type Wait, withRetries } from './retry.ts';

/** What a session needs of the store. */
export type SessionStore = Pick<InspectionStore, 'of' | 'delete' | 'onDidAdd' | 'onDidClear'>;

/** What a session needs. */
export interface SessionWorld {
  runTask: (call: TaskCall, job: Job, onProgress: (running: RunningTask) => void) => Promise<Inspection>;
  store: SessionStore;
  readFacts: (uri: vscode.Uri) => Promise<ImageFacts>;
  pictures: Pick<Pictures, 'showsFile' | 'of' | 'hintOf' | 'forget'>;
  /** Resolves to true when the user has set a key. */
  askForKey: () => Promise<boolean>;
}

/** How a task is tried: once, or again after a wait. */
type Strategy = (attempt: () => Promise<Inspection>, job: Job) => Promise<Inspection>;

/** What is known and done about the image of an inspector: shared by all editors that show it, and outliving each of them. */
export class Session implements vscode.Disposable {
  readonly uri: vscode.Uri;
  readonly #world: SessionWorld;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #progressed = new vscode.EventEmitter<RunningTask>();
  readonly #subscriptions: vscode.Disposable[];
  readonly onDidChange = this.#changed.event;
  readonly onDidProgress = this.#progressed.event;
  #facts: ImageFacts | undefined;
  #picture: Shown = {};
  #looking = new AbortController();
  #runs: Inspection[] = [];
  #shown: string | undefined;
  #job: Job | undefined;
  #running: RunningTask | undefined;
  #failure: FailureView | undefined;
  #last: TaskCall | undefined;
  #note: string | undefined;
  #endWait: (() => void) | undefined;

  constructor(uri: vscode.Uri, world: SessionWorld) {
    const { store } = world;
    this.uri = uri;
    this.#world = world;
    this.#subscriptions = [
      store.onDidAdd((inspection) => this.#take(inspection)),
      store.onDidClear(() => {
        this.#runs = [];
        void this.#readRuns();
      }),
    ];
  }

  get facts(): ImageFacts | undefined {
    return this.#facts;
  }

  /** What editors show of the image. */
  get shown(): Shown {
    return this.#picture;
  }

  /** Reads the image's header and its stored results, again when the file has changed. */
  async load(): Promise<void> {
    const facts = await this.#world.readFacts(this.uri);
    const changed = facts.sha256 !== this.#facts?.sha256;
    this.#facts = facts;
    if (!changed) {
      this.#changed.fire();
      return;
    }
    void this.#look(facts);
    await this.#readRuns();
  }

  /** Shows the file itself where that can be done, and looks whether it is whole; otherwise shows a picture made of it. */
  async #look(facts: ImageFacts): Promise<void> {
    this.#stopLooking();
    if (facts.sha256 === undefined) return;
    const { pictures } = this.#world;
    const { signal } = this.#looking;
    if (pictures.showsFile(facts)) this.#picture = { pixels: this.uri };
    try {
      const picture = await pictures.of(this.uri, signal);
      if (signal.aborted) await pictures.forget(picture);
      else this.#picture = picture;
    } catch (error) {
      if (signal.aborted) return;
      this.#facts = { ...facts, problem: failureView(error) };
    }
    this.#changed.fire();
    await this.#lookCloser(signal);
  }

  /** Once the picture is seen: whether a word about it is in place. */
  async #lookCloser(signal: AbortSignal): Promise<void> {
    const picture = this.#picture;
    const hint = await this.#world.pictures.hintOf(picture, signal).catch(() => undefined);
    if (hint === undefined || signal.aborted) return;
    this.#picture = { ...picture, hint };
    this.#changed.fire();
  }

  #stopLooking(): void {
    this.#looking.abort();
    this.#looking = new AbortController();
    void this.#world.pictures.forget(this.#picture);
    this.#picture = {};
  }

  /** Runs a task and shows its course. Rejects like the task; the failure is shown in the session too. */
  run(task: ReadyTask, query: string, options: TaskCall['options'] = {}): Promise<Inspection> {
    return this.#run({ task, uri: this.uri, query, options }, (attempt) => attempt());
  }

  /**
   * Runs a task for someone at the screen: without a key, asks for one in place and then goes on; a busy API is asked again after a wait
   * that is shown and can be ended.
   */
  async runAttended(task: ReadyTask, query: string, options: TaskCall['options'] = {}): Promise<Inspection> {
    const call = { task, uri: this.uri, query, options };
    const patiently: Strategy = (attempt, job) => withRetries(attempt, (wait) => this.#wait(job, wait));
    try {
      return await this.#run(call, patiently);
    } catch (error) {
      const keyMissing = error instanceof InspectorError && error.reason === 'noApiKey';
      if (!keyMissing || !(await this.#world.askForKey())) throw error;
      return this.#run(call, patiently);
    }
  }

  async #run(call: TaskCall, strategy: Strategy): Promise<Inspection> {
    this.cancel();
    const job = new Job();
    this.#job = job;
    this.#failure = undefined;
    this.#note = undefined;
    this.#last = call;
    try {
      const inspection = await strategy(() => this.#world.runTask(call, job, (running) => this.#follow(job, running)), job);
      if (this.#job === job) {
        this.#show(inspection);
        if (job.signal.aborted) this.#note = cancelledNote(inspection);
      }
      return inspection;
    } catch (error) {
      if (this.#job === job) this.#fail(error);
      throw error;
    } finally {
      if (this.#job === job) {
        this.#job = undefined;
        this.#running = undefined;
        this.#changed.fire();
      }
    }
  }

  #follow(job: Job, running: RunningTask): void {
    if (this.#job !== job) return;
    const isNew = this.#running !== running;
    this.#running = running;
    if (isNew) this.#changed.fire();
    else this.#progressed.fire(running);
  }

  async #wait(job: Job, { failure, attempt, seconds }: Wait): Promise<void> {
    const from = Date.now();
    const retry = { failure: failureView(failure), from, until: from + seconds * 1000, attempt, attempts: ATTEMPTS };
    if (this.#running !== undefined) this.#follow(job, { ...this.#running, phase: 'retrying', retry, detections: [], text: '' });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#endWait = resolve;
    await job.pause(seconds * 1000, promise);
  }

  /** Ends the wait before another attempt. */
  tryNow(): void {
    this.#endWait?.();
  }

  /** Runs the last task again, in the words of the shown run or of the one that failed; `changed`: options that are to be others this time. */
  again(changed: TaskCall['options'] = {}): Promise<Inspection> | undefined {
    const shown = this.#runs.find(({ id }) => id === this.#shown);
    if (this.#failure === undefined && shown !== undefined && isReadyTask(shown.task))
      return this.runAttended(shown.task, shown.prompt, changed);
    return this.#last === undefined
      ? undefined
      : this.runAttended(this.#last.task, this.#last.query, { ...this.#last.options, ...changed });
  }

  cancel(): void {
    this.#job?.cancel();
  }

  show(run: string | undefined): void {
    this.#shown = run;
    this.#failure = undefined;
    this.#note = undefined;
    this.#changed.fire();
  }

  async deleteRun(id: string): Promise<void> {
    const run = this.#runs.find((candidate) => candidate.id === id);
    if (run === undefined) return;
    await this.#world.store.delete(run);
    this.#runs = this.#runs.filter((candidate) => candidate !== run);
    if (this.#shown === id) this.#shown = this.#runs.at(-1)?.id;
    this.#changed.fire();
  }

  /** The part of the page's state that the session knows. */
  get state(): Pick<SessionState, 'runs' | 'shown' | 'running' | 'failure' | 'note'> {
    return {
      runs: this.#runs,
      ...(this.#shown === undefined ? {} : { shown: this.#shown }),
      ...(this.#running === undefined ? {} : { running: this.#running }),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...(this.#note === undefined ? {} : { note: this.#note }),
    };
  }

  dispose(): void {
    this.cancel();
    this.#stopLooking();
    vscode.Disposable.from(...this.#subscriptions, this.#changed, this.#progressed).dispose();
  }

  /** A result of this image, from wherever it was asked for. */
  #take(inspection: Inspection): void {
    const mine = inspection.images[0]?.sha256 === this.#facts?.sha256 || inspection.images[0]?.uri === this.uri.toString();
    if (mine) this.#show(inspection);
  }

  /** Takes what the store holds for the image. The run that is shown goes on being shown if it is there. */
  async #readRuns(): Promise<void> {
    const sha256 = this.#facts?.sha256;
    const stored = sha256 === undefined ? [] : await this.#world.store.of(sha256);
    // A run may have ended while the store was read.
    const since = this.#runs.filter(({ id, images }) => images[0]?.sha256 === sha256 && !stored.some((run) => run.id === id));
    this.#runs = [...stored, ...since];
    if (!this.#runs.some(({ id }) => id === this.#shown)) this.#shown = this.#runs.at(-1)?.id;
    this.#changed.fire();
  }

  #show(inspection: Inspection): void {
    if (!this.#runs.some(({ id }) => id === inspection.id)) this.#runs = [...this.#runs, inspection];
    this.#shown = inspection.id;
    this.#failure = undefined;
    this.#changed.fire();
  }

  #fail(error: unknown): void {
    const failure = failureView(error);
    if (failure.reason === 'cancelled') this.#note = t('Cancelled.');
    else if (failure.reason === 'notConfirmed') this.#note = t('Not sent.');
    else this.#failure = failure;
  }
}

function cancelledNote({ detections }: Inspection): string {
  if (detections === undefined) return t('Cancelled. The text so far is kept.');
  return detections.length === 1 ? t('Cancelled. 1 object kept.') : t('Cancelled. {0} objects kept.', detections.length);
}
