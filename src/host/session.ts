import * as vscode from 'vscode';
import { type FailureView, failureView, InspectorError } from '../core/failure.ts';
import type { Inspection, Task } from '../core/inspection.ts';
import { t } from '../core/l10n.ts';
import type { RunningTask, SessionState } from '../protocol.ts';
import type { ImageFacts } from './imageFacts.ts';
import type { TaskCall } from './inspect.ts';
import type { InspectionStore } from './inspectionStore.ts';
import { Job } from './job.ts';
import type { Consent } from './permits.ts';
import type { Sending } from './sender.ts';
import type { SendWish, SendWishes } from './sendWishes.ts';
import { type PictureWorld, SessionPicture } from './sessionPicture.ts';
import { type HostSheet, SessionSheet, type SessionSheetWorld } from './sessionSheet.ts';

/** What a session needs of the store. */
export type SessionStore = Pick<InspectionStore, 'of' | 'delete' | 'onDidAdd' | 'onDidClear'>;

/** What a session needs. */
export interface SessionWorld extends PictureWorld {
  runTask: (call: TaskCall, job: Job, onProgress: (running: RunningTask) => void) => Promise<Inspection>;
  store: SessionStore;
  /** The file of an image that an inspection names. */
  fileOf: (address: string) => vscode.Uri;
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
  /** First that of the inspector. */
  readonly #images: [SessionPicture, ...SessionPicture[]];
  #runs: Inspection[] = [];
  #shown: string | undefined;
  #job: Job | undefined;
  #running: RunningTask | undefined;
  #failure: FailureView | undefined;
  #last: TaskCall | undefined;
  #note: string | undefined;
  #draft: SessionState['draft'];

  constructor(uri: vscode.Uri, world: SessionWorld) {
    const { store } = world;
    this.uri = uri;
    this.#world = world;
    this.#images = [this.#picture(uri)];
    this.#sheet = new SessionSheet(world.sheets, () => this.#changed.fire());
    this.#subscriptions = [
      store.onDidAdd((inspection) => this.#take(inspection)),
      store.onDidClear(() => {
        this.#runs = [];
        void this.#readRuns();
      }),
    ];
  }

  /** Of the inspector's own image. */
  get facts(): ImageFacts | undefined {
    return this.#images[0].facts;
  }

  /** First the inspector's own; then those that runs compare it with. */
  get images(): readonly SessionPicture[] {
    return this.#images;
  }

  /** Reads the images' headers and the stored results, again when a file has changed. */
  async load(): Promise<void> {
    const [own, ...others] = this.#images;
    for (const image of others) void image.load();
    if (await own.load()) await this.#readRuns();
  }

  #picture(uri: vscode.Uri): SessionPicture {
    const picture = new SessionPicture(uri, this.#world);
    picture.onDidChange(() => this.#changed.fire());
    return picture;
  }

  /** Takes in further images that a run is about. */
  #bring(uris: readonly string[]): void {
    for (const address of uris.slice(1)) {
      const uri = this.#world.fileOf(address);
      const known = this.#images.find((image) => image.uri.toString() === uri.toString());
      const image = known ?? this.#picture(uri);
      if (address !== uri.toString()) image.addresses.add(address);
      if (known !== undefined) continue;
      this.#images.push(image);
      void image.load();
    }
  }

