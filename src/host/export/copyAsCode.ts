import * as vscode from 'vscode';
import { nameOfAddress } from '../../core/base/addresses.ts';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { redactSecret } from '../../core/failures/redactSecret.ts';
import { type InspectedImage, type Inspection, TASKS, wasAsked } from '../../core/inspection/inspection.ts';
import { vertexAt, vertexDestination } from '../../core/models/vertex.ts';
import type { RequestFacts } from '../../core/request/buildRequest.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { planTransfer } from '../../core/request/transfer.ts';
import { makeSnippet } from '../../core/snippets/makeSnippet.ts';
import { SNIPPET_LANGUAGES, type SnippetFacts, type SnippetImage, type SnippetLanguage } from '../../core/snippets/snippet.ts';
import { GOOGLE_ADDRESS } from '../../engine/sending/geminiAddress.ts';
import { Job } from '../../engine/sending/job.ts';
import type { PreparedImage } from '../../engine/task/imagePreparer.ts';
import { programImage, programOf, sentPart } from '../../engine/task/program.ts';
import { callOfRun, type TaskCall, type TaskInput } from '../../engine/task/taskCall.ts';
import { type PlannedTask, requestedResolution, requestFor, speedFor, type TaskPlanner } from '../../engine/task/taskPlanner.ts';
import { destination } from '../base/destination.ts';
import type { KeyStore } from '../base/keyStore.ts';
import { taskTitle } from '../base/taskTitles.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { Tasks } from '../session/tasks.ts';

/** An image that a program is about: a file, or an address that the API fetches by itself. */
export type CodeImage = { file: vscode.Uri } | { url: string; seen?: SeenImage };

/** An image of the web as it was when it was sent. */
type SeenImage = Pick<InspectedImage, 'width' | 'height' | 'mimeType' | 'sent'>;

/** Writes requests as programs. Nothing is sent. */
export class RequestCopier {
  readonly #tasks: Tasks;
  /** The key in use is kept out of the text even where the user wrote it into a prompt. */
  readonly #keys: Pick<KeyStore, 'get'>;
  readonly #editors: Pick<InspectorEditors, 'sessionOf'>;

  constructor(tasks: Tasks, keys: Pick<KeyStore, 'get'>, editors: Pick<InspectorEditors, 'sessionOf'>) {
    this.#tasks = tasks;
    this.#keys = keys;
    this.#editors = editors;
  }

  /**
   * A request as source text: of the task that the call names, else of the run that is shown, else of one that the user picks. A call from the user interface
   * asks for the language, puts the text on the clipboard and offers to open it. Several images go into one request.
   */
  async copy(images: readonly CodeImage[], call: CommandCall): Promise<string | undefined> {
    const what = call.fromCode ? codeCall(call) : ((await this.#shownCall(images)) ?? (await pickCall(images.length)));
    if (what === undefined) return undefined;
    if (call.fromCode) return this.#sourceText(images, what, oneOf(SNIPPET_LANGUAGES, call.options.language ?? 'python'));
    return this.#copyToClipboard(images, what);
  }

  /** The request of a run, for the menu of that run. */
  async copyRun(run: Inspection): Promise<void> {
    const images = run.images.map(
      ({ uri, ...seen }): CodeImage => (/^https?:/.test(uri) ? { url: uri, seen } : { file: vscode.Uri.parse(uri) }),
    );
    await this.#copyToClipboard(images, callOfRun(run));
  }

  async #copyToClipboard(images: readonly CodeImage[], what: TaskInput): Promise<string | undefined> {
    const items = SNIPPET_LANGUAGES.map((language) => ({
      label: LANGUAGES[language].name,
      description: LANGUAGES[language].library,
      language,
    }));
    const chosen = await vscode.window.showQuickPick(items, { title: t('Copy as Code') });
    if (chosen === undefined) return undefined;
    const text = await this.#sourceText(images, what, chosen.language);
    await vscode.env.clipboard.writeText(text);
    void vscode.window.showInformationMessage(t('Copied.'), t('Open in Editor')).then(async (open) => {
      if (open === undefined) return;
      const document = await vscode.workspace.openTextDocument({ content: text, language: LANGUAGES[chosen.language].id });
      await vscode.window.showTextDocument(document);
    });
    return text;
  }

  async #shownCall([image, ...others]: readonly CodeImage[]): Promise<TaskInput | undefined> {
    if (image === undefined || others.length > 0 || 'url' in image) return undefined;
    const run = this.#shownRun(image.file);
    return run === undefined || !wasAsked(run) ? undefined : callOfRun(run);
  }

