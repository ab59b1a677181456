import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { redactSecret } from '../../core/failures/redactSecret.ts';
import { type Box, type Inspection, TASKS } from '../../core/inspection/inspection.ts';
import { vertexAt, vertexDestination } from '../../core/models/vertex.ts';
import { type RequestFacts, wireSize } from '../../core/request/buildRequest.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { touchedPixels } from '../../core/request/region.ts';
import { type GeminiRequest, type ImageSource, partsOf } from '../../core/request/request.ts';
import { makeSnippet } from '../../core/snippets/makeSnippet.ts';
import { SNIPPET_LANGUAGES, type SnippetImage, type SnippetLanguage } from '../../core/snippets/snippet.ts';
import { Job } from '../../engine/sending/job.ts';
import type { PreparedImage } from '../../engine/task/imagePreparer.ts';
import { callOfRun, type TaskInput } from '../../engine/task/taskCall.ts';
import { requestedResolution, requestFor } from '../../engine/task/taskPlanner.ts';
import { probe } from '../../imaging/formats/probe.ts';
import type { Prepared } from '../../imaging/pixels/prepare.ts';
import { isWholeFile } from '../../imaging/reading/body.ts';
import type { KeyStore } from '../base/keyStore.ts';
import { destination, GOOGLE_ADDRESS } from '../base/settings.ts';
import { taskTitle } from '../base/taskTitles.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { Tasks } from '../session/tasks.ts';

