import { nameOfAddress } from '../../core/base/addresses.ts';
import { InspectorError, tooMany } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { type PartOfImage, partsSent } from '../../core/inspection/imageParts.ts';
import type { InspectedImage, Inspection, SentBody } from '../../core/inspection/inspection.ts';
import { pastOf, threadTo } from '../../core/inspection/thread.ts';
import { modelInfo } from '../../core/models/models.ts';
import { ASKED_SPEEDS, type AskedSpeed } from '../../core/models/speed.ts';
import type { Backend } from '../../core/models/vertex.ts';
import { buildRequest, heldResolutions, type RequestFacts } from '../../core/request/buildRequest.ts';
import { estimateImage } from '../../core/request/estimateImage.ts';
import { readLabelList, uniqueLabels } from '../../core/request/labelList.ts';
import { allAreas } from '../../core/request/region.ts';
import { type GeminiRequest, type ImageSource, partsOf } from '../../core/request/request.ts';
import { estimateTextTokens, MEDIA_RESOLUTIONS, type MediaResolution, type TokenEstimate } from '../../core/usage/tokens.ts';
import type { ImageFiles } from '../files/imageFiles.ts';
import type { Job } from '../sending/job.ts';
import type { UnroutedRequest } from '../sending/outgoing.ts';
import { sourceOf } from './byAddress.ts';
import { type ImagePreparer, inspectedImage, type PreparedImage } from './imagePreparer.ts';
import type { TaskRules, TaskSettings } from './settings.ts';
import type { TaskCall } from './taskCall.ts';

/** A task that is ready to be sent. */
export interface PlannedTask {
  /** The pictures that are sent, in their order. */
  images: PreparedImage[];
  /** Where parts of images are sent: of each picture the place of its image among those of the call. */
  places?: number[];
  outgoing: UnroutedRequest;
  /** Image tokens. */
  estimated: number;
}

/** Results of earlier runs, as planning needs them. */
export interface EarlierResults {
  /** Of an image by its hash, oldest first. */
  of(sha256: string): Promise<Inspection[]>;
  find(id: string): Promise<Inspection | undefined>;
}

/** Makes calls into requests that are ready to be sent. */
export class TaskPlanner {
  readonly preparer: ImagePreparer;
  readonly #files: Pick<ImageFiles, 'fileOf' | 'isPublic'>;
  readonly #rules: TaskRules;
  readonly #results: EarlierResults;

  constructor(preparer: ImagePreparer, files: Pick<ImageFiles, 'fileOf' | 'isPublic'>, rules: TaskRules, results: EarlierResults) {
    this.preparer = preparer;
    this.#files = files;
    this.#rules = rules;
    this.#results = results;
  }

  get rules(): TaskRules {
    return this.#rules;
  }