  async #sourceText(images: readonly CodeImage[], call: TaskInput, language: SnippetLanguage): Promise<string> {
    const address = destination();
    const vertex = vertexAt(address);
    const isGoogles = address === GOOGLE_ADDRESS || (vertex !== undefined && address === vertexDestination(vertex));
    const text = makeSnippet(language, {
      ...(await this.#program(images, call, vertex === undefined)),
      ...(isGoogles ? {} : { baseUrl: vertex?.base ?? address }),
      ...(vertex === undefined ? {} : { vertex }),
    });
    return redactSecret(text, (await this.#keys.get()) ?? '');
  }

  async #program(images: readonly CodeImage[], call: TaskInput, uploads: boolean): Promise<Pick<SnippetFacts, 'request' | 'images'>> {
    const planner = await this.#tasks.planner();
    const { files, rules } = this.#tasks;
    const [first, ...others] = images.flatMap((image) => ('file' in image ? [image.file.toString()] : []));
    const settings = rules.settingsFor(images[0] !== undefined && 'file' in images[0] ? first : undefined);
    const limit = uploads ? settings.inlineLimit : Number.POSITIVE_INFINITY;
    if (first !== undefined && others.length === images.length - 1) {
      const planned = await planAnySize(planner, { ...call, images: [first, ...others] }, settings.maxDimension);
      return programOf(planned, { files, pathOf, limit });
    }
    const job = new Job();
    const planned: Planned[] = [];
    for (const image of images) {
      if ('url' in image) planned.push(urlImage(image.url, call, image.seen));
      else planned.push(await this.#fileImage(call, await planner.preparer.prepare(image.file.toString(), call.options, job)));
    }
    const bodies = planned.map(({ body }) => body);
    const speed = speedFor(call.options.speed, settings.speed, rules.tokenBasis().backend);
    const request = requestFor(call, settings, bodies, [], new Date(), speed);
    return { request: planTransfer(request, limit, new Map()).request, images: planned.map(({ image }) => image) };
  }

  async #fileImage(call: TaskInput, prepared: PreparedImage): Promise<Planned> {
    const { address, image } = prepared;
    const mediaResolution = requestedResolution(call, this.#tasks.rules.settingsFor(address));
    return {
      body: { mimeType: image.mimeType, bytes: image.body.size, mediaResolution },
      image: await programImage(prepared, this.#tasks.files, pathOf(address)),
    };
  }

  /** The run that an inspector shows of a file. */
  #shownRun(file: vscode.Uri): Inspection | undefined {
    const { runs, shown } = this.#editors.sessionOf(file)?.state ?? { runs: [] };
    return runs.find(({ id }) => id === shown);
  }
}

/** Proper names, and what VS Code calls the language. */
const LANGUAGES: Readonly<Record<SnippetLanguage, { name: string; library: string; id: string }>> = {
  python: { name: 'Python', library: 'google-genai', id: 'python' },
  javascript: { name: 'JavaScript', library: '@google/genai', id: 'javascript' },
  go: { name: 'Go', library: 'google.golang.org/genai', id: 'go' },
  shell: { name: 'Shell', library: 'curl', id: 'shellscript' },
};

function codeCall({ options }: CommandCall): TaskInput {
  return { task: oneOf(TASKS, options.task ?? 'caption'), query: typeof options.query === 'string' ? options.query : '', options };
}

async function pickCall(images: number): Promise<TaskInput | undefined> {
  const items = TASKS.filter((task) => task !== 'compare' || images > 1).map((task) => ({ label: taskTitle(task), task }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Copy as Code') });
  return chosen === undefined ? undefined : { task: chosen.task, query: '', options: {} };
}

function oneOf<Value extends string>(values: readonly Value[], wanted: string): Value {
  const found = values.find((value) => value === wanted);
  if (found === undefined) throw new InspectorError('server', t('"{0}" is none of these: {1}.', wanted, values.join(', ')));
  return found;
}

/** An image of a program. */
interface Planned {
  body: RequestFacts['images'][number];
  image: SnippetImage;
}

/** Plans a task; what is very large as it is, without asking for its size. */
async function planAnySize(planner: TaskPlanner, call: TaskCall, maxDimension: number): Promise<PlannedTask> {
  const job = new Job();
  try {
    return await planner.plan(call, job);
  } catch (error) {
    if (!(error instanceof InspectorError && error.actions.includes('sendSmaller'))) throw error;
    return planner.plan({ ...call, options: { ...call.options, maxDimension } }, job);
  }
}

/** An image that was never here has no size, and its type is known by its name alone. One that was not sent whole must not be named by its address. */
function urlImage(address: string, { options }: TaskInput, seen?: SeenImage): Planned {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  const extension = /\.(\w+)$/.exec(url.pathname)?.[1]?.toLowerCase() ?? '';
  const { mimeType, width, height } = seen ?? { mimeType: URL_TYPES[extension] ?? 'image/jpeg', width: 0, height: 0 };
  const image = { path: '', fileType: mimeType, width, height, turned: false, redactions: [], stripped: false };
  if (seen === undefined || (options.region === undefined && (options.redactions ?? []).length === 0)) {
    return { body: { mimeType, bytes: 0, source: { kind: 'url', url: url.href } }, image };
  }
  const { sent = { ...seen, bytes: 0 } } = seen;
  const part = { stored: sent, upright: { width, height }, ...(options.region === undefined ? {} : { region: options.region }) };
  return {
    body: { mimeType: sent.mimeType, bytes: sent.bytes },
    image: { ...image, path: nameOfAddress(url.href), origin: url.href, ...sentPart(part, options.redactions ?? []) },
  };
}

const URL_TYPES: Readonly<Record<string, string>> = { png: 'image/png', webp: 'image/webp', heic: 'image/heic', heif: 'image/heif' };

/** Relative to the workspace, in which the program is meant to be run, where it lies there. */
function pathOf(address: string): string {
  const file = vscode.Uri.parse(address);
  if (vscode.workspace.getWorkspaceFolder(file) !== undefined) return vscode.workspace.asRelativePath(file, false);
  return file.scheme === 'file' ? file.fsPath : file.path.slice(file.path.lastIndexOf('/') + 1);
}
