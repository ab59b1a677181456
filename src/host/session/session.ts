import * as vscode from 'vscode';
import type { Inspection, Task } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import type { ImageInfo } from '../../engine/files/imageInfo.ts';
import type { Job } from '../../engine/sending/job.ts';
import type { OutgoingRequest } from '../../engine/sending/outgoing.ts';
import type { Consent } from '../../engine/sending/permits.ts';
import type { SendOptions } from '../../engine/task/settings.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { SessionState } from '../../protocol.ts';
import type { SessionImages } from '../pictures/sessionImages.ts';
import type { SessionPicture } from '../pictures/sessionPicture.ts';
import { CurrentTask } from './currentTask.ts';
import type { InspectionStore } from './inspectionStore.ts';
import type { SendOptionsStore } from './sendOptions.ts';
import { type CallTasks, SessionCalls } from './sessionCalls.ts';
import { type HostReview, type SendReviews, SessionReview } from './sessionReview.ts';
import { SessionRuns } from './sessionRuns.ts';
import { VersionPair } from './versionPair.ts';

/** What a session needs of the store. */
export type SessionStore = Pick<InspectionStore, 'of' | 'delete' | 'onDidAdd' | 'onDidClear'>;

/** What a session takes of the tasks of its window. */
export interface SessionTasks extends CallTasks {
  /** The model that is asked where a call names none. */
  modelFor(uri: vscode.Uri): string;
  readonly sendOptions: Pick<SendOptionsStore, 'change'>;
}

/**
 * What is known and done about the image of an inspector: shared by all editors that show it, and outliving each of them. Runs that compare it with
 * others bring those along.
 */
export class Session implements vscode.Disposable {
  readonly uri: vscode.Uri;
  readonly #store: SessionStore;
  readonly #tasks: SessionTasks;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #progressed = new vscode.EventEmitter<RunningTask>();
  readonly #subscriptions: vscode.Disposable[];
  readonly onDidChange = this.#changed.event;
  readonly onDidProgress = this.#progressed.event;
  readonly #review: SessionReview;
  readonly #images: SessionImages;
  readonly #runs = new SessionRuns();
  readonly #current: CurrentTask;
  #draft: SessionState['draft'];
  #inSet: SessionState['inSet'];
  #isToCorrect = false;
  /** What it is looked at beside, without a run. */
  readonly versions: VersionPair;
  /** Makes and runs the calls about its image. */
  readonly calls: SessionCalls;
  #readings = 0;

  /** Which objects of the shown run are hidden on its page. */
  hidden: { run: string; ids: readonly string[] } | undefined;

