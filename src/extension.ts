import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { setTranslations, t } from './core/base/l10n.ts';
import { plain } from './core/base/plain.ts';
import { TEXT_LANGUAGES } from './core/base/textLanguages.ts';
import type { UriLike } from './core/request/commandArguments.ts';
import type { MediaResolution, TokenEstimate } from './core/usage/tokens.ts';
import { runsOf } from './engine/export/exportRuns.ts';
import type { Permit } from './engine/sending/outgoing.ts';
import { Sender } from './engine/sending/sender.ts';
import type { InspectWorld } from './engine/task/taskCall.ts';
import { toUri } from './host/base/activeImage.ts';
import { KeyStore } from './host/base/keyStore.ts';
import { destination, excludeLevels, readSettings, settingProblems, usesVertex } from './host/base/settings.ts';
import { act } from './host/commands/actions.ts';
import { registerCommands } from './host/commands/commands.ts';
import { showFailure } from './host/commands/failureMessages.ts';
import type { WebImages } from './host/commands/webImages.ts';
import { InspectorEditors } from './host/editor/inspectorEditor.ts';
import { Sample } from './host/editor/sample.ts';
import type { CodeWorld } from './host/export/copyAsCode.ts';
import type { ExportWorld } from './host/export/exportCommand.ts';
import { InspectionStore } from './host/session/inspectionStore.ts';
import { LabelMemory } from './host/session/labelMemory.ts';
import { Pictures } from './host/session/pictures.ts';
import { SendWishes } from './host/session/sendWishes.ts';
import type { SheetWorld } from './host/session/sentSheet.ts';
import { Session, type SessionWorld } from './host/session/session.ts';
import { readAppearance } from './host/session/storedAppearance.ts';
import { Accounts } from './host/status/accounts.ts';
import { ImageWorker } from './imaging/worker/imageWorker.ts';

/** What `activate` returns to other extensions. */
export interface ImageInspectorApi {
  /** Image tokens only, by the user's model and resolution where none are given. Sends nothing. */
  estimateTokens(
    image: vscode.Uri | { width: number; height: number },
    options?: { model?: string; mediaResolution?: MediaResolution },
  ): Promise<TokenEstimate>;
}

const APPEARANCE = 'appearance';

