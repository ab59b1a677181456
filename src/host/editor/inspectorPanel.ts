import * as vscode from 'vscode';
import type { FailureAction } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { type Inspection, isTask, type Task } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { Appearance, FromWebviewMessage, PictureWish, SessionState, ToWebviewMessage } from '../../protocol.ts';
import { nameOf } from '../base/imageFile.ts';
import { onDidChangeFile } from '../base/watchFile.ts';
import type { Shown } from '../session/pictures.ts';
import type { Session } from '../session/session.ts';
import type { SessionPicture } from '../session/sessionPicture.ts';
import { inspectorPage } from './inspectorPage.ts';

/** What a panel needs besides its session. */
export interface PanelWorld {
  extensionUri: vscode.Uri;
  /** Holds the pictures that are made for pages. */
  pictureFolder: vscode.Uri;
  /** The part of the page's state that comes from settings, key and model table. */
  surroundings: (
    session: Session,
  ) => Promise<
    Pick<
      SessionState,
      | 'tasks'
      | 'model'
      | 'cost'
      | 'hasKey'
      | 'maskThreshold'
      | 'covered'
      | 'sendAt'
      | 'appearance'
      | 'labelLists'
      | 'samples'
      | 'translations'
    >
  >;
  /** Fires when that part may have changed. */
  onDidChangeSurroundings: vscode.Event<unknown>;
  /** Does what a button of a message says. */
  act: (action: FailureAction, session: Session) => Promise<void>;
  /** Keeps how things look, for the workspace. */
  keepAppearance: (appearance: Appearance) => Thenable<void>;
  /** Writes a run's results as files, where the user wants them. */
  exportRun: (session: Session, run: string) => Promise<unknown>;
  /** Makes a picture of the session's image: a PNG. */
  makePicture: (session: Session, wish: PictureWish) => Promise<Uint8Array>;
  /** The same as a file, where the user wants it. */
  savePicture: (session: Session, wish: PictureWish) => Promise<unknown>;
  copyAsCode: (run: Inspection) => Promise<void>;
  /** Makes the request of a run several times more, if the user wants that. */
  repeatRun: (session: Session, run: string) => Promise<void>;
  /** Saves words under a name that the user gives. */
  savePrompt: (task: Task, query: string) => Promise<void>;
  /** Shows a failure of something that is not a task. */
  report: (error: unknown) => void;
}

/** One editor's page: tells it what the session knows, and does what it asks for. */
export class InspectorPanel implements vscode.Disposable {
  readonly #webview: vscode.Webview;
  readonly #session: Session;
  readonly #world: PanelWorld;
  readonly #subscriptions: vscode.Disposable;
  readonly #watchers = new Map<string, vscode.Disposable>();
  /** Of the session's images. */
  readonly #folders: vscode.Uri[] = [];
  #isReady = false;
  /** How many objects of the running task the page has. */
  #told = 0;
  #tellings = 0;

