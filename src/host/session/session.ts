import * as vscode from 'vscode';
import { type FailureView, failureView, InspectorError } from '../../core/base/failure.ts';
import type { Inspection, Task } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import { Job } from '../../engine/sending/job.ts';
import type { Sending } from '../../engine/sending/outgoing.ts';
import type { Consent } from '../../engine/sending/permits.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { SessionState } from '../../protocol.ts';
import type { ImageFacts } from '../base/imageFacts.ts';
import type { InspectionStore } from './inspectionStore.ts';
import type { SendWish, SendWishes } from './sendWishes.ts';
import { type CallGround, callFor, callOf } from './sessionCalls.ts';
import { type ImagesWorld, SessionImages } from './sessionImages.ts';
import { cancelledNote, endedNote } from './sessionNotes.ts';
import type { SessionPicture } from './sessionPicture.ts';
import { SessionRuns } from './sessionRuns.ts';
import { type HostSheet, SessionSheet, type SessionSheetWorld } from './sessionSheet.ts';

/** What a session needs of the store. */
export type SessionStore = Pick<InspectionStore, 'of' | 'delete' | 'onDidAdd' | 'onDidClear'>;

/** What a session needs. */
export interface SessionWorld extends ImagesWorld {
  runTask: (call: TaskCall, job: Job, onProgress: (running: RunningTask) => void) => Promise<Inspection>;
  store: SessionStore;
  wishes: Pick<SendWishes, 'of' | 'change'>;
  sheets: SessionSheetWorld;
  /** The model that is asked where a call names none. */
  modelOf: (uri: vscode.Uri) => string;
  /** Resolves to true when the user has set a key. */
  askForKey: () => Promise<boolean>;
}

/** Makes a request once or oftener by `once`, telling how one of those at work fares; gives what came of it. */
export type Repeat = (
  once: (follow: (running: RunningTask) => void) => Promise<Inspection>,
  follow: (running: RunningTask) => void,
) => Promise<Inspection[]>;

/**
 * What is known and done about the image of an inspector: shared by all editors that show it, and outliving each of them. Runs that compare it with
 * others bring those along.
 */
export class Session implements vscode.Disposable {
  readonly uri: vscode.Uri;
  readonly #world: SessionWorld;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #progressed = new vscode.EventEmitter<RunningTask>();
  readonly #subscriptions: vscode.Disposable[];
  readonly onDidChange = this.#changed.event;
  readonly onDidProgress = this.#progressed.event;
  readonly #sheet: SessionSheet;
  readonly #images: SessionImages;
  readonly #runs = new SessionRuns();
  #job: Job | undefined;
  #running: RunningTask | undefined;
  #failure: FailureView | undefined;
  #last: TaskCall | undefined;
  #note: string | undefined;
  #draft: SessionState['draft'];
  #readings = 0;

  constructor(uri: vscode.Uri, world: SessionWorld) {
    const { store } = world;
    this.uri = uri;
    this.#world = world;
    this.#images = new SessionImages(uri, world, () => this.#changed.fire());
    this.#sheet = new SessionSheet(world.sheets, () => this.#changed.fire());
    this.#subscriptions = [
      store.onDidAdd((inspection) => this.#take(inspection)),
      store.onDidClear(() => {
        this.#runs.clear();
        void this.#readRuns();
      }),
    ];
  }

  /** Of the inspector's own image. */
  get facts(): ImageFacts | undefined {
    return this.#images.all[0].facts;
  }

  /** First the inspector's own; then those that runs compare it with. */
  get images(): readonly SessionPicture[] {
    return this.#images.all;
  }

