import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { isTask } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { FromWebviewMessage, SessionState } from '../../protocol.ts';
import { titleOf } from '../base/imageFile.ts';
import { onDidChangeFile } from '../base/watchFile.ts';
import type { Shown } from '../pictures/pictures.ts';
import type { SessionPicture } from '../pictures/sessionPicture.ts';
import type { Session } from '../session/session.ts';
import type { EditorState } from './editorState.ts';
import { ownPage } from './ownPage.ts';
import { type PageRequests, post } from './pageRequests.ts';

/** Folders of ours that a page loads from. */
export interface PageFolders {
  extension: vscode.Uri;
  /** Holds the pictures that are made for pages. */
  pictures: vscode.Uri;
}

/** What all pages have in common. */
export interface PageParts {
  folders: PageFolders;
  state: EditorState;
  requests: PageRequests;
  /** Shows a failure of something that is not a task. */
  report: (error: unknown) => void;
}

/** One editor's page: tells it what the session knows, and does what it asks for. */
export class InspectorPanel implements vscode.Disposable {
  readonly #webview: vscode.Webview;
  readonly #session: Session;
  readonly #folders: PageFolders;
  readonly #state: EditorState;
  readonly #requests: PageRequests;
  readonly #report: (error: unknown) => void;
  readonly #subscriptions: vscode.Disposable;
  readonly #watchers = new Map<string, vscode.Disposable>();
  /** Folders of the session's images. */
  readonly #imageFolders: vscode.Uri[] = [];
  #isReady = false;
  /** How many objects of the running task the page has. */
  #posted = 0;
  #posts = 0;

