import * as vscode from 'vscode';
import { failureView, isSilent } from '../../core/base/failure.ts';
import type { SetCall, SetRow, SetSpeed } from '../../core/sets/inspectionSet.ts';
import { Job } from '../../engine/sending/job.ts';
import type { InspectionSets, PlannedSet } from '../../engine/sets/inspectionSets.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import type { FromSetMessage, SetView } from '../../setProtocol.ts';
import { act } from '../base/actions.ts';
import { ownPage } from '../editor/ownPage.ts';
import type { Opening } from './openFromSet.ts';
import { PanelScore } from './panelScore.ts';
import { SetPosts } from './setPosts.ts';
import type { SetRuns } from './setRuns.ts';
import { setRunView } from './setRunView.ts';
import { panelTitle, shownQuestion, waitsFor } from './setTexts.ts';
import { SetThumbnails, type ThumbnailParts } from './setThumbnails.ts';

/** Of the panel. */
export const SET_VIEW = 'imageInspector.set';
/** Images that are run before all others. */
const TRIED = 3;

/** What all panels have in common. */
export interface SetPanelParts {
  extension: vscode.Uri;
  /** Holds a folder for each set. */
  storage: vscode.Uri;
  sets: InspectionSets;
  runs: SetRuns;
  thumbnails: Omit<ThumbnailParts, 'inspection'>;
  report: (error: unknown) => void;
  /** Opens an image of a set in the inspector. */
  open(set: OpenSet, opening: Opening): Promise<unknown>;
  /** Writes results of a set as files. */
  export(set: OpenSet, keys: readonly string[] | undefined): Promise<unknown>;
  /** Renames labels over a set. `label`: with which that begins. */
  rename(set: OpenSet, label: string | undefined): Promise<unknown>;
  /** Shows what a set of alternative texts would change in documents. */
  previewAltTexts(set: OpenSet): Promise<void>;
  /** Called with a set that is shown from now on. */
  shown(id: string): void;
}

/** What is planned, as it is shown before there is a plan. */
export type PlanTitle = Pick<SetView, 'name' | 'model' | 'speed'>;