  /** Prepares the images of a call and makes its request. Sends nothing; rejects with an InspectorError. */
  async plan(call: TaskCall, job: Job): Promise<PlannedTask> {
    const { options } = call;
    const settings = this.#rules.settingsFor(call.images[0]);
    const model = options.model ?? settings.model;
    const basis = this.#rules.tokenBasis();
    const { date, backend } = basis;
    const chosen = this.#rules.sendOptionsFor(call.images[0]);
    const speed = speedFor(options.speed, chosen.speed ?? settings.speed, backend);
    const pointInAnswers = chosen.pointInAnswers ?? settings.pointInAnswers;
    const { images, places, past } = await this.gather(call, { model, date }, job);
    const info = modelInfo(model, date);
    const byAddress = { asked: options.via === 'url', wanted: settings.url.sendAddress, isPublic: (url: URL) => this.#files.isPublic(url) };
    const sources = await Promise.all(images.map((image) => sourceOf(image, info, byAddress)));
    const resolutions = heldResolutions(
      info,
      images.map(({ address }) => requestedResolution(call, this.#rules.settingsFor(address))),
    );
    const request = requestFor(
      call,
      { ...settings, pointInAnswers },
      images.map(({ image }, index) => ({
        mimeType: image.mimeType,
        bytes: image.body.size,
        source: sources[index] as ImageSource,
        mediaResolution: resolutions[index] as MediaResolution,
      })),
      past,
      date,
      speed,
    );
    const estimates = images.map(
      ({ image }, index) => estimateImage(image.stored, { model, mediaResolution: resolutions[index] as MediaResolution }, basis).estimate,
    );
    const estimated = estimates.reduce((sum, { tokens }) => sum + tokens, 0);
    const outgoing: UnroutedRequest = {
      job,
      request,
      images: images.map(({ address, image, body }, index) => ({
        uri: address,
        name: nameOfAddress(address),
        body,
        about: { ...inspectedImage(images[index] as PreparedImage, 'inline'), metadata: images[index]?.metadata ?? 'unknown' },
        sha256: image.bodySha256,
        estimate: estimates[index] as TokenEstimate,
      })),
      inputTokens: estimated + promptTokens(request),
    };
    return { images, outgoing, estimated, ...(places === undefined ? {} : { places }) };
  }

  /**
   * The pictures to send, and the conversation that goes on: each image, or the parts that the call names. A question that follows a run is about what was sent
   * of the images of that run.
   */
  async gather(
    { task, images: addresses, options }: TaskCall,
    asked: { model: string; date: Date },
    job: Job,
  ): Promise<{ images: PreparedImage[]; places: number[] | undefined; past: Inspection[] }> {
    if (task === 'compare' && addresses.length < 2) throw tooFewImages();
    const followed = options.follow === undefined ? undefined : await this.#results.find(options.follow);
    if (options.follow !== undefined && followed === undefined) throw notFollowed();
    const all = [addresses[0], ...(followed?.images.map(({ uri }) => this.#files.fileOf(uri)) ?? addresses).slice(1)];
    const parts = followed === undefined ? options.parts : partsSent(followed);
    const places = parts?.map(({ image }) => image);
    const count = parts?.length ?? all.length;
    assertCount(count, asked);
    const prepare = (at: number) => {
      const { image: place, region }: Partial<PartOfImage> & { image: number } = parts?.[at] ?? { image: at };
      const own = asBefore(followed?.images[place], options);
      return this.preparer.prepare(all[place] as string, region === undefined ? own : { ...own, region }, job);
    };
    const first = await prepare(0);
    const past = followed === undefined ? [] : threadTo(await this.#results.of(first.image.sha256), followed.id);
    if (followed !== undefined && past.length === 0) throw notFollowed();
    const images = [first];
    // One after the other: each may be large.
    for (let at = 1; at < count; at++) images.push(await prepare(at));
    return { images, places, past };
  }
}

/** The request of a call about images that are ready to be sent, and the conversation that it carries on. */
export function requestFor(
  call: Pick<TaskCall, 'task' | 'query' | 'options'>,
  settings: TaskSettings,
  images: RequestFacts['images'],
  past: readonly Inspection[],
  date: Date,
  speed: AskedSpeed = 'standard',
): GeminiRequest {
  return buildRequest({
    task: call.task,
    ...wordsOf(call),
    past: pastOf(past).map((run) => ({ task: run.task, query: run.prompt, answer: run.raw, asksChanges: partsSent(run) !== undefined })),
    model: call.options.model ?? settings.model,
    date,
    mediaResolution: requestedResolution(call, settings),
    outputLanguage: settings.outputLanguage,
    systemInstruction: settings.systemInstruction,
    safetySettings: settings.safetySettings,
    speed,
    pointInAnswers: call.options.pointInAnswers ?? settings.pointInAnswers,
    altText: call.options.altText,
    asksChanges: call.options.parts !== undefined,
    images,
  });
}

/** The speed to ask for. A call that names one which cannot be had rejects; Vertex AI has no flex by this way. */
export function speedFor(named: string | undefined, chosen: AskedSpeed, backend: Backend | undefined): AskedSpeed {
  const known = ASKED_SPEEDS.find((speed) => speed === named);
  if (named !== undefined && known === undefined)
    throw new InspectorError('unsupported', t('There is no speed "{0}".', sanitizeForUi(named, 40)), { actions: ['openSettings'] });
  if (backend !== 'vertexAi') return known ?? chosen;
  if (known === 'flex')
    throw new InspectorError('unsupported', t('Vertex AI is asked at standard speed only.'), { actions: ['openSettings'] });
  return 'standard';
}

/** The options with what of an image was sent before: a question that follows must not show more of it. */
function asBefore(image: InspectedImage | undefined, options: TaskCall['options']): TaskCall['options'] {
  const { region, redactions }: Partial<SentBody> = image?.sent ?? {};
  return { ...(region === undefined ? {} : { region }), ...options, redactions: allAreas(redactions, options.redactions) };
}

/** The failure of a comparison of less than two images. */
export function tooFewImages(): InspectorError {
  return new InspectorError('noImage', t('Select two or more images to compare.'));
}

/** The failure for a comparison that names an image more than once: fewer images would be sent than were named. */
export function sameImageTwice(): InspectorError {
  return new InspectorError('noImage', t('The same image was given more than once.'), { detail: t('Select different images to compare.') });
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
export function requestedResolution(call: Pick<TaskCall, 'options'>, settings: TaskSettings): MediaResolution {
  return MEDIA_RESOLUTIONS.find((resolution) => resolution === call.options.mediaResolution) ?? settings.mediaResolution;
}

/** Estimated tokens of the words of a call about one image, whichever that is. */
export function wordTokensOf(call: Pick<TaskCall, 'task' | 'query' | 'options'>, settings: TaskSettings, date: Date): number {
  const mediaResolution = requestedResolution(call, settings);
  const image = { mimeType: 'image/png', bytes: 1000, source: { kind: 'inline' as const }, mediaResolution };
  return promptTokens(requestFor(call, settings, [image], [], date));
}

/** Estimated tokens of the words of a request. */
function promptTokens(request: GeminiRequest): number {
  return partsOf(request).reduce((sum, part) => sum + (part.kind === 'text' ? estimateTextTokens(part.text) : 0), 0);
}