  /** Runs a task and shows its course. Rejects like the task; the failure is shown in the session too. */
  run(task: Task, query: string, options: TaskCall['options'] = {}, others: readonly vscode.Uri[] = []): Promise<Inspection> {
    return this.#run(this.#call(task, query, options, others));
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

  /** @param others further images of a comparison; empty: those of the shown run, else all of the session; of a question, those of the run that it follows */
  #call(task: Task, query: string, options: TaskCall['options'], others: readonly vscode.Uri[]): TaskCall {
    const source = this.#runs.find(({ id }) => id === (options.follow ?? (task === 'compare' ? this.#shown : undefined)));
    const fromRun = source?.images.slice(1).map(({ uri }) => this.#world.fileOf(uri)) ?? [];
    const given = others.length > 0 ? others : fromRun;
    // A comparison that was not sent, or of which another run is shown, has left its images here.
    const here = task === 'compare' && given.length === 0 ? this.#images.slice(1).map(({ uri }) => uri) : given;
    return { task, uris: [this.uri, ...here], query, options };
  }

  /** What a run asked, of whatever model is set. */
  #callOf({ task, prompt, follows, images }: Inspection): TaskCall {
    const others = images.slice(1).map(({ uri }) => this.#world.fileOf(uri));
    const { region, redactions }: Partial<Inspection['images'][number]['sent']> = images[0]?.sent ?? {};
    const options = {
      ...(follows === undefined ? {} : { follow: follows }),
      ...(region === undefined ? {} : { region }),
      ...(redactions === undefined ? {} : { redactions }),
    };
    return { task, uris: [this.uri, ...others], query: prompt, options };
  }

  /** Makes the request of a run as often as the job says and `repeat` has it, and shows its course. Rejects like the task; the failure is shown in the session too. */
  async repeat(run: Inspection, job: Job, repeat: Repeat): Promise<void> {
    const call = this.#callOf(run);
    await this.#work({ ...call, options: { ...call.options, model: run.model } }, job, repeat);
  }

  async #run(call: TaskCall): Promise<Inspection> {
    const [inspection] = await this.#work(call, new Job(), async (once, follow) => [await once(follow)]);
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
    this.#bring(running.images);
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
    const run = this.#runs.find((candidate) => candidate.id === id);
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
    const shown = this.#runs.find(({ id }) => id === this.#shown);
    if (this.#failure === undefined && shown !== undefined) {
      const { task, query, options, uris } = this.#callOf(shown);
      return this.runAttended(task, query, { ...options, ...changed }, uris.slice(1));
    }
    if (this.#last === undefined) return undefined;
    const { task, query, options, uris } = this.#last;
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
    this.#shown = run;
    this.#bringShown();
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
    this.#bringShown();
    this.#changed.fire();
  }

  /** The part of the page's state that the session knows. */
  get state(): Pick<SessionState, 'runs' | 'shown' | 'running' | 'failure' | 'note' | 'draft'> {
    return {
      runs: this.#runs,
      ...(this.#shown === undefined ? {} : { shown: this.#shown }),
      ...(this.#running === undefined ? {} : { running: this.#running }),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...(this.#note === undefined ? {} : { note: this.#note }),
      ...(this.#draft === undefined ? {} : { draft: this.#draft }),
    };
  }

  dispose(): void {
    this.cancel();
    vscode.Disposable.from(this.#sheet, ...this.#subscriptions, ...this.#images, this.#changed, this.#progressed).dispose();
  }

  /** A result of this image, from wherever it was asked for. */
  #take(inspection: Inspection): void {
    const mine = inspection.images[0]?.sha256 === this.facts?.sha256 || inspection.images[0]?.uri === this.uri.toString();
    if (mine) this.#show(inspection);
  }

  /** Takes what the store holds for the image. The run that is shown goes on being shown if it is there. */
  async #readRuns(): Promise<void> {
    const sha256 = this.facts?.sha256;
    const stored = sha256 === undefined ? [] : await this.#world.store.of(sha256);
    // A run may have ended while the store was read.
    const since = this.#runs.filter(({ id, images }) => images[0]?.sha256 === sha256 && !stored.some((run) => run.id === id));
    this.#runs = [...stored, ...since];
    if (!this.#runs.some(({ id }) => id === this.#shown)) this.#shown = this.#runs.at(-1)?.id;
    this.#bringShown();
    this.#changed.fire();
  }

  #bringShown(): void {
    const shown = this.#runs.find(({ id }) => id === this.#shown);
    if (shown !== undefined) this.#bring(shown.images.map(({ uri }) => uri));
  }

  #show(inspection: Inspection): void {
    if (!this.#runs.some(({ id }) => id === inspection.id)) this.#runs = [...this.#runs, inspection];
    this.#shown = inspection.id;
    this.#bringShown();
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

function cancelledNote({ detections, text }: Inspection, runs: number, of: number): string {
  if (of > 1) return t('Cancelled. {0} of {1} runs kept.', runs, of);
  if (detections === undefined || text !== undefined) return t('Cancelled. The text so far is kept.');
  return detections.length === 1 ? t('Cancelled. 1 object kept.') : t('Cancelled. {0} objects kept.', detections.length);
}
