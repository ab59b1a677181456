import * as vscode from 'vscode';
import type { UriLike } from './core/commandArguments.ts';
import { setTranslations } from './core/l10n.ts';
import { modelInfo } from './core/models.ts';
import { READY_TASKS } from './core/prompts.ts';
import { estimateImageTokens, type MediaResolution, type TokenEstimate } from './core/tokens.ts';
import { act } from './host/actions.ts';
import { toUri } from './host/activeImage.ts';
import { clearApiKey, setApiKey } from './host/apiKey.ts';
import { registerCommands } from './host/commands.ts';
import { dialogConsent } from './host/consentDialog.ts';
import { showFailure } from './host/failureMessages.ts';
import { readImageFacts } from './host/imageFacts.ts';
import { type InspectWorld, inspect } from './host/inspect.ts';
import { InspectionStore } from './host/inspectionStore.ts';
import { InspectorEditors } from './host/inspectorEditor.ts';
import { KeyStore } from './host/keyStore.ts';
import { consentPermit, excludePermit, isExcluded, sizePermit } from './host/permits.ts';
import { selectModel } from './host/selectModel.ts';
import { Sender } from './host/sender.ts';
import { Session, type SessionWorld } from './host/session.ts';
import { destination, readSettings } from './host/settings.ts';
import { surroundings } from './host/surroundings.ts';
import { estimateFile, TokenStatus } from './host/tokenStatus.ts';

/** What `activate` returns to other extensions. */
export interface ImageInspectorApi {
  /** Image tokens only, by the user's model and resolution where none are given. Sends nothing. */
  estimateTokens(
    image: vscode.Uri | { width: number; height: number },
    options?: { model?: string; mediaResolution?: MediaResolution },
  ): Promise<TokenEstimate>;
}

export function activate(context: vscode.ExtensionContext): ImageInspectorApi {
  setTranslations(vscode.l10n.bundle);
  const log = vscode.window.createOutputChannel('Image Inspector', { log: true });
  const keys = new KeyStore(context.secrets, process.env);
  const store = new InspectionStore(context.storageUri ?? context.globalStorageUri);
  const isExcludedUri = (address: string) => {
    const uri = vscode.Uri.parse(address);
    return isExcluded(vscode.workspace.asRelativePath(uri, false), readSettings(uri).exclude);
  };
  const sender = new Sender({
    permits: [
      excludePermit(isExcludedUri),
      sizePermit(() => readSettings().inlineLimit),
      consentPermit(dialogConsent(context.globalState)),
    ],
    destination,
    key: () => keys.get(),
    // The SDK is loaded when it is first needed.
    connect: async (apiKey, baseUrl) => {
      const gemini = await import('./gemini/gemini.ts');
      gemini.setTranslations(vscode.l10n.bundle);
      return gemini.createGemini({ apiKey, baseUrl, fetch: globalThis.fetch });
    },
    timeout: () => readSettings().requestTimeout,
  });
  const world: InspectWorld = { settings: readSettings, isExcluded: isExcludedUri, sender, store, log };
  const run: SessionWorld['runTask'] = (call, job, onProgress) => inspect(world, call, job, onProgress);
  const report = (error: unknown) => {
    log.error(error instanceof Error ? error : String(error));
    void showFailure(error, ['openLog']).then((action) => action && act(action));
  };
  const changed = new vscode.EventEmitter<void>();
  const editors = new InspectorEditors({
    extensionUri: context.extensionUri,
    createSession: (uri) => new Session(uri, { runTask: run, store, readFacts: readImageFacts, askForKey: () => setApiKey(keys, sender) }),
    surroundings: (session) => surroundings(session, keys),
    onDidChangeSurroundings: changed.event,
    act,
    report,
  });
  context.subscriptions.push(
    log,
    store,
    changed,
    keys.onDidChange(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('imageInspector') && changed.fire()),
    editors.register(),
    new TokenStatus(store.onDidAdd),
    registerCommands({
      editors,
      inspect: run,
      maxConcurrency: () => readSettings().maxConcurrency,
      tasks: READY_TASKS,
      act,
      others: {
        setApiKey: () => setApiKey(keys, sender),
        clearApiKey: () => clearApiKey(keys),
        selectModel: () => selectModel(sender, log),
        clearResults: () => store.clear(),
        showLog: async () => log.show(),
      },
      log,
    }),
  );
  return {
    async estimateTokens(image, options = {}) {
      const settings = readSettings('width' in image ? undefined : image);
      const model = options.model ?? settings.model;
      const resolution = options.mediaResolution ?? settings.mediaResolution;
      return 'width' in image
        ? estimateImageTokens(image, modelInfo(model), resolution)
        : estimateFile(toUri(image as UriLike), model, resolution);
    },
  };
}
