import * as vscode from 'vscode';
import { type FailureAction, InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { type Inspection, TASKS } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import { notAnId } from '../../core/models/modelId.ts';
import { type CommandCall, type CommandOptions, readArguments } from '../../core/request/commandArguments.ts';
import type { SavedPrompt } from '../../core/request/savedPrompts.ts';
import { MEDIA_RESOLUTIONS, type TokenEstimate } from '../../core/usage/tokens.ts';
import type { Job } from '../../engine/sending/job.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { Sample } from '../editor/sample.ts';
import type { CodeImage } from '../export/copyAsCode.ts';
import { imagesOf, openInspector } from './commandImages.ts';
import { forCallers, showFailure } from './failureMessages.ts';
import type { WebImages } from './webImages.ts';

/** What the commands need. */
export interface CommandWorld {
  editors: InspectorEditors;
  inspect: (call: TaskCall, job: Job, onProgress: (running: RunningTask) => void) => Promise<Inspection>;
  maxConcurrency: () => number;
  sample: Sample;
  web: () => Promise<WebImages>;
  /** Writes results as files; undefined if the user called it off. */
  exportResults: (call: CommandCall, uris: readonly vscode.Uri[]) => Promise<vscode.Uri[] | undefined>;
  /** Image tokens, from the header. */
  estimate: (uri: vscode.Uri, options: TaskCall['options']) => Promise<TokenEstimate>;
  /** The tokens of images by the API's own count: of several, their sum. */
  countTokens: (uris: readonly vscode.Uri[], call: CommandCall) => Promise<number>;
  /** A request as source text; see copyAsCode. */
  copyAsCode: (images: readonly CodeImage[], call: CommandCall) => Promise<string | undefined>;
  /** The saved prompt that a call names, or that the user picks and, if it comes from the workspace, agrees to. */
  choosePrompt: (call: CommandCall) => Promise<SavedPrompt | undefined>;
  /** The lists of labels used in this workspace, the latest first. */
  labelLists: () => readonly string[];
  /** Does what the button of a message says. */
  act: (action: FailureAction) => Promise<void>;
  /** The commands that take no image. */
  others: Readonly<Record<string, (call: CommandCall) => Promise<unknown>>>;
  log: vscode.LogOutputChannel;
}

/** Registers every command of the extension; each goes through the one failure wrapper. */
export function registerCommands(world: CommandWorld): vscode.Disposable {
  const register = (id: string, run: (call: CommandCall) => Promise<unknown>) =>
    vscode.commands.registerCommand(`imageInspector.${id}`, (...args: unknown[]) => guarded(world, readArguments(args), run));
  return vscode.Disposable.from(
    register('open', (call) => openImages(world, call)),
    register('runTask', async (call) => (await import('./taskCommands.ts')).chooseTask(world, call)),
    register('countTokens', (call) => countTokens(world, call)),
    register('copyAsCode', (call) => copyAsCode(world, call)),
    register('inspectUrl', (call) => inspectUrl(world, call)),
    register('openSample', (call) => openSample(world, call)),
    register('export', async (call) => {
      const { uris } = await imagesOf(world, call);
      return uris.length === 0 ? undefined : world.exportResults(call, uris);
    }),
    ...TASKS.map((task) => register(task, async (call) => (await import('./taskCommands.ts')).runTask(world, task, call))),
    register('runSavedPrompt', (call) => runSavedPrompt(world, call)),
    ...Object.entries(world.others).map(([id, run]) => register(id, run)),
  );
}

/** A call from code rejects on failure, with an InspectorError that says all of it in its message, as text; a call from the user interface shows the message with its buttons and resolves to undefined. */
async function guarded(world: CommandWorld, call: CommandCall, run: (call: CommandCall) => Promise<unknown>): Promise<unknown> {
  try {
    assertKnown(call.options);
    return await run(call);
  } catch (error) {
    if (!(error instanceof InspectorError)) world.log.error(error instanceof Error ? error : String(error));
    if (call.fromCode) throw forCallers(error);
    // Not awaited: the command has ended, whatever becomes of its message.
    void showFailure(error, ['setApiKey', 'getApiKey', 'selectModel', 'openLog', 'openSettings', 'openBudget']).then(
      (action) => action && world.act(action),
    );
    return undefined;
  }
}

/** What a call names wrongly is no wish for the default: nothing is sent. */
function assertKnown({ model = '', mediaResolution = 'default' }: CommandOptions): void {
  if (typeof model !== 'string') throw notAnId(String(model));
  if (!MEDIA_RESOLUTIONS.some((known) => known === mediaResolution))
    throw new InspectorError('server', t('"{0}" is none of these: {1}.', String(mediaResolution), MEDIA_RESOLUTIONS.join(', ')));
}

async function openImages(world: CommandWorld, call: CommandCall): Promise<void> {
  const { uris, show } = await imagesOf(world, call);
  for (const uri of uris) await openInspector(world, uri, show);
}

/** Shows the sample. From code it opens no editor unless that is asked for. */
async function openSample(world: CommandWorld, call: CommandCall): Promise<Inspection | undefined> {
  const inspection = (await world.sample.inspections()).at(-1);
  if (inspection !== undefined && (!call.fromCode || call.options.reveal === true)) {
    (await openInspector(world, world.sample.uri, {})).show(inspection.id);
  }
  return inspection;
}

/** Fetches an image and resolves to its file. From code only public addresses, and no editor unless that is asked for. */
async function inspectUrl(world: CommandWorld, call: CommandCall): Promise<vscode.Uri | undefined> {
  const web = await world.web();
  if (call.fromCode && typeof call.options.url !== 'string') throw new InspectorError('noImage', t('No address was given.'));
  const uri = await (call.fromCode ? web.fetchGiven(call.options.url ?? '') : web.fetchTyped());
  if (uri !== undefined && (!call.fromCode || call.options.reveal === true)) await openInspector(world, uri, { preview: false });
  return uri;
}

async function countTokens(world: CommandWorld, call: CommandCall): Promise<number | undefined> {
  const { uris } = await imagesOf(world, call);
  return uris.length === 0 ? undefined : world.countTokens(uris, call);
}

/** Of an image on the web nothing is fetched. */
async function copyAsCode(world: CommandWorld, call: CommandCall): Promise<string | undefined> {
  const { uri } = call.options;
  if (typeof uri === 'string' && /^https?:\/\//i.test(uri)) return world.copyAsCode([{ url: uri }], call);
  const { uris } = await imagesOf(world, call);
  return uris.length === 0
    ? undefined
    : world.copyAsCode(
        uris.map((file) => ({ file })),
        call,
      );
}

async function runSavedPrompt(world: CommandWorld, call: CommandCall): Promise<unknown> {
  const prompt = await world.choosePrompt(call);
  if (prompt === undefined) return undefined;
  const { task, query, labels } = prompt;
  const { runTask } = await import('./taskCommands.ts');
  return runTask(world, task, { ...call, options: { ...call.options, query, labels } });
}
