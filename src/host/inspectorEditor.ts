import * as vscode from 'vscode';
import type { FailureAction } from '../core/failure.ts';
import { isReadyTask } from '../core/prompts.ts';
import type { FromWebviewMessage, SessionState, ToWebviewMessage, ViewAction } from '../protocol.ts';
import { nameOf } from './imageFile.ts';
import { inspectorPage } from './inspectorPage.ts';
import type { Session } from './session.ts';

export const INSPECTOR = 'imageInspector.editor';

/** What an inspector editor needs. */
export interface InspectorWorld {
  extensionUri: vscode.Uri;
  createSession: (uri: vscode.Uri) => Session;
  /** The part of the page's state that comes from settings, key and model table. */
  surroundings: (
    session: Session,
  ) => Promise<Pick<SessionState, 'tasks' | 'model' | 'cost' | 'hasKey' | 'maskThreshold' | 'samples' | 'translations'>>;
  /** Fires when that part may have changed. */
  onDidChangeSurroundings: vscode.Event<unknown>;
  /** Does what a button of a message says. */
  act: (action: FailureAction, session: Session) => Promise<void>;
  /** Shows a failure of something that is not a task. */
  report: (error: unknown) => void;
}

/** The document of the editor: one for each image, however many editors show it. */
class InspectorDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly session: Session;
  readonly #disposed: () => void;

  constructor(uri: vscode.Uri, session: Session, disposed: () => void) {
    this.uri = uri;
    this.session = session;
    this.#disposed = disposed;
  }

  dispose(): void {
    this.session.dispose();
    this.#disposed();
  }
}

/** The inspector: an editor that shows an image and what was found in it. */
export class InspectorEditors implements vscode.CustomReadonlyEditorProvider<InspectorDocument> {
  readonly #world: InspectorWorld;
  readonly #documents = new Map<string, InspectorDocument>();
  #active: { panel: vscode.WebviewPanel; session: Session } | undefined;

  constructor(world: InspectorWorld) {
    this.#world = world;
  }

  /** Registers the editor and the command of its keys; the result takes them back. */
  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.window.registerCustomEditorProvider(INSPECTOR, this, { supportsMultipleEditorsPerDocument: true }),
      vscode.commands.registerCommand('imageInspector.view', (action: ViewAction) =>
        post(this.#active?.panel.webview, { type: 'view', action }),
      ),
    );
  }

  /** The session of an image that is open in an inspector. */
  sessionOf(uri: vscode.Uri): Session | undefined {
    return this.#documents.get(uri.toString())?.session;
  }

  /** The session of the inspector that has the focus. */
  get active(): Session | undefined {
    return this.#active?.session;
  }

  /** Opens an image in an inspector, or shows the one it is open in. */
  async open(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<Session | undefined> {
    await vscode.commands.executeCommand('vscode.openWith', uri, INSPECTOR, options);
    return this.sessionOf(uri);
  }

  openCustomDocument(uri: vscode.Uri): InspectorDocument {
    const key = uri.toString();
    const document = new InspectorDocument(uri, this.#world.createSession(uri), () => this.#documents.delete(key));
    this.#documents.set(key, document);
    return document;
  }

  resolveCustomEditor(document: InspectorDocument, panel: vscode.WebviewPanel): void {
    const { session } = document;
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [
        vscode.Uri.joinPath(this.#world.extensionUri, 'dist'),
        vscode.Uri.joinPath(this.#world.extensionUri, 'media'),
        vscode.Uri.joinPath(document.uri, '..'),
      ],
    };
    let ready = false;
    const sendState = () => {
      if (ready) void this.#state(session, webview).then((state) => post(webview, { type: 'state', state }), this.#world.report);
    };
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(document.uri, '..'), escapeGlob(nameOf(document.uri))),
    );
    const reload = () => void session.load().catch(this.#world.report);
    const subscriptions = vscode.Disposable.from(
      session.onDidChange(sendState),
      session.onDidProgress((running) => void post(webview, { type: 'progress', running })),
      this.#world.onDidChangeSurroundings(sendState),
      watcher,
      watcher.onDidChange(reload),
      watcher.onDidCreate(reload),
      watcher.onDidDelete(reload),
      panel.onDidChangeViewState(() => this.#follow(panel, session)),
      webview.onDidReceiveMessage((message: FromWebviewMessage) => {
        if (message.type === 'ready') {
          ready = true;
          if (session.facts === undefined) reload();
          else sendState();
        } else {
          void this.#take(message, session).catch(this.#world.report);
        }
      }),
    );
    panel.onDidDispose(() => {
      subscriptions.dispose();
      if (this.#active?.panel === panel) this.#activate(undefined);
    });
    webview.html = inspectorPage(webview, this.#world.extensionUri);
    this.#follow(panel, session);
  }

  async #take(message: Exclude<FromWebviewMessage, { type: 'ready' }>, session: Session): Promise<void> {
    switch (message.type) {
      case 'run':
        // The session shows a failure of the task itself.
        if (isReadyTask(message.task)) await session.runAsking(message.task, message.query).catch(() => undefined);
        return;
      case 'cancel':
        session.cancel();
        return;
      case 'show':
        session.show(message.run);
        return;
      case 'deleteRun':
        await session.deleteRun(message.run);
        return;
      case 'act':
        if (message.action === 'copyText') await vscode.env.clipboard.writeText(message.text ?? '');
        else if (message.action === 'openSample') await vscode.commands.executeCommand('imageInspector.openSample');
        else await this.#world.act(message.action, session);
        return;
      case 'viewFocus':
        await vscode.commands.executeCommand('setContext', 'imageInspector.viewFocus', message.focused);
        return;
    }
  }

  #follow(panel: vscode.WebviewPanel, session: Session): void {
    if (panel.active) this.#activate({ panel, session });
    else if (this.#active?.panel === panel) this.#activate(undefined);
  }

  #activate(active: { panel: vscode.WebviewPanel; session: Session } | undefined): void {
    this.#active = active;
    void vscode.commands.executeCommand('setContext', 'imageInspector.active', active !== undefined);
    if (active === undefined) void vscode.commands.executeCommand('setContext', 'imageInspector.viewFocus', false);
  }

  async #state(session: Session, webview: vscode.Webview): Promise<SessionState> {
    const { uri, facts } = session;
    // The address changes with the content, or the page would go on showing what it has.
    const src = webview
      .asWebviewUri(uri)
      .with({ query: facts?.sha256?.slice(0, 16) ?? '' })
      .toString();
    const { width, height } = facts?.upright ?? { width: 0, height: 0 };
    const image = { uri: uri.toString(), name: nameOf(uri), src, width, height, bytes: facts?.bytes ?? 0 };
    return {
      images: [facts?.problem === undefined ? image : { ...image, problem: facts.problem }],
      ...session.state,
      ...(await this.#world.surroundings(session)),
    };
  }
}

async function post(webview: vscode.Webview | undefined, message: ToWebviewMessage): Promise<void> {
  await webview?.postMessage(message);
}

/** A file name as a glob that means just this name. */
function escapeGlob(name: string): string {
  return name.replace(/[[\]{}*?]/g, (character) => `[${character}]`);
}