/** An image that a program is about: a file, or an address that the API fetches by itself. */
export type CodeImage = { file: vscode.Uri } | { url: string; seen?: { width: number; height: number; mimeType: string } };

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
      ({ uri, width, height, mimeType }): CodeImage =>
        /^https?:/.test(uri) ? { url: uri, seen: { width, height, mimeType } } : { file: vscode.Uri.parse(uri) },
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
    return run === undefined ? undefined : callOfRun(run);
  }

  async #sourceText(images: readonly CodeImage[], call: TaskInput, language: SnippetLanguage): Promise<string> {
    const [first] = images;
    const address = first !== undefined && 'file' in first ? first.file.toString() : undefined;
    const own = this.#tasks.rules.settingsFor(address);
    const { pointInAnswers = own.pointInAnswers } = address === undefined ? {} : this.#tasks.rules.sendOptionsFor(address);
    const settings = { ...own, pointInAnswers };
    // A size that is chosen is not asked about.
    const chosen = { ...call, options: { ...call.options, maxDimension: call.options.maxDimension ?? settings.maxDimension } };
    const { planned, past } = await this.#plan(images, chosen);
    const bodies = planned.map(({ body }) => body);
    const sources = planned.map(({ source }) => source);
    const built = requestFor(call, settings, bodies, past, new Date());
    const service = destination();
    const vertex = vertexAt(service);
    const request = withinLimit(
      withSources(built, (image) => sources[image]),
      vertex === undefined ? settings.inlineLimit : Number.POSITIVE_INFINITY,
    );
    const isGoogles = service === GOOGLE_ADDRESS || (vertex !== undefined && service === vertexDestination(vertex));
    const text = makeSnippet(language, {
      request,
      images: planned.map(({ image }) => image),
      ...(isGoogles ? {} : { baseUrl: vertex?.base ?? service }),
      ...(vertex === undefined ? {} : { vertex }),
    });
    return redactSecret(text, (await this.#keys.get()) ?? '');
  }

  async #plan(images: readonly CodeImage[], call: TaskInput): Promise<{ planned: Planned[]; past: Inspection[] }> {
    const job = new Job();
    const planner = await this.#tasks.planner();
    const [first, ...others] = images.flatMap((image) => ('file' in image ? [image.file.toString()] : []));
    if (first !== undefined && others.length === images.length - 1) {
      const { images: prepared, past } = await planner.gather(
        { ...call, images: [first, ...others] },
        { model: this.#modelOf(first, call), date: new Date() },
        job,
      );
      return { planned: await Promise.all(prepared.map((image) => this.#fileImage(call, image))), past };
    }
    const planned: Planned[] = [];
    for (const image of images) {
      if ('url' in image) planned.push(urlImage(image.url, image.seen));
      else planned.push(await this.#fileImage(call, await planner.preparer.prepare(image.file.toString(), call.options, job)));
    }
    return { planned, past: [] };
  }

  #modelOf(file: string, { options }: TaskInput): string {
    return options.model ?? this.#tasks.rules.settingsFor(file).model;
  }

  async #fileImage(call: TaskInput, { address, image, redactions }: PreparedImage): Promise<Planned> {
    const source = await this.#tasks.files.open(address);
    const { turned } = await probe(source);
    return {
      body: {
        mimeType: image.mimeType,
        bytes: image.body.size,
        mediaResolution: requestedResolution(call, this.#tasks.rules.settingsFor(address)),
      },
      image: {
        path: pathOf(vscode.Uri.parse(address)),
        fileType: image.sourceType,
        ...image.upright,
        turned,
        redactions: redactions.map((area) => touchedPixels(area, image.upright)),
        stripped: !isWholeFile(image.body, source.size),
        ...sentPart(image),
      },
      source: { kind: 'inline' },
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
  source: ImageSource;
}

function sentPart({ region, stored, upright }: Prepared): Pick<SnippetImage, 'crop' | 'scaled'> {
  const crop = region === undefined ? undefined : pixels(region, upright);
  const { width, height } = crop ?? upright;
  const isScaled = stored.width !== width || stored.height !== height;
  return { ...(crop === undefined ? {} : { crop }), ...(isScaled ? { scaled: stored } : {}) };
}

function pixels({ x, y, width, height }: Box, of: { width: number; height: number }): Box {
  const round = Math.round;
  return { x: round(x * of.width), y: round(y * of.height), width: round(width * of.width), height: round(height * of.height) };
}

/** An image that was never here has no size, and its type is known by its name alone. */
function urlImage(address: string, seen?: { width: number; height: number; mimeType: string }): Planned {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  const extension = /\.(\w+)$/.exec(url.pathname)?.[1]?.toLowerCase() ?? '';
  const { mimeType, width, height } = seen ?? { mimeType: URL_TYPES[extension] ?? 'image/jpeg', width: 0, height: 0 };
  const image = { path: '', fileType: mimeType, width, height, turned: false, redactions: [], stripped: false };
  return { body: { mimeType, bytes: 0 }, image, source: { kind: 'url', url: url.href } };
}

const URL_TYPES: Readonly<Record<string, string>> = { png: 'image/png', webp: 'image/webp', heic: 'image/heic', heif: 'image/heif' };

/** Relative to the workspace, in which the program is meant to be run, where it lies there. */
function pathOf(file: vscode.Uri): string {
  if (vscode.workspace.getWorkspaceFolder(file) !== undefined) return vscode.workspace.asRelativePath(file, false);
  return file.scheme === 'file' ? file.fsPath : file.path.slice(file.path.lastIndexOf('/') + 1);
}

/** The request with its largest images uploaded, as many as it takes to stay within the limit in bytes. */
function withinLimit(request: GeminiRequest, limit: number): GeminiRequest {
  if (wireSize(request) <= limit) return request;
  const inline = partsOf(request).filter((part) => part.kind === 'image' && part.source.kind === 'inline') as {
    image: number;
    bytes: number;
  }[];
  const [largest] = inline.sort((a, b) => b.bytes - a.bytes);
  if (largest === undefined) return request;
  return withinLimit(
    withSources(request, (image) => (image === largest.image ? { kind: 'file', uri: '' } : undefined)),
    limit,
  );
}

function withSources(request: GeminiRequest, sourceOf: (image: number) => ImageSource | undefined): GeminiRequest {
  return {
    ...request,
    turns: request.turns.map(({ role, parts }) => ({
      role,
      parts: parts.map((part) => (part.kind === 'image' ? { ...part, source: sourceOf(part.image) ?? part.source } : part)),
    })),
  };
}
