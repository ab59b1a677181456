import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { TEXT_LANGUAGES } from '../../core/base/imageNames.ts';
import { t } from '../../core/base/l10n.ts';
import { TASKS, type Task } from '../../core/inspection/inspection.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import { lazy } from '../base/lazy.ts';
import { readSettings } from '../base/settings.ts';
import { openInspector } from '../editor/commandImages.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { Tasks } from '../session/tasks.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';
import type { TaskServices } from './taskCommands.ts';

/** What tasks take. */
interface TaskFeature extends Omit<TaskServices, 'usage'> {
  commands: CommandRegistry;
  requests: PageRequests;
  usage: () => Promise<TaskServices['usage']>;
}

/** The tasks: as commands, by saved prompts, and several times. */
export function registerTasks({ commands, requests, usage, ...services }: TaskFeature): void {
  const taskCommands = lazy(async () => {
    const { TaskCommands } = await import('./taskCommands.ts');
    return new TaskCommands({ ...services, usage: await usage() });
  });
  const runTask = async (call: CommandCall, task: Task) => (await taskCommands()).run(task, call);
  for (const task of TASKS) commands.register(task, runTask);
  commands.register('runTask', async (call) => (await taskCommands()).choose(call));
  commands.register('runSavedPrompt', async (call) => {
    const { choosePrompt } = await import('../session/promptLibrary.ts');
    const prompt = await choosePrompt(call);
    if (prompt === undefined) return undefined;
    const { task, query, labels } = prompt;
    return runTask({ ...call, options: { ...call.options, query, labels } }, task);
  });
  requests.on('savePrompt', async (session, { run: id }) => {
    const run = session.runOf(id);
    if (run !== undefined) await (await import('../session/promptLibrary.ts')).savePrompt(run.task, run.prompt);
  });
  requests.on('repeat', async (session, { run }) => {
    const { repeatForUser } = await import('../session/repeatRun.ts');
    await repeatForUser(session, run, readSettings(session.uri).maxConcurrency);
  });
}

/** What is kept elsewhere: uploads with Google. */
export function registerUploads({ commands, tasks }: Pick<TaskFeature, 'commands' | 'tasks'>): void {
  commands.register('manageUploads', async ({ fromCode }) => (await import('./manageUploads.ts')).manageUploads(tasks.sender, fromCode));
}

/** Images that are not files of the explorer: in texts, and on the web. */
export function registerOtherImages({
  commands,
  files,
  editors,
  tasks,
}: {
  commands: CommandRegistry;
  files: VscodeImageFiles;
  editors: InspectorEditors;
  tasks: Tasks;
}): vscode.Disposable {
  commands.register('inspectUrl', (call) => inspectUrl(files, editors, call));
  const imagePaths = lazy(() => import('../editor/imagePathContext.ts'));
  const look = async () => (await imagePaths()).tellImagePath(vscode.window.visibleTextEditors);
  // VS Code waits for the start: what menus show of texts can follow it.
  setImmediate(look);
  const hovers = vscode.languages.registerHoverProvider(
    TEXT_LANGUAGES.map((language) => ({ language, scheme: 'file' })),
    { provideHover: async (...place) => (await import('./imageHover.ts')).imageHover(...place, tasks.rules.tokenBasis()) },
  );
  return vscode.Disposable.from(
    hovers,
    vscode.window.onDidChangeVisibleTextEditors(look),
    vscode.window.onDidChangeTextEditorVisibleRanges(look),
    vscode.workspace.onDidChangeTextDocument(
      ({ document }) => vscode.window.visibleTextEditors.some((editor) => editor.document === document) && look(),
    ),
  );
}

/** Fetches an image and resolves to its file. From code only public addresses, and no editor unless that is asked for. */
async function inspectUrl(files: VscodeImageFiles, editors: InspectorEditors, call: CommandCall): Promise<vscode.Uri | undefined> {
  const web = await files.web();
  if (call.fromCode && typeof call.options.url !== 'string') throw new InspectorError('noImage', t('No address was given.'));
  const uri = await (call.fromCode ? web.fetchGiven(call.options.url ?? '') : web.fetchTyped());
  if (uri !== undefined && (!call.fromCode || call.options.reveal === true)) await openInspector(editors, uri, { preview: false });
  return uri;
}