  constructor(images: SessionImages, store: SessionStore, tasks: SessionTasks, reviews: () => Promise<SendReviews>) {
    this.uri = images.all[0].uri;
    this.#images = images;
    this.#store = store;
    this.#tasks = tasks;
    this.#current = new CurrentTask({
      progressed: (running, isNew) => {
        images.add(running.images);
        if (isNew) this.#changed.fire();
        else this.#progressed.fire(running);
      },
      finished: (last) => this.#show(last),
      ended: () => this.#changed.fire(),
      shown: () => this.#runs.shown,
    });
    this.versions = new VersionPair({
      own: this.uri.toString(),
      runs: () => this.#runs.all,
      runsOf: async (address) => {
        const sha256 = images.others.find(({ uri }) => uri.toString() === address)?.info?.sha256;
        return sha256 === undefined ? [] : store.of(sha256);
      },
      changed: () => this.#changed.fire(),
    });
    this.calls = new SessionCalls(tasks, this.#current, {
      context: () => ({
        own: this.uri.toString(),
        others: images.others.map(({ uri }) => uri.toString()),
        newer: this.versions.state?.newer,
        runs: this.#runs,
        fileOf: images.fileOf,
      }),
      begins: () => this.forgetDraft(),
    });
    this.#review = new SessionReview(reviews, () => this.#changed.fire());
    this.#subscriptions = [
      images.onDidChange(() => {
        this.#changed.fire();
        void this.versions.read();
      }),
      store.onDidAdd((inspection) => {
        this.#addIfMine(inspection);
        void this.versions.read();
      }),
      store.onDidClear(() => {
        this.#runs.clear();
        void this.#readRuns();
      }),
    ];
  }

  /** Of the inspector's own image. */
  get info(): ImageInfo | undefined {
    return this.#images.all[0].info;
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

  /** Changes how the user wants the session's own image to be sent. */
  changeSendOptions(change: Partial<SendOptions>): void {
    this.#tasks.sendOptions.change(this.uri, change);
    const { call, isAsking } = this.#review;
    if (call === undefined) {
      // What another page asks about is not what is wanted any more.
      if (isAsking) this.#review.close();
      return;
    }
    const { maxDimension, ...options } = call.options;
    const changed = {
      ...call,
      options: change.maxDimension === undefined && maxDimension !== undefined ? { ...options, maxDimension } : options,
    };
    if (isAsking) {
      // It is made anew, and asked about again.
      void this.calls.run(changed).catch(() => undefined);
    } else this.#review.look(changed, this.#modelOf(changed));
  }

  /** True where the task at work here is that of the job. */
  owns(job: Job): boolean {
    return this.#current.owns(job);
  }

  /** Asks on the page whether a sending may go out. */
  ask(outgoing: OutgoingRequest, canRemember: boolean): Promise<Consent> {
    return this.#review.ask(outgoing, { canRemember, call: this.owns(outgoing.job) ? this.#current.call : undefined });
  }

  /** Shows what running a task would send. */
  look(task: Task, query: string, options: TaskCall['options']): void {
    const call = this.calls.of(task, query, options);
    this.#review.look(call, this.#modelOf(call));
  }

  /** Shows what was sent for a run. */
  lookBack(id: string): void {
    const run = this.#runs.of(id);
    if (run !== undefined) this.#review.past(run);
  }

  /** Takes a page's answer to the review that it shows. */
  answer(review: string, consent: Consent): void {
    this.#review.answer(review, consent);
  }

  get review(): HostReview | undefined {
    return this.#review.shown;
  }

  #modelOf({ options }: TaskCall): string {
    return options.model ?? this.#tasks.modelFor(this.uri);
  }

  /** Ends the wait before another attempt. */
  tryNow(): void {
    this.#current.skipWait();
  }

  cancel(): void {
    this.#current.cancel();
  }

  /** Chooses a task for which the user has to give words. */
  draft(task: Task, query: string): void {
    this.#draft = { task, query };
    this.#changed.fire();
  }

  /** Has a page begin to correct the objects of what is shown. */
  correct(): void {
    this.#isToCorrect = true;
    this.#changed.fire();
  }

  /** A page has begun to. */
  forgetCorrect(): void {
    this.#isToCorrect = false;
  }

  /** A page has taken the draft: a reload must not take it once more. */
  forgetDraft(): void {
    this.#draft = undefined;
  }

  show(run: string | undefined): void {
    this.versions.close();
    this.#runs.show(run);
    this.#addShownImages();
    this.#current.forgetEnd();
    this.#changed.fire();
  }

  /** Shows what changed from the session's own image to a newer one, until another result is shown. */
  compareWith(newer: vscode.Uri): void {
    const [older, other] = [this.uri.toString(), newer.toString()];
    this.#images.add([older, other]);
    this.versions.open(other);
  }

  /** Shows what a set has for this image, and where in the set it stands. `labels`: with which it is compared; they are not stored. */
  showInSet(inSet: SessionState['inSet'], inspection: Inspection | undefined, labels?: Inspection): void {
    this.#inSet = inSet;
    if (labels !== undefined) this.#runs.add(labels);
    if (inspection === undefined) this.#changed.fire();
    else this.#show(inspection);
  }

  /** A run of this image, if it is still there. */
  runOf(id: string): Inspection | undefined {
    return this.#runs.of(id);
  }

  async deleteRun(id: string): Promise<void> {
    const run = this.#runs.of(id);
    if (run === undefined) return;
    await this.#store.delete(run);
    this.#runs.remove(run);
    this.#addShownImages();
    this.#changed.fire();
  }

  /** The part of the page's state that the session knows. */
  get state(): Pick<SessionState, 'runs' | 'shown' | 'running' | 'failure' | 'note' | 'draft' | 'inSet' | 'pair' | 'correct'> {
    const { state: pair } = this.versions;
    return {
      runs: this.#runs.all,
      ...(pair === undefined ? this.#runs.state : { pair }),
      ...this.#current.state,
      ...(this.#draft === undefined ? {} : { draft: this.#draft }),
      ...(this.#inSet === undefined ? {} : { inSet: this.#inSet }),
      ...(this.#isToCorrect ? { correct: true } : {}),
    };
  }

  dispose(): void {
    this.cancel();
    vscode.Disposable.from(this.#review, ...this.#subscriptions, this.#images, this.#changed, this.#progressed).dispose();
  }

  /** A result of this image, from wherever it was asked for. */
  #addIfMine(inspection: Inspection): void {
    const mine = inspection.images[0]?.sha256 === this.info?.sha256 || inspection.images[0]?.uri === this.uri.toString();
    if (mine && this.versions.isKept) this.#runs.add(inspection);
    else if (mine) this.#show(inspection);
  }

  /** Takes what the store holds for the image. The run that is shown goes on being shown if it is there. */
  async #readRuns(): Promise<void> {
    const sha256 = this.info?.sha256;
    const reading = ++this.#readings;
    const stored = sha256 === undefined ? [] : await this.#store.of(sha256);
    // The file or the store may be another by now.
    if (reading !== this.#readings) return;
    this.#runs.read(stored, sha256);
    this.#addShownImages();
    this.#changed.fire();
    void this.versions.read();
  }

  #addShownImages(): void {
    const { shown } = this.#runs;
    if (shown !== undefined) this.#images.add(shown.images.map(({ uri }) => uri));
  }

  #show(inspection: Inspection): void {
    this.versions.close();
    this.#runs.add(inspection);
    this.#addShownImages();
    this.#current.forgetFailure();
    this.#changed.fire();
  }
}
