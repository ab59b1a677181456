import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { buildRequest, heldResolutions, type RequestFacts } from '../core/buildRequest.ts';
import { calibrated, calibrationKey } from '../core/calibration.ts';
import type { CommandOptions } from '../core/commandArguments.ts';
import { InspectorError, tooMany } from '../core/failure.ts';
import { replyFailure } from '../core/geminiFailure.ts';
import type { InspectedImage, Inspection, Task } from '../core/inspection.ts';
import { t } from '../core/l10n.ts';
import { readLabelList, uniqueLabels } from '../core/labelList.ts';
import { makeInspection } from '../core/makeInspection.ts';
import { modelInfo } from '../core/models.ts';
import { allAreas } from '../core/region.ts';
import type { DetectionContext, DetectionContexts } from '../core/reply/detections.ts';
import { type GeminiReply, type GeminiRequest, type ImageSource, partsOf } from '../core/request.ts';
import { pastOf, threadTo } from '../core/thread.ts';
import type { TokenBasis } from '../core/tokenChoices.ts';
import { estimateImageTokens, estimateTextTokens, MEDIA_RESOLUTIONS, type MediaResolution, type TokenEstimate } from '../core/tokens.ts';
import type { ImageWorker } from '../imaging/imageWorker.ts';
import type { RunningTask } from '../protocol.ts';
import { tooFewImages } from './activeImage.ts';
import { sourceOf } from './fromUrl/byAddress.ts';
import type { WebOrigin } from './fromUrl/fetchedImages.ts';
import { nameOf } from './imageFile.ts';
import type { InspectionStore } from './inspectionStore.ts';
import type { Job } from './job.ts';
import { inspectedImage, type PreparedImage, prepareImage } from './prepareImages.ts';
import { ReplyFollower } from './replyFollower.ts';
import type { Sender } from './sender.ts';
import type { SendWish } from './sendWishes.ts';
import type { Settings } from './settings.ts';

/** A task on one image, or one request about several. */
export interface TaskCall {
  task: Task;
  /** In the order sent. */
  uris: readonly [vscode.Uri, ...vscode.Uri[]];
  query: string;
  options: Pick<CommandOptions, 'model' | 'mediaResolution' | 'via' | 'region' | 'redactions' | 'maxDimension' | 'labels' | 'follow'>;
}

/** What running a task needs. */
export interface InspectWorld {
  settings: (uri?: vscode.Uri) => Settings;
  isExcluded: (uri: string) => Promise<boolean>;
  images: Pick<ImageWorker, 'prepare'>;
  sender: Sender;
  /** What the user wants of an image whenever it is sent. */
  wishOf: (uri: vscode.Uri) => SendWish;
  store: InspectionStore;
  /** Where the image of a file was fetched from, if it was. */
  originOf: (uri: vscode.Uri) => Promise<WebOrigin | undefined>;
  /** The file of an image that an inspection names. */
  fileOf: (address: string) => vscode.Uri;
  /** True if the server of an address is on the public internet, for all that is known here. */
  isPublic: (address: URL) => Promise<boolean>;
  tokenBasis: () => TokenBasis;
  log: vscode.LogOutputChannel;
}

/**
 * Runs a task: prepares its images, sends them in one request, reads the answer and stores what it says.
 * Rejects with an InspectorError. Nothing is sent unless everything before the sending went well.
 */
export async function inspect(
  world: InspectWorld,
  call: TaskCall,
  job: Job,
  onProgress: (running: RunningTask) => void,
): Promise<Inspection> {
  const { task, options } = call;
  const settings = world.settings(call.uris[0]);
  const model = options.model ?? settings.model;
  const { labels, query } = wordsOf(call);
  const running: RunningTask = {
    task,
    prompt: query,
    images: call.uris.map((uri) => uri.toString()),
    ...(options.follow === undefined ? {} : { follows: options.follow }),
    model,
    phase: 'preparing',
    startedAt: Date.now(),
    detections: [],
    text: '',
  };
  onProgress(running);
  const { images, past } = await gather(world, call, model, job);
  const wish = { asked: options.via === 'url', wanted: settings.url.sendAddress, isPublic: world.isPublic };
  const sources = await Promise.all(images.map((image) => sourceOf(image, model, wish)));
  const info = modelInfo(model);
  const resolutions = heldResolutions(
    info,
    images.map(({ uri }) => resolutionOf(call, world.settings(uri))),
  );
  const request = requestFor(
    call,
    settings,
    images.map(({ image }, index) => ({
      mimeType: image.mimeType,
      bytes: image.body.size,
      source: sources[index] as ImageSource,
      mediaResolution: resolutions[index] as MediaResolution,
    })),
    past,
  );
  const { calibration, prices } = world.tokenBasis();
  const estimates = images.map(({ image }, index) => estimateImageTokens(image.stored, info, resolutions[index] as MediaResolution));
  const estimated = estimates.reduce((sum, estimate, index) => {
    const known = calibration[calibrationKey(info, resolutions[index] as MediaResolution)];
    return sum + calibrated(estimate, known).tokens;
  }, 0);
  const contexts = images.map(contextOf) as [DetectionContext, ...DetectionContext[]];
  const started = Date.now();
  const follow = new ReplyFollower(task, contexts, running, onProgress);
  const outgoing = {
    job,
    request,
    images: images.map(({ uri, image, body }, index) => ({
      uri: uri.toString(),
      name: nameOf(uri),
      body,
      sha256: image.bodySha256,
      estimate: estimates[index] as TokenEstimate,
    })),
    inputTokens: estimated + promptTokens(request),
  };
  const logLine = (outcome: string) =>
    world.log.info(`${task} · ${model} · ${sizesOf(images, (index) => follow.wayOf(index))} · ${Date.now() - started} ms · ${outcome}`);
  let reply: GeminiReply;
  let broken = '';
  try {
    reply = await world.sender.generate(outgoing, follow);
    const failure = replyFailure(reply);
    if (failure !== undefined) throw failure;
  } catch (error) {
    broken = error instanceof InspectorError ? `${error.reason} ${causeOf(error)}`.trim() : 'failed';
    const kept = follow.keptAfter(error);
    if (kept === undefined) {
      logLine(broken);
      throw error;
    }
    reply = kept;
  }
  const inspection = makeInspection(
    {
      id: randomUUID(),
      task,
      createdAt: new Date().toISOString(),
      prompt: query,
      labels,
      model,
      images: images.map((image, index) => inspectedImage(image, follow.wayOf(index))),
      ...(options.follow === undefined ? {} : { follows: options.follow }),
      contexts,
      estimatedImageTokens: estimated,
      prices,
    },
    reply,
  );
  logLine(`${reply.finishReason ?? (broken || 'no finish reason')} · ${inspection.tokens.total ?? '?'} tokens`);
  await keep(world, inspection);
  return inspection;
}

