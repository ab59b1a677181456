import * as vscode from 'vscode';
import { type CommandCall, readArguments } from '../core/commandArguments.ts';
import { type FailureAction, InspectorError } from '../core/failure.ts';
import { type Inspection, TASKS, type Task } from '../core/inspection.ts';
import { t } from '../core/l10n.ts';
import type { TokenEstimate } from '../core/tokens.ts';
import type { RunningTask } from '../protocol.ts';
import { activeImage, noImage, pickImage, tooFewImages, toUri } from './activeImage.ts';
import type { CodeImage } from './copyAsCode.ts';
import { showFailure } from './failureMessages.ts';
import type { WebImages } from './fromUrl/webImages.ts';
import { openImage } from './imageFile.ts';
import { imageUnderCursor } from './imageInText.ts';
import type { TaskCall } from './inspect.ts';
import type { InspectorEditors } from './inspectorEditor.ts';
import { Job } from './job.ts';
import type { Sample } from './sample.ts';
import { taskTitle } from './taskTitles.ts';

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
    register('runTask', (call) => chooseTask(world, call)),
    register('countTokens', (call) => countTokens(world, call)),
    register('copyAsCode', (call) => copyAsCode(world, call)),
    register('inspectUrl', (call) => inspectUrl(world, call)),
    register('openSample', (call) => openSample(world, call)),
    register('export', async (call) => {
      const { uris } = await imagesOf(world, call);
      return uris.length === 0 ? undefined : world.exportResults(call, uris);
    }),
    ...TASKS.map((task) => register(task, (call) => runTask(world, task, call))),
    ...Object.entries(world.others).map(([id, run]) => register(id, run)),
  );
}

/** A call from code rejects on failure; a call from the user interface shows the message with its buttons and resolves to undefined. */
async function guarded(world: CommandWorld, call: CommandCall, run: (call: CommandCall) => Promise<unknown>): Promise<unknown> {
  try {
    return await run(call);
  } catch (error) {
    if (!(error instanceof InspectorError)) world.log.error(error instanceof Error ? error : String(error));
    if (call.fromCode) throw error;
    // Not awaited: the command has ended, whatever becomes of its message.
    void showFailure(error, ['setApiKey', 'getApiKey', 'selectModel', 'openLog', 'openSettings', 'openBudget']).then(
      (action) => action && world.act(action),
    );
    return undefined;
  }
}

/** The images of a call, and how their inspectors are opened. */
interface ChosenImages {
  uris: vscode.Uri[];
  show: vscode.TextDocumentShowOptions;
}

/**
 * The images a call is about: those it names, the one under the cursor of the text it names, the active one, or one that the user picks;
 * none only when the user picked none.
 */
async function imagesOf(world: CommandWorld, call: CommandCall): Promise<ChosenImages> {
  const [first, ...others] = call.uris.map(toUri);
  if (first === undefined) return { uris: await unnamedImages(call), show: {} };
  const inText = others.length === 0 ? imageUnderCursor(first) : undefined;
  if (inText !== undefined) {
    const uri = typeof inText === 'string' ? await fetchNamed(world, inText, call) : inText;
    return { uris: [uri], show: { viewColumn: vscode.ViewColumn.Beside } };
  }
  return { uris: [first, ...others], show: { preview: others.length === 0 } };
}

/** An image of the web that a text names. */
async function fetchNamed(world: CommandWorld, address: string, call: CommandCall): Promise<vscode.Uri> {
  const web = await world.web();
  return call.fromCode ? web.fetchGiven(address) : web.fetchNamed(address);
}

