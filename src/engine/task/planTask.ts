import { InspectorError, tooMany } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { InspectedImage, Inspection } from '../../core/inspection/inspection.ts';
import { pastOf, threadTo } from '../../core/inspection/thread.ts';
import { modelInfo } from '../../core/models/models.ts';
import { buildRequest, heldResolutions, type RequestFacts } from '../../core/request/buildRequest.ts';
import { readLabelList, uniqueLabels } from '../../core/request/labelList.ts';
import { allAreas } from '../../core/request/region.ts';
import { type GeminiRequest, type ImageSource, partsOf } from '../../core/request/request.ts';
import { calibrated, calibrationKey } from '../../core/usage/calibration.ts';
import {
  estimateImageTokens,
  estimateTextTokens,
  MEDIA_RESOLUTIONS,
  type MediaResolution,
  type TokenEstimate,
} from '../../core/usage/tokens.ts';
import { tooFewImages } from '../../host/base/activeImage.ts';
import { nameOf } from '../../host/base/imageFile.ts';
import type { Settings } from '../../host/base/settings.ts';
import type { Job } from '../sending/job.ts';
import type { Draft } from '../sending/outgoing.ts';
import { sourceOf } from './byAddress.ts';
import { inspectedImage, type PreparedImage, prepareImage } from './prepareImages.ts';
import type { InspectWorld, TaskCall } from './taskCall.ts';

/** A task that is ready to be sent. */
export interface PlannedTask {
  images: PreparedImage[];
  outgoing: Draft;
  /** Image tokens. */
  estimated: number;
}

/** Prepares the images of a call and makes its request. Sends nothing; rejects with an InspectorError. */
export async function planTask(world: Omit<InspectWorld, 'sender' | 'log'>, call: TaskCall, job: Job): Promise<PlannedTask> {
  const { options } = call;
  const settings = world.settings(call.uris[0]);
  const model = options.model ?? settings.model;
  const { calibration, date } = world.tokenBasis();
  const { images, past } = await gather(world, call, { model, date }, job);
  const info = modelInfo(model, date);
  const wish = { asked: options.via === 'url', wanted: settings.url.sendAddress, isPublic: world.isPublic };
  const sources = await Promise.all(images.map((image) => sourceOf(image, info, wish)));
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
    date,
  );
  const estimates = images.map(({ image }, index) => estimateImageTokens(image.stored, info, resolutions[index] as MediaResolution));
  const estimated = estimates.reduce((sum, estimate, index) => {
    const known = calibration[calibrationKey(info, resolutions[index] as MediaResolution)];
    return sum + calibrated(estimate, known).tokens;
  }, 0);
  const outgoing: Draft = {
    job,
    request,
    images: images.map(({ uri, image, body }, index) => ({
      uri: uri.toString(),
      name: nameOf(uri),
      body,
      about: { ...inspectedImage(images[index] as PreparedImage, 'inline'), metadata: images[index]?.metadata ?? 'unknown' },
      sha256: image.bodySha256,
      estimate: estimates[index] as TokenEstimate,
    })),
    inputTokens: estimated + promptTokens(request),
  };
  return { images, outgoing, estimated };
}

/** The request of a call about images that are ready to be sent, and the conversation that it carries on. */
export function requestFor(
  call: Pick<TaskCall, 'task' | 'query' | 'options'>,
  settings: Settings,
  images: RequestFacts['images'],
  past: readonly Inspection[],
  date: Date,
): GeminiRequest {
  return buildRequest({
    task: call.task,
    ...wordsOf(call),
    past: pastOf(past).map((run) => ({ task: run.task, query: run.prompt, answer: run.raw })),
    model: call.options.model ?? settings.model,
    date,
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
  asked: { model: string; date: Date },
  job: Job,
): Promise<{ images: PreparedImage[]; past: Inspection[] }> {
  if (task === 'compare' && uris.length < 2) throw tooFewImages();
  assertCount(uris.length, asked);
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

function assertCount(images: number, { model, date }: { model: string; date: Date }): void {
  const { id, mostImages } = modelInfo(model, date);
  if (images > mostImages) throw tooMany(images, id, mostImages);
}

/** The words of the user as the task takes them. */
export function wordsOf({ task, query, options }: Pick<TaskCall, 'task' | 'query' | 'options'>): { query: string; labels: string[] } {
  if (task !== 'classify') return { query, labels: [] };
  const given = Array.isArray(options.labels) ? uniqueLabels(options.labels) : readLabelList(String(options.labels ?? ''));
  const labels = given.length > 0 ? given : readLabelList(query);
  return { query: labels.join(', '), labels };
}

/** The resolution that a call names, else that of the settings. */
export function resolutionOf(call: Pick<TaskCall, 'options'>, settings: Settings): MediaResolution {
  return MEDIA_RESOLUTIONS.find((resolution) => resolution === call.options.mediaResolution) ?? settings.mediaResolution;
}

function promptTokens(request: GeminiRequest): number {
  return partsOf(request).reduce((sum, part) => sum + (part.kind === 'text' ? estimateTextTokens(part.text) : 0), 0);
}
