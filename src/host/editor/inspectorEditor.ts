import * as vscode from 'vscode';
import { OBJECT_ACTIONS, type ViewAction } from '../../protocol.ts';
import type { Session } from '../session/session.ts';
import { post } from './pageRequests.ts';

const INSPECTOR = 'imageInspector.editor';
/** The same editor for what VS Code itself cannot show: there it opens by a click. */
const PREVIEW = 'imageInspector.preview';

/** What inspectors are made of. */
export interface InspectorParts {
  createSession(uri: vscode.Uri): Session;
  /** Has a page show what the session knows, until disposed of. */
  createPanel(webview: vscode.Webview, session: Session): vscode.Disposable;
}

/** The document of an editor: one for each image and each of the two kinds of editor. */
class InspectorDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly session: Session;
  readonly createPanel: InspectorParts['createPanel'];
  readonly dispose: () => void;

  constructor(uri: vscode.Uri, session: Session, createPanel: InspectorParts['createPanel'], dispose: () => void) {
    this.uri = uri;
    this.session = session;
    this.createPanel = createPanel;
    this.dispose = dispose;
  }
}

/** The inspector: an editor that shows an image and what was found in it. */
export class InspectorEditors implements vscode.CustomReadonlyEditorProvider<InspectorDocument> {
  readonly #load: () => Promise<InspectorParts>;
  /** One session for each image, however many documents and editors show it. */
  readonly #open = new Map<string, { session: Session; documents: number }>();
  #active: { panel: vscode.WebviewPanel; session: Session } | undefined;
  #hasResult = false;

  /** `load`: asked with each inspector. */
  constructor(load: () => Promise<InspectorParts>) {
    this.#load = load;
  }

  /** Registers the editor and the command of its keys; the result takes them back. */
  register(): vscode.Disposable {
    return vscode.Disposable.from(
      ...[INSPECTOR, PREVIEW].map((kind) =>
        vscode.window.registerCustomEditorProvider(kind, this, { supportsMultipleEditorsPerDocument: true }),
      ),
      vscode.commands.registerCommand('imageInspector.view', (action: ViewAction) =>
        post(this.#active?.panel.webview, { type: 'view', action }),
      ),
      // From the menu of the page, which says what it was opened on.
      ...OBJECT_ACTIONS.map((action) =>
        vscode.commands.registerCommand(`imageInspector.object.${action}`, (on?: { detectionId?: unknown }) => {
          if (typeof on?.detectionId === 'string') post(this.#active?.panel.webview, { type: 'object', action, id: on.detectionId });
        }),
      ),
      vscode.commands.registerCommand('imageInspector.showKeys', () =>
        post(this.#active?.panel.webview, { type: 'view', action: 'showKeys' }),
      ),
      vscode.commands.registerCommand('imageInspector.copyImage', () =>
        post(this.#active?.panel.webview, { type: 'view', action: 'copyImage' }),
      ),
    );
  }

  /** Whether an inspector is the active editor. */
  get hasActive(): boolean {
    return this.#active !== undefined;
  }

  /** The session of an image that is open in an inspector. */
  sessionOf(uri: vscode.Uri): Session | undefined {
    return this.#open.get(uri.toString())?.session;
  }

  /** Opens an image in an inspector, or shows the one it is open in. */
  async open(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<Session | undefined> {
    await vscode.commands.executeCommand('vscode.openWith', uri, isPreviewed(uri) ? PREVIEW : INSPECTOR, options);
    await closeImagePreview(uri);
    return this.sessionOf(uri);
  }

  async openCustomDocument(uri: vscode.Uri): Promise<InspectorDocument> {
    const { createSession, createPanel } = await this.#load();
    // From here on nothing is waited for: two documents of one image may be opened at a time.
    const key = uri.toString();
    const open = this.#open.get(key) ?? { session: createSession(uri), documents: 0 };
    open.documents += 1;
    this.#open.set(key, open);
    return new InspectorDocument(uri, open.session, createPanel, () => {
      open.documents -= 1;
      if (open.documents > 0) return;
      this.#open.delete(key);
      open.session.dispose();
    });
  }

  resolveCustomEditor(document: InspectorDocument, panel: vscode.WebviewPanel): void {
    const { session } = document;
    const subscriptions = vscode.Disposable.from(
      document.createPanel(panel.webview, session),
      panel.onDidChangeViewState(() => this.#follow(panel, session)),
      session.onDidChange(() => this.#notifyResult()),
    );
    panel.onDidDispose(() => {
      subscriptions.dispose();
      if (this.#active?.panel === panel) this.#activate(undefined);
    });
    this.#follow(panel, session);
  }

  #follow(panel: vscode.WebviewPanel, session: Session): void {
    if (panel.active) this.#activate({ panel, session });
    else if (this.#active?.panel === panel) this.#activate(undefined);
  }

  #activate(active: { panel: vscode.WebviewPanel; session: Session } | undefined): void {
    this.#active = active;
    void vscode.commands.executeCommand('setContext', 'imageInspector.active', active !== undefined);
    if (active === undefined) void vscode.commands.executeCommand('setContext', 'imageInspector.viewFocus', false);
    this.#notifyResult();
  }

  /** For menus: whether the active inspector has anything to export. */
  #notifyResult(): void {
    const hasResult = (this.#active?.session.state.runs.length ?? 0) > 0;
    if (hasResult === this.#hasResult) return;
    this.#hasResult = hasResult;
    void vscode.commands.executeCommand('setContext', 'imageInspector.hasResult', hasResult);
  }
}

/** VS Code's own preview of an image would stand beside the inspector under the same name: it holds nothing that could be lost. A pinned one stays. */
async function closeImagePreview(uri: vscode.Uri): Promise<void> {
  const { tabs } = vscode.window.tabGroups.activeTabGroup;
  const replaced = tabs.filter(
    ({ input, isPinned, isActive }) =>
      input instanceof vscode.TabInputCustom &&
      input.viewType === 'imagePreview.previewEditor' &&
      input.uri.toString() === uri.toString() &&
      !isPinned &&
      !isActive,
  );
  if (replaced.length > 0) await vscode.window.tabGroups.close(replaced, true);
}

function isPreviewed(uri: vscode.Uri): boolean {
  const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  return inputs.some(
    (input) => input instanceof vscode.TabInputCustom && input.viewType === PREVIEW && input.uri.toString() === uri.toString(),
  );
}
