import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { withoutSecret } from '../../core/failures/withoutSecret.ts';
import { type Box, type Inspection, TASKS } from '../../core/inspection/inspection.ts';
import { vertexAt, vertexDestination } from '../../core/models/vertex.ts';
import { type RequestFacts, wireSize } from '../../core/request/buildRequest.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { touchedPixels } from '../../core/request/region.ts';
import { type GeminiRequest, type ImageSource, partsOf } from '../../core/request/request.ts';
import { makeSnippet } from '../../core/snippets/makeSnippet.ts';
import { SNIPPET_LANGUAGES, type SnippetImage, type SnippetLanguage } from '../../core/snippets/snippet.ts';
import { Job } from '../../engine/sending/job.ts';
import { gather, requestFor, resolutionOf } from '../../engine/task/planTask.ts';
import { type PreparedImage, prepareImage } from '../../engine/task/prepareImages.ts';
import type { InspectWorld, TaskCall } from '../../engine/task/taskCall.ts';
import { probe } from '../../imaging/headers/probe.ts';
import type { Prepared } from '../../imaging/pixels/prepare.ts';
import { isWholeFile } from '../../imaging/reading/body.ts';
import { openImage } from '../base/imageFile.ts';
import { GOOGLE_ADDRESS } from '../base/settings.ts';
import { taskTitle } from '../base/taskTitles.ts';

/** What copying as code needs. Nothing is sent. */
export interface CodeWorld extends Pick<InspectWorld, 'settings' | 'isExcluded' | 'wishOf' | 'images' | 'originOf' | 'fileOf' | 'store'> {
  destination: () => string;
  /** The key in use, so that it can be kept out of the text even where the user wrote it into a prompt. */
  key: () => Promise<string | undefined>;
  /** The run that an inspector shows of a file. */
  shownRun: (file: vscode.Uri) => Inspection | undefined;
}

/** An image that a program is about: a file, or an address that the API fetches by itself. */
export type CodeImage = { file: vscode.Uri } | { url: string; seen?: { width: number; height: number; mimeType: string } };

/** What a program does. */
type CodeCall = Pick<TaskCall, 'task' | 'query' | 'options'>;

/**
 * A request as source text: of the task that the call names, else of the run that is shown, else of one that the user picks. A call from the user interface
 * asks for the language, puts the text on the clipboard and offers to open it. Several images go into one request.
 */
export async function copyAsCode(world: CodeWorld, images: readonly CodeImage[], call: CommandCall): Promise<string | undefined> {
  const what = call.fromCode ? codeCall(call) : ((await shownCall(world, images)) ?? (await pickCall(images.length)));
  if (what === undefined) return undefined;
  if (call.fromCode) return sourceText(world, images, what, oneOf(SNIPPET_LANGUAGES, call.options.language ?? 'python'));
  return copyToClipboard(world, images, what);
}

/** The request of a run, for the menu of that run. */
export async function copyRunAsCode(world: CodeWorld, run: Inspection): Promise<void> {
  const images = run.images.map(
    ({ uri, width, height, mimeType }): CodeImage =>
      /^https?:/.test(uri) ? { url: uri, seen: { width, height, mimeType } } : { file: vscode.Uri.parse(uri) },
  );
  await copyToClipboard(world, images, callOf(run));
}