/** Puts the parts together. What a first command needs is loaded by that command: `import()` here and below makes a file of its own. */
export function activate(context: vscode.ExtensionContext): ImageInspectorApi {
  setTranslations(vscode.l10n.bundle);
  const log = vscode.window.createOutputChannel('Image Inspector', { log: true });
  settingProblems.listener = (problem, isFirst) => {
    log.warn(`setting: ${problem}`);
    if (isFirst) void import('./host/base/settingsMessage.ts').then(({ tellOfSettings }) => tellOfSettings(act));
  };
  const keys = new KeyStore(context.secrets, process.env);
  let isSaid = false;
  const setAside = (path: string) => {
    log.warn(`A stored result could not be read. It is kept as ${path}`);
    // Once: where one file is broken there may be many.
    if (!isSaid) void vscode.window.showWarningMessage(t('A stored result could not be read. It is kept as "{0}".', plain(path, 300)));
    isSaid = true;
  };
  const store = new InspectionStore(context.storageUri ?? context.globalStorageUri, { setAside });
  const isExcludedUri = async (address: string) => {
    const { isExcludedFile } = await import('./engine/files/exclusion.ts');
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    return isExcludedFile(vscode.Uri.parse(address), { folders, levels: excludeLevels });
  };
  const wishes = new SendWishes();
  const accounts = new Accounts(context, log, { wishes, addressOf: async (uri) => (await originOf(uri))?.address });
  // Loaded with the first image that is to be sent.
  const permits = async (): Promise<Permit[]> => {
    const [{ consentPermit, excludePermit, sizePermit }, { dialogConsent }] = await Promise.all([
      import('./engine/sending/permits.ts'),
      import('./host/session/consentDialog.ts'),
    ]);
    const consent = dialogConsent(context.globalState, () => accounts.basis(), {
      ownerOf: ({ job, images: [image] }) => {
        const session = image && editors.sessionOf(vscode.Uri.parse(image.uri));
        return session?.owns(job) && job.times === 1 ? session : undefined;
      },
      open: async ({ images: [image] }) => image && editors.open(vscode.Uri.parse(image.uri)),
    });
    return [excludePermit(isExcludedUri), sizePermit(() => readSettings().inlineLimit), accounts.permit, consentPermit(consent)];
  };
  const sender = new Sender({
    permits: [
      async (sending) => {
        for (const permit of await permits()) await permit(sending);
      },
    ],
    destination,
    key: async () => (usesVertex() ? '' : keys.get()),
    connect: async (apiKey, address) => (await import('./engine/sending/connect.ts')).connect(apiKey, address),
    uploads: async () => {
      const [{ Uploads }, { UploadMemory }] = await Promise.all([
        import('./engine/sending/uploads.ts'),
        import('./engine/sending/uploadMemory.ts'),
      ]);
      return new Uploads(new UploadMemory(context.globalState), () => readSettings().inlineLimit);
    },
    timeout: () => readSettings().requestTimeout,
    begin: (sending) => accounts.begin(sending),
    settle: (sending, ending) => accounts.settle(sending, ending),
    log: (line) => log.info(line),
  });
  const setApiKey = async () => (await import('./host/base/apiKey.ts')).setApiKey(keys, sender);
  const images = new ImageWorker({
    entry: pathToFileURL(context.asAbsolutePath('dist/vendor/imageWorker.js')),
    translations: vscode.l10n.bundle,
  });
  const pictures = new Pictures(vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'pictures'), images);
  const fetchedFolder = vscode.Uri.joinPath(context.globalStorageUri, 'fetched');
  let webImages: Promise<WebImages> | undefined;
  let openedWeb: WebImages | undefined;
  const web = () => {
    webImages ??= import('./host/commands/webImages.ts').then(async ({ WebImages }) => {
      openedWeb = await new WebImages({
        folder: fetchedFolder,
        fetch: (...request) => globalThis.fetch(...request),
        mostBytes: () => readSettings().url.most,
        log: (line) => log.info(line),
      }).open();
      return openedWeb;
    });
    return webImages;
  };
  const originOf = async (uri: vscode.Uri) => (uri.path.startsWith(`${fetchedFolder.path}/`) ? (await web()).originOf(uri) : undefined);
  const fileOf = (address: string) => openedWeb?.fileOf(address) ?? vscode.Uri.parse(address);
  const world: InspectWorld = {
    settings: readSettings,
    isExcluded: isExcludedUri,
    wishOf: (uri) => wishes.of(uri),
    images,
    sender,
    store,
    originOf,
    fileOf,
    isPublic: async (address) => (await web()).isPublic(address),
    tokenBasis: () => accounts.basis(),
    log,
  };
  const labels = new LabelMemory(context.workspaceState);
  const run = accounts.followed(async (...call) => {
    const inspection = await (await import('./engine/task/inspect.ts')).inspect(world, ...call);
    await labels.remember(inspection);
    return inspection;
  });
  const sheetWorld: SheetWorld = { ...world, pictures, keys, spentToday: () => accounts.spentToday() };
  const codeWorld: CodeWorld = {
    ...world,
    destination,
    key: () => keys.get(),
    shownRun: (uri) => {
      const { runs, shown } = editors.sessionOf(uri)?.state ?? { runs: [] };
      return runs.find(({ id }) => id === shown);
    },
  };
  const readFacts: SessionWorld['readFacts'] = async (...asked) => (await import('./host/base/imageFacts.ts')).readImageFacts(...asked);
  const report = (error: unknown) => {
    log.error(error instanceof Error ? error : String(error));
    void showFailure(error, ['openLog']).then((action) => action && act(action));
  };
  const changed = new vscode.EventEmitter<void>();
  const sample = new Sample(context.extensionUri);
  const editors = new InspectorEditors({
    extensionUri: context.extensionUri,
    pictureFolder: pictures.folder,
    createSession: (uri) => {
      // Old images of the web are taken away by then.
      void web();
      return new Session(uri, {
        runTask: run,
        store: sample.storeFor(uri, store),
        fileOf,
        readFacts,
        pictures,
        askForKey: setApiKey,
        wishes,
        modelOf: (image) => readSettings(image).model,
        sheets: {
          ofSending: async (...what) => (await import('./host/session/sentSheet.ts')).sheetOfSending(sheetWorld, ...what),
          ofCall: async (...what) => (await import('./host/session/sentSheet.ts')).sheetOfCall(sheetWorld, ...what),
          ofRun: async (...what) => (await import('./host/session/sentSheet.ts')).sheetOfRun(sheetWorld, ...what),
          async *sizes(...what) {
            yield* (await import('./host/session/sentSheet.ts')).sizesOf(sheetWorld, ...what);
          },
          forget: (pixels) => pictures.forget({ pixels }),
        },
      });
    },
    surroundings: async (session) => ({
      ...(await (await import('./host/editor/surroundings.ts')).surroundings(session, wishes.of(session.uri), keys, accounts.basis())),
      ...(await sample.stateFor(session.uri)),
      ...readAppearance(context.workspaceState.get(APPEARANCE)),
      labelLists: labels.lists,
    }),
    keepAppearance: (appearance) => context.workspaceState.update(APPEARANCE, appearance),
    onDidChangeSurroundings: changed.event,
    makePicture: async (session, wish) => (await import('./host/editor/pictureWishes.ts')).makePicture(exports, session, wish),
    savePicture: async (session, wish) => (await import('./host/editor/pictureWishes.ts')).savePicture(exports, session, wish),
    exportRun: async ({ uri }, id) => (await import('./host/export/exportCommand.ts')).exportForUser(exports, [uri], id),
    act,
    savePrompt: async (task, query) => (await import('./host/session/promptLibrary.ts')).savePrompt(task, query),
    repeatRun: async (session, run) =>
      (await import('./host/session/repeatRun.ts')).repeatForUser(session, run, readSettings(session.uri).maxConcurrency),
    copyAsCode: async (run) => (await import('./host/export/copyAsCode.ts')).copyRunAsCode(codeWorld, run),
    report,
  });
  const exports: ExportWorld = {
    images,
    runsOf: (uri) => runsOf(uri, editors.sessionOf(uri), sample.storeFor(uri, store), readFacts),
    maskThreshold: (uri) => readSettings(uri).maskThreshold,
    fileOf,
    isKept: (uri) => [context.extensionUri, context.globalStorageUri].some(({ path }) => uri.path.startsWith(`${path}/`)),
    shownThreshold: () => readAppearance(context.workspaceState.get(APPEARANCE)).appearance?.threshold,
  };
  context.subscriptions.push(
    log,
    store,
    images,
    changed,
    wishes,
    keys.onDidChange(() => changed.fire()),
    wishes.onDidChange(() => changed.fire()),
    // For the walkthrough.
    keys.onDidChange(async () => vscode.commands.executeCommand('setContext', 'imageInspector.hasKey', (await keys.get()) !== undefined)),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('imageInspector') && changed.fire()),
    editors.register(),
    accounts,
    accounts.onDidChange(() => changed.fire()),
    vscode.languages.registerHoverProvider(
      TEXT_LANGUAGES.map((language) => ({ language, scheme: 'file' })),
      {
        provideHover: async (...place) =>
          (await import('./host/commands/imageHover.ts')).imageHover(...place, accounts.basis().calibration),
      },
    ),
    registerCommands({
      editors,
      inspect: run,
      maxConcurrency: () => readSettings().maxConcurrency,
      sample,
      web,
      exportResults: async ({ fromCode, options: { format, target } }, uris) => {
        const { exportForUser, exportFromCode } = await import('./host/export/exportCommand.ts');
        if (!fromCode) return exportForUser(exports, uris);
        return exportFromCode(exports, uris, {
          ...(format === undefined ? {} : { format }),
          ...(target === undefined ? {} : { target: toUri(target) }),
        });
      },
      estimate: (uri, options) => accounts.estimate(uri, options),
      countTokens: async (...call) => (await import('./host/status/countTokens.ts')).countTokens(world, accounts.status, ...call),
      copyAsCode: async (...what) => (await import('./host/export/copyAsCode.ts')).copyAsCode(codeWorld, ...what),
      choosePrompt: async (call) => (await import('./host/session/promptLibrary.ts')).choosePrompt(call),
      labelLists: () => labels.lists,
      act,
      others: {
        setApiKey: () => setApiKey(),
        clearApiKey: async () => (await import('./host/base/apiKey.ts')).clearApiKey(keys),
        selectModel: async (call) => (await import('./host/status/selectModel.ts')).selectModel(sender, () => accounts.basis(), call),
        ...accounts.commands,
        manageUploads: async ({ fromCode }) => (await import('./host/commands/manageUploads.ts')).manageUploads(sender, fromCode),
        clearResults: () => store.clear(),
        showLog: async () => log.show(),
      },
      log,
    }),
  );
  return {
    estimateTokens: (image, options = {}) => accounts.estimate('width' in image ? image : toUri(image as UriLike), options),
  };
}