async function unnamedImages(call: CommandCall): Promise<vscode.Uri[]> {
  const active = activeImage();
  if (active !== undefined) return [active];
  if (call.fromCode) throw noImage();
  const picked = await pickImage();
  return picked === undefined ? [] : [picked];
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

async function openInspector(world: CommandWorld, uri: vscode.Uri, show: vscode.TextDocumentShowOptions) {
  await assertFile(uri);
  const session = await world.editors.open(uri, show);
  if (session === undefined) throw new InspectorError('unreadableImage', t('The inspector could not open this file.'));
  return session;
}

/** A folder may be named like an image, and a file may be gone by now; no editor can show either. */
async function assertFile(uri: vscode.Uri): Promise<void> {
  await openImage(uri);
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

async function chooseTask(world: CommandWorld, call: CommandCall): Promise<unknown> {
  const items = TASKS.filter((task) => task !== 'compare').map((task) => ({ label: taskTitle(task), task }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Run Task') });
  return chosen === undefined ? undefined : runTask(world, chosen.task, call);
}

async function runTask(world: CommandWorld, task: Task, call: CommandCall): Promise<Inspection | Inspection[] | undefined> {
  const { uris, show } = await imagesOf(world, call);
  const [first, ...others] = uris;
  if (first === undefined) return undefined;
  const { options } = call;
  if (task === 'compare') {
    if (others.length === 0) throw tooFewImages();
    return runOne(world, { task, uris: [first, ...others], query: words(options.query), options }, call, show);
  }
  const needsWords = !call.fromCode && (task === 'ask' || task === 'classify');
  if (needsWords && others.length === 0) {
    (await openInspector(world, first, show)).draft(task, '');
    return undefined;
  }
  const query = needsWords ? await askForWords(task, uris.length) : words(options.query, task === 'ask' ? t('What is in this image?') : '');
  if (query === undefined) return undefined;
  const taskCall = (uri: vscode.Uri): TaskCall => ({ task, uris: [uri], query, options });
  return others.length > 0 ? runMany(world, uris.map(taskCall), call) : runOne(world, taskCall(first), call, show);
}

/** The words of a call from code, which may hold anything. */
function words(query: unknown, otherwise = ''): string {
  return typeof query === 'string' && query.trim() !== '' ? query : otherwise;
}

/** Asks for the words of a task on several images; undefined when the user gave up. */
function askForWords(task: Task, images: number): Thenable<string | undefined> {
  return task === 'ask'
    ? vscode.window.showInputBox({
        title: taskTitle(task),
        prompt: t('A question about each of {0} images', images),
        validateInput: (value) => (value.trim() === '' ? t('A question needs words.') : undefined),
      })
    : vscode.window.showInputBox({ title: taskTitle(task), prompt: t('Labels, separated by commas (optional)') });
}

/** One request, in the inspector where there is someone to look at it. */
function runOne(
  world: CommandWorld,
  taskCall: TaskCall,
  call: CommandCall,
  show: vscode.TextDocumentShowOptions,
): Promise<Inspection | undefined> {
  if (!call.fromCode || call.options.reveal === true) return runInInspector(world, taskCall, call, show);
  return world.inspect(taskCall, new Job(), () => undefined);
}

/** In the inspector, which shows the course and any failure. A call from the user interface then resolves to undefined. */
async function runInInspector(
  world: CommandWorld,
  { task, uris, query, options }: TaskCall,
  call: CommandCall,
  show: vscode.TextDocumentShowOptions,
): Promise<Inspection | undefined> {
  const [first, ...others] = uris;
  const session = await openInspector(world, first, show);
  if (call.fromCode) return session.run(task, query, options, others);
  return session.runAttended(task, query, options, others).catch(() => undefined);
}

/** One task on several images, some at a time, asked about once; all are tried even when one fails. */
async function runMany(world: CommandWorld, calls: readonly TaskCall[], call: CommandCall): Promise<Inspection[]> {
  const job = new Job(calls.length);
  job.imageTokens = sumOfTokens(world, calls);
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: world.maxConcurrency() });
  let done = 0;
  const failed: unknown[] = [];
  const runAll = (progress?: vscode.Progress<{ message: string; increment?: number }>) =>
    Promise.all(
      calls.map((taskCall) =>
        queue.add(async () => {
          try {
            job.throwIfCancelled();
            return await world.inspect(taskCall, job, ({ phase, retry }) => {
              if (phase === 'retrying' && retry !== undefined) progress?.report({ message: waitText(retry) });
            });
          } catch (error) {
            failed.push(error);
            return undefined;
          } finally {
            done += 1;
            progress?.report({ message: t('{0} of {1} images', done, calls.length), increment: 100 / calls.length });
          }
        }),
      ),
    );
  const title = taskTitle(calls[0]?.task ?? 'caption');
  const results = call.fromCode
    ? await runAll()
    : await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
        token.onCancellationRequested(() => job.cancel());
        return runAll(progress);
      });
  const inspections = results.filter((result) => result !== undefined);
  if (!call.fromCode || call.options.reveal === true) {
    for (const [index, { uris }] of calls.entries())
      if (results[index] !== undefined) await openInspector(world, uris[0], { preview: false });
  }
  if (failed.length > 0) throw manyFailed(failed, calls.length);
  return inspections;
}

function waitText({ from, until, attempt, attempts }: NonNullable<RunningTask['retry']>): string {
  return t('Waiting {0} s · attempt {1} of {2}', Math.ceil((until - from) / 1000), attempt, attempts);
}

/** From the headers; undefined when one of them cannot be read. */
async function sumOfTokens(world: CommandWorld, calls: readonly TaskCall[]): Promise<number | undefined> {
  const all = await Promise.all(calls.map(({ uris: [uri], options }) => world.estimate(uri, options).catch(() => undefined)));
  return all.reduce((sum: number | undefined, one) => (sum === undefined || one === undefined ? undefined : sum + one.tokens), 0);
}

/** The first failure, with the count of all; the results of the others are kept and shown. */
function manyFailed(failed: readonly unknown[], of: number): unknown {
  const [first] = failed;
  if (!(first instanceof InspectorError) || of === 1) return first;
  if (first.reason === 'cancelled' || first.reason === 'notConfirmed') return first;
  return new InspectorError(first.reason, t('{0} of {1} images failed. The first: {2}', failed.length, of, first.message), {
    detail: first.detail,
    actions: first.actions,
  });
}
