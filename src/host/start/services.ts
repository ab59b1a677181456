import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { Sender } from '../../engine/sending/sender.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import type { Imaging } from '../../imaging/worker/imageWorker.ts';
import { CommandRegistry } from '../base/commandRegistry.ts';
import { KeyStore } from '../base/keyStore.ts';
import { lazy, standIn } from '../base/lazy.ts';
import { settingProblems } from '../base/settings.ts';
import { tokenBasis } from '../base/tokenBasis.ts';
import { ImageResults } from '../editor/imageResults.ts';
import { InspectorEditors } from '../editor/inspectorEditor.ts';
import { PageRequests } from '../editor/pageRequests.ts';
import { Sample } from '../editor/sample.ts';
import { InspectionStore } from '../session/inspectionStore.ts';
import { SendOptionsStore } from '../session/sendOptions.ts';
import { VscodeTaskRules } from '../session/taskRules.ts';
import { Tasks } from '../session/tasks.ts';
import { WorkspaceMemory } from '../session/workspaceMemory.ts';
import { VscodeImageFiles } from '../web/imageFiles.ts';

/** The objects of the extension, which its features share. What a first command needs is loaded by that command. */
export type Services = ReturnType<typeof createServices>;

/** Makes the objects of the extension, and what makes them follow each other. */
export function createServices(context: vscode.ExtensionContext) {
  const log = vscode.window.createOutputChannel('Image Inspector', { log: true });
  logSettingProblems(log);
  const storage = context.storageUri ?? context.globalStorageUri;
  const keys = new KeyStore(context.secrets, process.env);
  const memory = new WorkspaceMemory(context.workspaceState);
  const store = new InspectionStore(storage, { setAside: brokenResult(log) });
  const sendOptions = new SendOptionsStore();
  const files = new VscodeImageFiles(context.globalStorageUri, log);
  const rules = new VscodeTaskRules(sendOptions, () => tokenBasis(context.globalState));
  const usage = lazy(async () => {
    const { UsageTracker } = await import('../status/usageTracker.ts');
    const made = new UsageTracker(context, log, rules, files, store);
    context.subscriptions.push(made);
    return made;
  });
  const worker = standIn<Imaging>(async () => {
    const { ImageWorker } = await import('../../imaging/worker/imageWorker.ts');
    const made = new ImageWorker({
      entry: pathToFileURL(context.asAbsolutePath('dist/vendor/imageWorker.js')),
      translations: vscode.l10n.bundle,
    });
    context.subscriptions.push(made);
    return made;
  });
  const sender = standIn<Sender>(async () => {
    const { createSender } = await import('./sender.ts');
    return createSender({ context, keys, rules, usage: await usage(), log, editors: () => editors });
  });
  const tasks = new Tasks({ files, worker, rules, sender }, store, log);
  const commands = new CommandRegistry(log);
  const requests = new PageRequests();
  const sample = new Sample(context.extensionUri);
  const editors = new InspectorEditors(
    lazy(async () => {
      const { createInspectorParts } = await import('./inspectorParts.ts');
      return createInspectorParts({
        context,
        storage,
        keys,
        memory,
        store,
        files,
        usage: await usage(),
        rules,
        worker,
        tasks,
        requests,
        sample,
        report: commands.report,
      });
    }),
  );
  const results = new ImageResults(editors, sample, store, files);
  const sets = lazy(async () => {
    const { SetCommands } = await import('../sets/setCommands.ts');
    const previewAltTexts = async (set: OpenSet) => (await import('../documents/altChanges.ts')).previewAltTexts(set);
    return new SetCommands({ context, commands, log, tasks, store, editors, memory, previewAltTexts });
  });
  context.subscriptions.push(
    ...[log, store, sendOptions, tasks, commands],
    tasks.onDidFinish((inspection) => void memory.rememberLabels(inspection)),
    // For the walkthrough.
    keys.onDidChange(async () => vscode.commands.executeCommand('setContext', 'imageInspector.hasKey', (await keys.get()) !== undefined)),
  );
  return { context, log, keys, memory, store, files, usage, worker, sender, tasks, commands, requests, sample, editors, results, sets };
}

/** What is wrong with settings goes into the log; that there is something, the user is told once. */
function logSettingProblems(log: vscode.LogOutputChannel): void {
  settingProblems.listener = (problem, isFirst) => {
    log.warn(`setting: ${problem}`);
    if (isFirst) void import('../base/settingsWarning.ts').then(({ warnOfSettings }) => warnOfSettings());
  };
}

/** Tells of a stored result that cannot be read: once, since where one file is broken there may be many. */
function brokenResult(log: vscode.LogOutputChannel): (path: string) => void {
  let isSaid = false;
  return (path) => {
    log.warn(`A stored result could not be read. It is kept as ${path}`);
    if (!isSaid)
      void vscode.window.showWarningMessage(t('A stored result could not be read. It is kept as "{0}".', sanitizeForUi(path, 300)));
    isSaid = true;
  };
}