  /** Reads the images' headers and the stored results, again when a file has changed. */
  async load(): Promise<void> {
    for (const image of this.#images.others) void image.load();
    if (await this.#images.all[0].load()) await this.#readRuns();
  }

  /** Runs a task for a program and shows its course. Rejects like the task; the failure is shown in the session too. */
  runFromCode(task: Task, query: string, options: TaskCall['options'] = {}, others: readonly vscode.Uri[] = []): Promise<Inspection> {
    return this.#run(this.#call(task, query, options, others), new Job(1, 1, true));
  }

  /** Runs a task for someone at the screen: without a key, asks for one in place and then goes on. */
  async runAttended(task: Task, query: string, options: TaskCall['options'] = {}, others: readonly vscode.Uri[] = []): Promise<Inspection> {
    const call = this.#call(task, query, options, others);
    try {
      return await this.#run(call);
    } catch (error) {
      const keyMissing = error instanceof InspectorError && error.reason === 'noApiKey';
      if (!keyMissing || !(await this.#world.askForKey())) throw error;
      return this.#run(call);
    }
  }

  #call(task: Task, query: string, options: TaskCall['options'], others: readonly vscode.Uri[]): TaskCall {
    return callFor({ task, query, options }, others, this.#ground);
  }

  get #ground(): CallGround {
    const others = this.#images.others.map(({ uri }) => uri);
    return { uri: this.uri, others, runs: this.#runs, fileOf: this.#world.fileOf };
  }

  /** Makes the request of a run as often as the job says and `repeat` has it, and shows its course. Rejects like the task; the failure is shown in the session too. */
  async repeat(run: Inspection, job: Job, repeat: Repeat): Promise<void> {
    const call = callOf(run, this.#ground);
    await this.#work({ ...call, options: { ...call.options, model: run.model } }, job, repeat);
  }

  async #run(call: TaskCall, job = new Job()): Promise<Inspection> {
    const [inspection] = await this.#work(call, job, async (once, follow) => [await once(follow)]);
    return inspection as Inspection;
  }

  async #work(call: TaskCall, job: Job, repeat: Repeat): Promise<Inspection[]> {
    this.cancel();
    this.#job = job;
    this.#failure = undefined;
    this.#note = undefined;
    this.#draft = undefined;
    this.#last = call;
    try {
      const once: Parameters<Repeat>[0] = (follow) => this.#world.runTask(call, job, follow);
      const inspections = await repeat(once, (running) => this.#follow(job, running));
      const last = inspections.at(-1);
      if (this.#job === job && last !== undefined) {
        this.#show(last);
        if (job.signal.aborted) this.#note = cancelledNote(last, inspections.length, job.times);
      }
      return inspections;
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
    this.#images.bring(running.images);
    if (isNew) this.#changed.fire();
    else this.#progressed.fire(running);
  }

  /** What the user wants of the session's own image whenever it is sent. */
  wish(change: Partial<SendWish>): void {
    this.#world.wishes.change(this.uri, change);
    const { call, isAsking } = this.#sheet;
    if (call === undefined) {
      // What is asked about elsewhere is not what is wished any more.
      if (isAsking) this.#sheet.close();
      return;
    }
    const { maxDimension, ...options } = call.options;
    const changed = {
      ...call,
      options: change.maxDimension === undefined && maxDimension !== undefined ? { ...options, maxDimension } : options,
    };
    if (isAsking) {
      // It is made anew, and asked about again.
      void this.#run(changed).catch(() => undefined);
    } else this.#sheet.look(changed, this.#modelOf(changed));
  }

  /** True where the task at work here is that of the job. */
  owns(job: Job): boolean {
    return this.#job === job;
  }

  /** Asks on the page whether a sending may go out. */
  ask(sending: Sending, canRemember: boolean): Promise<Consent> {
    return this.#sheet.ask(sending, { canRemember, call: this.owns(sending.job) ? this.#last : undefined });
  }

  /** Shows what running a task would send. */
  look(task: Task, query: string, options: TaskCall['options']): void {
    const call = this.#call(task, query, options, []);
    this.#sheet.look(call, this.#modelOf(call));
  }

  /** Shows what was sent for a run. */
  lookBack(id: string): void {
    const run = this.#runs.of(id);
    if (run !== undefined) this.#sheet.past(run);
  }

  /** Takes a page's answer to the sheet that it shows. */
  answer(sheet: string, consent: Consent): void {
    this.#sheet.answer(sheet, consent);
  }

  get sheet(): HostSheet | undefined {
    return this.#sheet.shown;
  }

  #modelOf({ options }: TaskCall): string {
    return options.model ?? this.#world.modelOf(this.uri);
  }

  /** Ends the wait before another attempt. */
  tryNow(): void {
    this.#job?.goOn();
  }

  /** Runs the last task again, in the words of the shown run or of the one that failed; `changed`: options that are to be others this time. */
  again(changed: TaskCall['options'] = {}): Promise<Inspection> | undefined {
    const { shown } = this.#runs;
    const call = this.#failure === undefined && shown !== undefined ? callOf(shown, this.#ground) : this.#last;
    if (call === undefined) return undefined;
    const { task, query, options, uris } = call;
    return this.runAttended(task, query, { ...options, ...changed }, uris.slice(1));
  }

  cancel(): void {
    this.#job?.cancel();
  }

  /** Chooses a task for which the user has to give words. */
  draft(task: Task, query: string): void {
    this.#draft = { task, query };
    this.#changed.fire();
  }

  /** A page has taken the draft: a reload must not take it once more. */
  forgetDraft(): void {
    this.#draft = undefined;
  }

  show(run: string | undefined): void {
    this.#runs.show(run);
    this.#bringShown();
    this.#failure = undefined;
    this.#note = undefined;
    this.#changed.fire();
  }

  async deleteRun(id: string): Promise<void> {
    const run = this.#runs.of(id);
    if (run === undefined) return;
    await this.#world.store.delete(run);
    this.#runs.remove(run);
    this.#bringShown();
    this.#changed.fire();
  }

  /** The part of the page's state that the session knows. */
  get state(): Pick<SessionState, 'runs' | 'shown' | 'running' | 'failure' | 'note' | 'draft'> {
    return {
      ...this.#runs.state,
      ...(this.#running === undefined ? {} : { running: this.#running }),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...(this.#note === undefined ? {} : { note: this.#note }),
      ...(this.#draft === undefined ? {} : { draft: this.#draft }),
    };
  }

  dispose(): void {
    this.cancel();
    vscode.Disposable.from(this.#sheet, ...this.#subscriptions, this.#images, this.#changed, this.#progressed).dispose();
  }

  /** A result of this image, from wherever it was asked for. */
  #take(inspection: Inspection): void {
    const mine = inspection.images[0]?.sha256 === this.facts?.sha256 || inspection.images[0]?.uri === this.uri.toString();
    if (mine) this.#show(inspection);
  }

  /** Takes what the store holds for the image. The run that is shown goes on being shown if it is there. */
  async #readRuns(): Promise<void> {
    const sha256 = this.facts?.sha256;
    const reading = ++this.#readings;
    const stored = sha256 === undefined ? [] : await this.#world.store.of(sha256);
    // The file or the store may be another by now.
    if (reading !== this.#readings) return;
    this.#runs.read(stored, sha256);
    this.#bringShown();
    this.#changed.fire();
  }

  #bringShown(): void {
    const { shown } = this.#runs;
    if (shown !== undefined) this.#images.bring(shown.images.map(({ uri }) => uri));
  }

  #show(inspection: Inspection): void {
    this.#runs.take(inspection);
    this.#bringShown();
    this.#failure = undefined;
    this.#changed.fire();
  }

  #fail(error: unknown): void {
    const failure = failureView(error);
    const note = endedNote(failure);
    if (note === undefined) this.#failure = failure;
    else this.#note = note;
  }
}