/** The editor of a set: first its plan, then its images. Tells its page what the set does, and does what it asks for. */
export class SetPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly #parts: SetPanelParts;
  readonly #subscriptions: vscode.Disposable[] = [];
  #view: SetView | undefined;
  #call: SetCall | undefined;
  #planned: PlannedSet | undefined;
  #set: OpenSet | undefined;
  #thumbnails: SetThumbnails | undefined;
  readonly #posts: SetPosts;
  readonly #score: PanelScore;
  #job = new Job();
  /** From when the user has the set go on until that has come to its end. */
  #isGoing = false;
  #places = new Map<string, SetRow>();
  /** What the page shows. */
  #wanted: readonly string[] = [];

  constructor(panel: vscode.WebviewPanel, parts: SetPanelParts) {
    this.panel = panel;
    this.#parts = parts;
    this.#posts = new SetPosts(panel.webview, () => this.#shown());
    this.#score = new PanelScore((message) => this.#posts.send(message));
    const { extension, storage } = parts;
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist'), storage] };
    this.#subscriptions.push(
      panel.webview.onDidReceiveMessage((message: FromSetMessage) => void this.#handle(message).catch(parts.report)),
      panel.onDidDispose(() => this.dispose()),
      parts.runs.onDidChange((id) => id === this.#set?.id && this.#posts.soon()),
    );
    panel.webview.html = ownPage(panel.webview, extension, 'set.js', '<div id="app"></div>', 'set.css');
  }

  dispose(): void {
    this.#posts.dispose();
    this.#thumbnails?.dispose();
    if (this.#set === undefined) this.#job.cancel();
    vscode.Disposable.from(...this.#subscriptions.splice(0)).dispose();
  }

  /** Plans a set and shows the plan. A failure is shown too. */
  async plan(call: SetCall, title: PlanTitle): Promise<void> {
    this.#call = call;
    this.#view = { ...title, ...shownQuestion(call, call.altTexts !== undefined), onlyNew: call.onlyNew, tried: 0 };
    this.panel.title = panelTitle(this.#view);
    await this.#planAgain();
  }

  /** Plans a set, and starts it at once. */
  async planAndStart(call: SetCall, title: PlanTitle): Promise<void> {
    await this.plan(call, title);
    // What is taken away is said first.
    if (this.#planned !== undefined && this.#view?.makesRoom === undefined) await this.#start(this.#view?.speed ?? title.speed);
  }

  /** Shows a set. */
  show(set: OpenSet, name: string): void {
    const { model, speed } = set.task;
    this.#set = set;
    this.#view = { id: set.id, name, ...shownQuestion(set.task, set.documents !== undefined), model, speed, onlyNew: true, tried: 0 };
    this.panel.title = panelTitle(this.#view);
    const folder = vscode.Uri.joinPath(this.#parts.storage, set.id, 'thumbs');
    const parts = { ...this.#parts.thumbnails, inspection: (key: string) => set.inspection(key) };
    this.#thumbnails = new SetThumbnails(folder, parts, (key, file) => this.#posts.thumbnailMade(key, file));
    this.#subscriptions.push(new vscode.Disposable(set.onDidChange((rows) => this.#rowsChanged(rows))));
    this.#parts.shown(set.id);
    this.#postAll();
  }

  /** Compares the set with labels that the user chooses. */
  async score(): Promise<void> {
    if (this.#set !== undefined) await this.#score.ask(this.#set, this.#parts.extension);
  }

  async #planAgain(): Promise<void> {
    const call = this.#call;
    if (call === undefined) return;
    this.#job = new Job();
    const job = this.#job;
    await this.#attempt(async () => {
      this.#change({ planning: { done: 0 } });
      this.#planned = await this.#parts.sets.plan(call, job, ({ phase, done, of }) => {
        if (phase === 'comparing') return;
        this.#view = { ...(this.#view as SetView), planning: { done, ...(of > 0 ? { of } : {}) } };
        this.#posts.soon();
      });
      const { plan } = this.#planned;
      const speed = plan.speeds.find((one) => one.speed === this.#view?.speed) ?? plan.speeds[0];
      this.#change({ plan, ...(await this.#makesRoom()), tried: 0, ...(speed && { speed: speed.speed }) });
    });
  }

  /** What a start would take away is said before. */
  async #makesRoom(): Promise<Pick<SetView, 'makesRoom'>> {
    const old = await this.#parts.sets.tooOld();
    return old.length === 0 ? {} : { makesRoom: { sets: old.length, bytes: old.reduce((sum, { bytes }) => sum + bytes, 0) } };
  }

  /** Does something of the plan; a failure stands in it. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    const { failure: _, ...view } = this.#view as SetView;
    this.#view = view;
    try {
      await work();
    } catch (error) {
      const failure = failureView(error);
      if (!isSilent(failure.reason)) this.#change({ failure });
    } finally {
      const { planning: _planning, isTrying: _trying, ...still } = this.#view as SetView;
      this.#view = still;
      this.#posts.now();
    }
  }

  #change(part: Partial<SetView>): void {
    this.#view = { ...(this.#view as SetView), ...part };
    this.#posts.now();
  }

  async #handle(message: FromSetMessage): Promise<void> {
    const set = this.#set;
    switch (message.type) {
      case 'ready':
        this.#posts.ready();
        this.#postAll();
        return;
      case 'onlyNew':
        if (this.#call === undefined) return;
        this.#call = { ...this.#call, onlyNew: message.on };
        this.#change({ onlyNew: message.on });
        return this.#planAgain();
      case 'tryFirst':
        return this.#tryFirst(message.speed);
      case 'start':
        return this.#start(message.speed);
      case 'cancel':
        if (set === undefined) this.#job.cancel();
        else await set.cancel();
        return;
      case 'continue':
        // Whoever stays with a batch waits on for it.
        if (set !== undefined) {
          const { speed, again = false } = message;
          this.#run(set, async () => (again || speed !== set.task.speed) && set.continueAt(speed, { again }));
        }
        return;
      case 'retry':
        if (set !== undefined) this.#run(set, () => set.retry(keysIn(set, message.state)));
        return;
      case 'review':
        await set?.reviews.judge(message.keys, message.verdict === 'skipped' ? null : message.verdict);
        return;
      case 'thumbnails':
        this.#wanted = message.keys;
        this.#thumbnails?.want(this.#rowsOf(message.keys));
        return;
      case 'open':
        if (set !== undefined) await this.#parts.open(set, this.#openingOf(set, message));
        return;
      case 'score':
        return this.score();
      case 'closeScore':
        return this.#score.close();
      case 'export':
        if (set !== undefined) await this.#parts.export(set, message.keys);
        return;
      case 'rename':
        if (set !== undefined) await this.#parts.rename(set, message.label);
        return;
      case 'previewAltTexts':
        if (set !== undefined) await this.#parts.previewAltTexts(set);
        return;
      case 'act':
        if (message.action === 'tryAgain' && set === undefined) await this.#planAgain();
        else await act(message.action, this.#view?.failure?.enableUrl);
        return;
      default:
        message satisfies never;
    }
  }

  async #tryFirst(speed: SetSpeed): Promise<void> {
    const planned = this.#planned;
    if (planned === undefined) return;
    await this.#attempt(async () => {
      this.#change({ isTrying: true, speed });
      const set = await this.#parts.sets.tryFirst(planned, TRIED, { speed });
      this.#change({ plan: planned.plan, tried: planned.tried ?? 0 });
      const { reason } = set.phase;
      if (reason !== undefined) throw waitsFor(set);
    });
  }

  async #start(speed: SetSpeed): Promise<void> {
    const planned = this.#planned;
    if (planned === undefined || this.#set !== undefined) return;
    await this.#attempt(async () => {
      const set = await this.#parts.sets.start(planned, speed);
      this.#isGoing = true;
      this.show(set, this.#view?.name ?? '');
      this.#run(set);
    });
  }

  /** In the background; the failure is shown on the page. `before`: what is done first. */
  #run(set: OpenSet, before: () => Promise<unknown> = async () => undefined): void {
    const { failure: _, ...view } = this.#view as SetView;
    this.#view = view;
    this.#isGoing = true;
    void before()
      .then(() => this.#parts.runs.run(set))
      .finally(() => {
        this.#isGoing = false;
      })
      .catch((error: unknown) => {
        const failure = failureView(error);
        if (!isSilent(failure.reason)) this.#change({ failure });
      })
      .finally(() => this.#posts.soon());
  }

  /** What is corrected is looked at without labels. */
  #openingOf(set: OpenSet, { key, order, cell, corrects }: Extract<FromSetMessage, { type: 'open' }>): Opening {
    return corrects ? { key, order, corrects } : { key, order, scored: this.#score.opener(set, cell) };
  }

  #rowsOf(keys: readonly string[]): SetRow[] {
    if (this.#places.size === 0) this.#places = new Map(this.#set?.rows().map((row) => [row.key, row]));
    return keys.flatMap((key) => this.#places.get(key) ?? []);
  }

  #rowsChanged(rows: readonly SetRow[]): void {
    for (const row of rows) this.#places.set(row.key, row);
    this.#posts.rowsChanged(rows);
    const keys = new Set(rows.map(({ key }) => key));
    // They may have objects to draw by now.
    if (this.#wanted.some((key) => keys.has(key))) this.#thumbnails?.want(this.#rowsOf(this.#wanted));
  }

  #postAll(): void {
    if (this.#set !== undefined) {
      this.#posts.rows(this.#set.rows());
      this.#score.post();
    }
    this.#posts.now();
  }

  /** What the page shows now, with how the set stands. */
  #shown(): SetView | undefined {
    const [view, set] = [this.#view, this.#set];
    if (view === undefined || set === undefined) return view;
    return { ...view, speed: set.task.speed, run: setRunView(set, this.#parts.runs.isElsewhere(set.id), this.#isGoing) };
  }
}

function keysIn(set: OpenSet, state: SetRow['state']): string[] {
  return set.rows().flatMap((row) => (row.state === state ? row.key : []));
}