/** The request of a call about images that are ready to be sent, and the conversation that it carries on. */
export function requestFor(
  call: Pick<TaskCall, 'task' | 'query' | 'options'>,
  settings: Settings,
  images: RequestFacts['images'],
  past: readonly Inspection[],
): GeminiRequest {
  return buildRequest({
    task: call.task,
    ...wordsOf(call),
    past: pastOf(past).map((run) => ({ task: run.task, query: run.prompt, answer: run.raw })),
    model: call.options.model ?? settings.model,
    mediaResolution: resolutionOf(call, settings),
    outputLanguage: settings.outputLanguage,
    systemInstruction: settings.systemInstruction,
    safetySettings: settings.safetySettings,
    images,
  });
}

/** The images to send, and the conversation that goes on. A question that follows a run is about what was sent of the images of that run. */
export async function gather(
  world: Pick<InspectWorld, 'settings' | 'isExcluded' | 'images' | 'wishOf' | 'originOf' | 'fileOf' | 'store'>,
  { task, uris, options }: TaskCall,
  model: string,
  job: Job,
): Promise<{ images: PreparedImage[]; past: Inspection[] }> {
  if (task === 'compare' && uris.length < 2) throw tooFewImages();
  assertCount(uris.length, model);
  const followed = options.follow === undefined ? undefined : await world.store.find(options.follow);
  if (options.follow !== undefined && followed === undefined) throw notFollowed();
  const first = await prepareImage(world, uris[0], asBefore(followed?.images[0], options), job);
  const past = followed === undefined ? [] : threadTo(await world.store.of(first.image.sha256), followed.id);
  if (followed !== undefined && past.length === 0) throw notFollowed();
  const images = [first];
  // One after the other: each may be large.
  for (const [index, uri] of (followed?.images.map(({ uri }) => world.fileOf(uri)) ?? uris).entries()) {
    if (index > 0) images.push(await prepareImage(world, uri, asBefore(followed?.images[index], options), job));
  }
  return { images, past };
}

/** The options with what of an image was sent before: a question that follows must not show more of it. */
function asBefore(image: InspectedImage | undefined, options: TaskCall['options']): TaskCall['options'] {
  const { region, redactions }: Partial<InspectedImage['sent']> = image?.sent ?? {};
  return { ...(region === undefined ? {} : { region }), ...options, redactions: allAreas(redactions, options.redactions) };
}

function notFollowed(): InspectorError {
  return new InspectorError('noImage', t('The answer that the question follows is not among the results of this image.'));
}

function assertCount(images: number, model: string): void {
  const { id, mostImages } = modelInfo(model);
  if (images > mostImages) throw tooMany(images, id, mostImages);
}

function wordsOf({ task, query, options }: Pick<TaskCall, 'task' | 'query' | 'options'>): { query: string; labels: string[] } {
  if (task !== 'classify') return { query, labels: [] };
  const given = Array.isArray(options.labels) ? uniqueLabels(options.labels) : readLabelList(String(options.labels ?? ''));
  const labels = given.length > 0 ? given : readLabelList(query);
  return { query: labels.join(', '), labels };
}

function contextOf({ image }: PreparedImage, imageIndex: number): DetectionContexts[number] {
  return { imageIndex, ...image.upright, toImage: image.toImage };
}

function sizesOf(images: readonly PreparedImage[], wayOf: (index: number) => string): string {
  return images
    .map(({ image }, index) => `${image.stored.width} x ${image.stored.height} ${image.mimeType}, ${image.body.size} bytes ${wayOf(index)}`)
    .join(' + ');
}

/** The resolution that a call names, else that of the settings. */
export function resolutionOf(call: Pick<TaskCall, 'options'>, settings: Settings): MediaResolution {
  return MEDIA_RESOLUTIONS.find((resolution) => resolution === call.options.mediaResolution) ?? settings.mediaResolution;
}

/** Gemini's own words, which belong in the log and not in messages. */
function causeOf({ cause }: InspectorError): string {
  return cause instanceof Error ? `(${cause.message})` : '';
}

function promptTokens(request: GeminiRequest): number {
  return partsOf(request).reduce((sum, part) => sum + (part.kind === 'text' ? estimateTextTokens(part.text) : 0), 0);
}

/** A result that cannot be stored is still a result: it is shown, and the log says that it will not be there next time. */
async function keep(world: InspectWorld, inspection: Inspection): Promise<void> {
  try {
    await world.store.add(inspection);
  } catch (error) {
    world.log.warn(`The result could not be stored: ${error instanceof Error ? error.message : String(error)}`);
  }
}