async function copyToClipboard(world: CodeWorld, images: readonly CodeImage[], what: CodeCall): Promise<string | undefined> {
  const items = SNIPPET_LANGUAGES.map((language) => ({
    label: LANGUAGES[language].name,
    description: LANGUAGES[language].library,
    language,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Copy as Code') });
  if (chosen === undefined) return undefined;
  const text = await sourceText(world, images, what, chosen.language);
  await vscode.env.clipboard.writeText(text);
  void vscode.window.showInformationMessage(t('Copied.'), t('Open in Editor')).then(async (open) => {
    if (open === undefined) return;
    const document = await vscode.workspace.openTextDocument({ content: text, language: LANGUAGES[chosen.language].id });
    await vscode.window.showTextDocument(document);
  });
  return text;
}

/** Proper names, and what VS Code calls the language. */
const LANGUAGES: Readonly<Record<SnippetLanguage, { name: string; library: string; id: string }>> = {
  python: { name: 'Python', library: 'google-genai', id: 'python' },
  javascript: { name: 'JavaScript', library: '@google/genai', id: 'javascript' },
  go: { name: 'Go', library: 'google.golang.org/genai', id: 'go' },
  shell: { name: 'Shell', library: 'curl', id: 'shellscript' },
};

function codeCall({ options }: CommandCall): CodeCall {
  return { task: oneOf(TASKS, options.task ?? 'caption'), query: typeof options.query === 'string' ? options.query : '', options };
}

async function shownCall(world: CodeWorld, [image, ...others]: readonly CodeImage[]): Promise<CodeCall | undefined> {
  if (image === undefined || others.length > 0 || 'url' in image) return undefined;
  const run = world.shownRun(image.file);
  return run === undefined ? undefined : callOf(run);
}

/** What a run asked for. Its resolution and language are those of the settings, as is its size where it was not made smaller. */
export function callOf({ task, prompt, model, follows, images: [image] }: Inspection): CodeCall {
  const { region, redactions }: Partial<Inspection['images'][number]['sent']> = image?.sent ?? {};
  const whole = image === undefined ? 0 : Math.max(image.width * (region?.width ?? 1), image.height * (region?.height ?? 1));
  const sent = image === undefined ? 0 : Math.max(image.sent.width, image.sent.height);
  const options = {
    model,
    maxDimension: sent < Math.floor(whole) ? sent : 0,
    ...(region === undefined ? {} : { region }),
    ...(redactions === undefined ? {} : { redactions }),
    ...(follows === undefined ? {} : { follow: follows }),
  };
  return { task, query: prompt, options };
}

async function pickCall(images: number): Promise<CodeCall | undefined> {
  const items = TASKS.filter((task) => task !== 'compare' || images > 1).map((task) => ({ label: taskTitle(task), task }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Copy as Code') });
  return chosen === undefined ? undefined : { task: chosen.task, query: '', options: {} };
}

function oneOf<Value extends string>(values: readonly Value[], wanted: string): Value {
  const found = values.find((value) => value === wanted);
  if (found === undefined) throw new InspectorError('server', t('"{0}" is none of these: {1}.', wanted, values.join(', ')));
  return found;
}

async function sourceText(world: CodeWorld, images: readonly CodeImage[], call: CodeCall, language: SnippetLanguage): Promise<string> {
  const [first] = images;
  const settings = world.settings(first !== undefined && 'file' in first ? first.file : undefined);
  // A size that is chosen is not asked about.
  const chosen = { ...call, options: { ...call.options, maxDimension: call.options.maxDimension ?? settings.maxDimension } };
  const { planned, past } = await plan(world, images, chosen);
  const bodies = planned.map(({ body }) => body);
  const sources = planned.map(({ source }) => source);
  const built = requestFor(call, settings, bodies, past, new Date());
  const destination = world.destination();
  const vertex = vertexAt(destination);
  const request = withinLimit(
    withSources(built, (image) => sources[image]),
    vertex === undefined ? settings.inlineLimit : Number.POSITIVE_INFINITY,
  );
  const isGoogles = destination === GOOGLE_ADDRESS || (vertex !== undefined && destination === vertexDestination(vertex));
  const text = makeSnippet(language, {
    request,
    images: planned.map(({ image }) => image),
    ...(isGoogles ? {} : { baseUrl: vertex?.base ?? destination }),
    ...(vertex === undefined ? {} : { vertex }),
  });
  return withoutSecret(text, (await world.key()) ?? '');
}

/** An image of a program. */
interface Planned {
  body: RequestFacts['images'][number];
  image: SnippetImage;
  source: ImageSource;
}

async function plan(world: CodeWorld, images: readonly CodeImage[], call: CodeCall): Promise<{ planned: Planned[]; past: Inspection[] }> {
  const job = new Job();
  const [first, ...others] = images.flatMap((image) => ('file' in image ? [image.file] : []));
  if (first !== undefined && others.length === images.length - 1) {
    const asked = { model: modelOf(world, first, call), date: new Date() };
    const { images: prepared, past } = await gather(world, { ...call, uris: [first, ...others] }, asked, job);
    return { planned: await Promise.all(prepared.map((image) => fileImage(world, call, image))), past };
  }
  const planned: Planned[] = [];
  for (const image of images) {
    if ('url' in image) planned.push(urlImage(image.url, image.seen));
    else planned.push(await fileImage(world, call, await prepareImage(world, image.file, call.options, job)));
  }
  return { planned, past: [] };
}

function modelOf(world: CodeWorld, file: vscode.Uri, { options }: CodeCall): string {
  return options.model ?? world.settings(file).model;
}

async function fileImage(world: CodeWorld, call: CodeCall, { uri, image, redactions }: PreparedImage): Promise<Planned> {
  const source = await openImage(uri);
  const { turned } = await probe(source);
  return {
    body: { mimeType: image.mimeType, bytes: image.body.size, mediaResolution: resolutionOf(call, world.settings(uri)) },
    image: {
      path: pathOf(uri),
      fileType: image.sourceType,
      ...image.upright,
      turned,
      redactions: redactions.map((area) => touchedPixels(area, image.upright)),
      bared: !isWholeFile(image.body, source.size),
      ...sentPart(image),
    },
    source: { kind: 'inline' },
  };
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

/** An image that was never here has no size, and its type is told by its name alone. */
function urlImage(address: string, seen?: { width: number; height: number; mimeType: string }): Planned {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  const extension = /\.(\w+)$/.exec(url.pathname)?.[1]?.toLowerCase() ?? '';
  const { mimeType, width, height } = seen ?? { mimeType: URL_TYPES[extension] ?? 'image/jpeg', width: 0, height: 0 };
  const image = { path: '', fileType: mimeType, width, height, turned: false, redactions: [], bared: false };
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