  constructor(webview: vscode.Webview, session: Session, { folders, state, requests, report }: PageParts) {
    this.#webview = webview;
    this.#session = session;
    this.#folders = folders;
    this.#state = state;
    this.#requests = requests;
    this.#report = report;
    this.#watchImages();
    this.#subscriptions = vscode.Disposable.from(
      session.onDidChange(() => {
        this.#watchImages();
        this.#postStateSoon();
      }),
      session.onDidProgress((running) => this.#postProgress(running)),
      state.onDidChange(() => this.#postStateSoon()),
      webview.onDidReceiveMessage((message: FromWebviewMessage) => void this.#handle(message).catch(report)),
    );
    webview.html = ownPage(webview, folders.extension, 'webview.js', '<div id="app"></div>');
  }

  dispose(): void {
    vscode.Disposable.from(this.#subscriptions, ...this.#watchers.values()).dispose();
  }

  /** Lets the page load all images of the session, and follows their files. New folders make VS Code load the page once more. */
  #watchImages(): void {
    for (const { uri } of this.#session.images) {
      if (this.#watchers.has(uri.toString())) continue;
      const folder = vscode.Uri.joinPath(uri, '..');
      this.#watchers.set(
        uri.toString(),
        onDidChangeFile(uri, () => this.#load()),
      );
      if (this.#imageFolders.some((known) => known.toString() === folder.toString())) continue;
      this.#imageFolders.push(folder);
      const { extension, pictures } = this.#folders;
      const own = [vscode.Uri.joinPath(extension, 'dist'), vscode.Uri.joinPath(extension, 'media'), pictures];
      this.#webview.options = { enableScripts: true, localResourceRoots: [...own, ...this.#imageFolders] };
    }
  }

  #load(): void {
    void this.#session.load().catch(this.#report);
  }

  #postStateSoon(): void {
    if (this.#isReady) void this.#postState().catch(this.#report);
  }

  async #postState(): Promise<void> {
    const current = ++this.#posts;
    const editorState = await this.#state.of(this.#session);
    // A newer one is on its way, or posted already.
    if (current !== this.#posts) return;
    // From here on nothing is waited for: a progress message in between would be undone by an older state.
    const { state } = this.#session;
    this.#posted = state.running?.detections.length ?? 0;
    post(this.#webview, {
      type: 'state',
      state: { images: this.#session.images.map((image) => this.#image(image)), ...state, ...this.#review(), ...editorState },
    });
  }

  #postProgress(running: RunningTask): void {
    if (!this.#isReady) return;
    const detections = running.detections.slice(this.#posted);
    this.#posted = running.detections.length;
    post(this.#webview, { type: 'progress', running: { ...running, detections } });
  }

  #review(): Pick<SessionState, 'review'> {
    const { review } = this.#session;
    if (review === undefined) return {};
    const pictures = review.pictures.map(({ pixels, ...picture }) => ({
      ...picture,
      src: pixels === undefined ? '' : this.#webview.asWebviewUri(pixels).toString(),
    }));
    return { review: { ...review, pictures } };
  }

  #image({ uri, addresses, info, shown }: SessionPicture): SessionState['images'][number] {
    const query = info?.sha256?.slice(0, 16) ?? '';
    // The address changes with the content, or the page would go on showing what it has.
    const src = shown.pixels === undefined ? '' : this.#webview.asWebviewUri(shown.pixels).with({ query }).toString();
    const { width, height } = info?.header?.upright ?? { width: 0, height: 0 };
    return {
      uri: uri.toString(),
      ...(addresses.size === 0 ? {} : { addresses: [...addresses] }),
      name: titleOf(uri),
      src,
      width,
      height,
      bytes: info?.bytes ?? 0,
      ...(info?.problem === undefined ? {} : { problem: info.problem }),
      ...(shown.problem === undefined ? {} : { flaw: describeFlaw(shown.problem) }),
      ...(shown.hint === undefined ? {} : { hint: describeHint(shown.hint) }),
    };
  }

  async #handle(message: FromWebviewMessage): Promise<void> {
    const session = this.#session;
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        if (session.info === undefined) this.#load();
        else this.#postStateSoon();
        return;
      case 'run':
        // The session shows a failure of the task itself.
        if (isTask(message.task)) await session.calls.runAttended(message.task, message.query, optionsOf(message)).catch(() => undefined);
        return;
      case 'draftTaken':
        session.forgetDraft();
        return;
      case 'correctTaken':
        session.forgetCorrect();
        return;
      case 'cancel':
        session.cancel();
        return;
      case 'showSent':
        if (isTask(message.task)) session.look(message.task, message.query, optionsOf(message));
        return;
      case 'showPast':
        session.lookBack(message.run);
        return;
      case 'closeReview':
        session.answer(message.review, message.send === true ? (message.remember === true ? true : 'once') : false);
        return;
      case 'cover':
        session.changeSendOptions({ redactions: message.areas });
        return;
      case 'sendAt':
        session.changeSendOptions({ maxDimension: message.maxDimension });
        return;
      case 'speed':
        session.changeSendOptions({ speed: message.speed === 'flex' ? 'flex' : 'standard' });
        return;
      case 'pointInAnswers':
        session.changeSendOptions({ pointInAnswers: message.on === true });
        return;
      case 'tryNow':
        session.tryNow();
        return;
      case 'show':
        session.show(message.run);
        return;
      case 'hidden':
        session.hidden = { run: message.run, ids: message.ids };
        return;
      case 'deleteRun':
        await session.deleteRun(message.run);
        return;
      case 'viewFocus':
        await vscode.commands.executeCommand('setContext', 'imageInspector.viewFocus', message.focused);
        return;
      default: {
        const answer = await this.#requests.handle(session, message);
        if (answer) post(this.#webview, answer);
      }
    }
  }
}

function optionsOf({ follows, region, parts }: Extract<FromWebviewMessage, { type: 'run' | 'showSent' }>): TaskCall['options'] {
  return {
    ...(follows === undefined ? {} : { follow: follows }),
    ...(region === undefined ? {} : { region }),
    ...(parts === undefined ? {} : { parts }),
  };
}

function describeFlaw(problem: NonNullable<Shown['problem']>): string {
  return problem === 'truncated'
    ? t('The file is incomplete: a part of the picture is missing. It cannot be sent.')
    : t('The file is damaged: the picture may look different. It cannot be sent.');
}

function describeHint(hint: NonNullable<Shown['hint']>): string {
  return hint === 'blurred' ? t('This picture looks blurred. Gemini reads sharp pictures better.') : t('This picture is nearly blank.');
}