  constructor(webview: vscode.Webview, session: Session, world: PanelWorld) {
    this.#webview = webview;
    this.#session = session;
    this.#world = world;
    this.#watchImages();
    this.#subscriptions = vscode.Disposable.from(
      session.onDidChange(() => {
        this.#watchImages();
        this.#tellState();
      }),
      session.onDidProgress((running) => this.#tellProgress(running)),
      world.onDidChangeSurroundings(() => this.#tellState()),
      webview.onDidReceiveMessage((message: FromWebviewMessage) => void this.#take(message).catch(world.report)),
    );
    webview.html = inspectorPage(webview, world.extensionUri);
  }

  dispose(): void {
    vscode.Disposable.from(this.#subscriptions, ...this.#watchers.values()).dispose();
  }

  /** Lets the page load all images of the session, and follows their files. New folders make VS Code load the page once more. */
  #watchImages(): void {
    const { extensionUri, pictureFolder } = this.#world;
    for (const { uri } of this.#session.images) {
      if (this.#watchers.has(uri.toString())) continue;
      const folder = vscode.Uri.joinPath(uri, '..');
      this.#watchers.set(
        uri.toString(),
        onDidChangeFile(uri, () => this.#load()),
      );
      if (this.#folders.some((known) => known.toString() === folder.toString())) continue;
      this.#folders.push(folder);
      const own = [vscode.Uri.joinPath(extensionUri, 'dist'), vscode.Uri.joinPath(extensionUri, 'media'), pictureFolder];
      this.#webview.options = { enableScripts: true, localResourceRoots: [...own, ...this.#folders] };
    }
  }

  #load(): void {
    void this.#session.load().catch(this.#world.report);
  }

  #tellState(): void {
    if (this.#isReady) void this.#postState().catch(this.#world.report);
  }

  async #postState(): Promise<void> {
    const telling = ++this.#tellings;
    const surroundings = await this.#world.surroundings(this.#session);
    // A newer one is on its way, or told already.
    if (telling !== this.#tellings) return;
    // From here on nothing is waited for: a progress message in between would be undone by an older state.
    const { state } = this.#session;
    this.#told = state.running?.detections.length ?? 0;
    post(this.#webview, {
      type: 'state',
      state: { images: this.#session.images.map((image) => this.#image(image)), ...state, ...this.#sheet(), ...surroundings },
    });
  }

  #tellProgress(running: RunningTask): void {
    if (!this.#isReady) return;
    const detections = running.detections.slice(this.#told);
    this.#told = running.detections.length;
    post(this.#webview, { type: 'progress', running: { ...running, detections } });
  }

  #sheet(): Pick<SessionState, 'sheet'> {
    const { sheet } = this.#session;
    if (sheet === undefined) return {};
    const pictures = sheet.pictures.map(({ pixels, ...picture }) => ({
      ...picture,
      src: pixels === undefined ? '' : this.#webview.asWebviewUri(pixels).toString(),
    }));
    return { sheet: { ...sheet, pictures } };
  }

  #image({ uri, addresses, facts, shown }: SessionPicture): SessionState['images'][number] {
    const query = facts?.sha256?.slice(0, 16) ?? '';
    // The address changes with the content, or the page would go on showing what it has.
    const src = shown.pixels === undefined ? '' : this.#webview.asWebviewUri(shown.pixels).with({ query }).toString();
    const { width, height } = facts?.header?.upright ?? { width: 0, height: 0 };
    return {
      uri: uri.toString(),
      ...(addresses.size === 0 ? {} : { addresses: [...addresses] }),
      name: nameOf(uri),
      src,
      width,
      height,
      bytes: facts?.bytes ?? 0,
      ...(facts?.problem === undefined ? {} : { problem: facts.problem }),
      ...(shown.problem === undefined ? {} : { flaw: flawText(shown.problem) }),
      ...(shown.hint === undefined ? {} : { hint: hintText(shown.hint) }),
    };
  }

  /** The page waits for an answer, whatever it is. */
  async #makePicture(request: number, wish: PictureWish): Promise<void> {
    try {
      const png = new Uint8Array(await this.#world.makePicture(this.#session, wish));
      post(this.#webview, { type: 'picture', request, png });
    } catch (error) {
      post(this.#webview, { type: 'picture', request });
      throw error;
    }
  }

  async #take(message: FromWebviewMessage): Promise<void> {
    const session = this.#session;
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        if (session.facts === undefined) this.#load();
        else this.#tellState();
        return;
      case 'run':
        // The session shows a failure of the task itself.
        if (isTask(message.task)) await session.runAttended(message.task, message.query, optionsOf(message)).catch(() => undefined);
        return;
      case 'draftTaken':
        session.forgetDraft();
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
      case 'closeSheet':
        session.answer(message.sheet, message.send === true ? (message.remember === true ? true : 'once') : false);
        return;
      case 'cover':
        session.wish({ redactions: message.areas });
        return;
      case 'sendAt':
        session.wish({ maxDimension: message.maxDimension });
        return;
      case 'tryNow':
        session.tryNow();
        return;
      case 'show':
        session.show(message.run);
        return;
      case 'deleteRun':
        await session.deleteRun(message.run);
        return;
      case 'repeat':
        await this.#world.repeatRun(session, message.run);
        return;
      case 'export':
        await this.#world.exportRun(session, message.run);
        return;
      case 'makePicture':
        await this.#makePicture(message.request, message.wish);
        return;
      case 'savePicture':
        await this.#world.savePicture(session, message.wish);
        return;
      case 'copyAsCode':
      case 'savePrompt': {
        const run = session.state.runs.find(({ id }) => id === message.run);
        if (run === undefined) return;
        if (message.type === 'copyAsCode') await this.#world.copyAsCode(run);
        else await this.#world.savePrompt(run.task, run.prompt);
        return;
      }
      case 'act':
        if (message.action === 'copyText') await vscode.env.clipboard.writeText(message.text ?? '');
        else if (message.action === 'openTerms') await vscode.env.openExternal(vscode.Uri.parse(TERMS));
        else if (message.action === 'openSample') await vscode.commands.executeCommand('imageInspector.openSample');
        else if (message.action === 'changeKeys')
          await vscode.commands.executeCommand('workbench.action.openGlobalKeybindings', '@ext:image-inspector.gemini-image-inspector');
        else await this.#world.act(message.action, session);
        return;
      case 'appearance':
        await this.#world.keepAppearance(message.appearance);
        return;
      case 'viewFocus':
        await vscode.commands.executeCommand('setContext', 'imageInspector.viewFocus', message.focused);
        return;
    }
  }
}

/** Google's terms for the API. */
const TERMS = 'https://ai.google.dev/gemini-api/terms';

/** Sends a message; a page that has gone has nothing to be told. */
export function post(webview: vscode.Webview | undefined, message: ToWebviewMessage): void {
  void webview?.postMessage(message);
}

function optionsOf({ follows, region }: Extract<FromWebviewMessage, { type: 'run' | 'showSent' }>): TaskCall['options'] {
  return { ...(follows === undefined ? {} : { follow: follows }), ...(region === undefined ? {} : { region }) };
}

function flawText(problem: NonNullable<Shown['problem']>): string {
  return problem === 'truncated'
    ? t('The file is incomplete: a part of the picture is missing. It cannot be sent.')
    : t('The file is damaged: the picture may look different. It cannot be sent.');
}

function hintText(hint: NonNullable<Shown['hint']>): string {
  return hint === 'blurred' ? t('This picture looks blurred. Gemini reads sharp pictures better.') : t('This picture is nearly blank.');
}
