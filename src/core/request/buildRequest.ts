import { utf8Length } from '../base/utf8Length.ts';
import type { Task } from '../inspection/inspection.ts';
import { notAnId, readModelId } from '../models/modelId.ts';
import type { ModelInfo } from '../models/modelInfo.ts';
import { modelInfo } from '../models/models.ts';
import type { AskedSpeed } from '../models/speed.ts';
import type { MediaResolution } from '../usage/tokens.ts';
import { decisionBody } from './decision.ts';
import { type AltTextPlace, imageName, OUTLINES_SCHEMA, promptFor } from './prompts.ts';
import {
  type GeminiRequest,
  type ImageSource,
  type PartResolution,
  partsOf,
  type RequestConfig,
  type RequestPart,
  type Turn,
} from './request.ts';

export interface RequestFacts {
  task: Task;
  /** The words of the user; may be empty. */
  query: string;
  /** For `classify`: the labels to choose from; empty for free choice. */
  labels?: readonly string[];
  /** The conversation so far, oldest first. The images go before its first question. */
  past?: readonly PastTurn[];
  model: string;
  /** The day on which it is sent: from some day on, another model may answer. */
  date: Date;
  /** Of images that say nothing else. */
  mediaResolution: MediaResolution;
  /** English name of the language of the answer; empty for English. */
  outputLanguage: string;
  systemInstruction: string;
  safetySettings: readonly { category: string; threshold: string }[];
  /** Whether `caption` and `ask` also ask for the places of what they name. */
  pointInAnswers?: boolean;
  /** For `caption`: alternative text is wanted, for this place. */
  altText?: AltTextPlace | undefined;
  /** For `compare`: the images are parts of two versions, and what changed is asked for. */
  asksChanges?: boolean | undefined;
  /** Standard if unset. */
  speed?: AskedSpeed;
  /** In the order sent; `bytes` counts the body before base64. */
  images: readonly { mimeType: string; bytes: number; source?: ImageSource; mediaResolution?: MediaResolution }[];
}

/** A question that was answered. */
export interface PastTurn {
  task: Task;
  query: string;
  /** As `RequestFacts` has it. */
  asksChanges?: boolean | undefined;
  /** As the model gave it, without thoughts. */
  answer: string;
}

/** The request for a task: images first, the words after them, as the documentation advises for one image. Temperature is left to the model. */
export function buildRequest(facts: RequestFacts): GeminiRequest {
  const id = readModelId(facts.model);
  if (id === undefined) throw notAnId(facts.model);
  const model = modelInfo(id, facts.date);
  const resolutions = heldResolutions(
    model,
    facts.images.map(({ mediaResolution = facts.mediaResolution }) => mediaResolution),
  );
  const [resolution = facts.mediaResolution] = resolutions;
  // Ultra high exists for single parts only, and both only from 3 on: before that the highest is high.
  const byPart = model.tokenRule === 'budget' && resolutions.some((one) => one !== resolution || one === 'ultraHigh');
  const words = ({ task, query, asksChanges }: Pick<RequestFacts, 'task' | 'query' | 'asksChanges'>, isFollowUp: boolean): RequestPart => {
    const { labels = [], outputLanguage, pointInAnswers = false, images } = facts;
    const text = promptFor(task, {
      query,
      labels,
      images: images.length,
      isFollowUp,
      outputLanguage,
      pointInAnswers,
      maskFormat: model.maskFormat,
      altText: facts.altText,
      asksChanges,
    });
    return { kind: 'text', text };
  };
  const turns = (facts.past ?? []).flatMap((past, index): Turn[] => [
    { role: 'user', parts: [words(past, index > 0)] },
    { role: 'model', parts: [{ kind: 'text', text: past.answer }] },
  ]);
  const [first, ...others] = [...turns, { role: 'user' as const, parts: [words(facts, turns.length > 0)] }];
  const images = imageParts(facts, byPart ? resolutions : []);
  return {
    task: facts.task,
    model: model.id,
    turns: [{ role: 'user', parts: [...images, ...(first?.parts ?? [])] }, ...others],
    config: buildConfig(facts, model, byPart ? 'default' : resolution),
  };
}

/** The resolutions in which a model looks at images for which these are wished: before 3 one for the whole request, the one of its first image. */
export function heldResolutions({ tokenRule }: Pick<ModelInfo, 'tokenRule'>, wished: readonly MediaResolution[]): MediaResolution[] {
  return wished.map((resolution) => (tokenRule === 'budget' ? resolution : (wished[0] ?? resolution)));
}

/** The images in their order; each of several behind its name. `resolutions`: of each, where they are its own. */
function imageParts({ images }: RequestFacts, resolutions: readonly MediaResolution[]): RequestPart[] {
  return images.flatMap(({ mimeType, bytes, source = { kind: 'inline' } }, image): RequestPart[] => [
    ...(images.length > 1 ? [{ kind: 'text' as const, text: imageName(image) }] : []),
    {
      kind: 'image',
      image,
      mimeType,
      bytes,
      source,
      ...levelOf(resolutions[image]),
    },
  ]);
}

function levelOf(resolution: MediaResolution | undefined): { mediaResolution?: PartResolution } {
  if (resolution === undefined || resolution === 'default') return {};
  return { mediaResolution: resolution === 'ultraHigh' ? 'MEDIA_RESOLUTION_ULTRA_HIGH' : RESOLUTIONS[resolution] };
}

/** The same request with nothing but its images: what is counted for the price of the images alone. */
export function justImages({ task, model, turns, config: { mediaResolution } }: GeminiRequest): GeminiRequest {
  const images = turns.map(({ role, parts }) => ({ role, parts: parts.filter(({ kind }) => kind === 'image') }));
  return {
    task,
    model,
    turns: images.filter(({ parts }) => parts.length > 0),
    config: mediaResolution === undefined ? {} : { mediaResolution },
  };
}

function buildConfig(facts: RequestFacts, model: ModelInfo, resolution: MediaResolution): RequestConfig {
  const config: RequestConfig = {};
  if (facts.task === 'classify') config.responseMimeType = 'application/json';
  if (facts.task === 'detect' || facts.task === 'segment' || facts.task === 'readText') {
    config.responseMimeType = 'application/json';
    if (facts.task === 'segment' && model.maskFormat === 'polygon') config.responseSchema = OUTLINES_SCHEMA;
    // Boxes and masks are best with as little thinking as the model allows.
    const thinking = leastThinking(model);
    if (thinking !== undefined) config.thinkingConfig = thinking;
  }
  if (resolution !== 'default') config.mediaResolution = RESOLUTIONS[resolution];
  if (facts.systemInstruction.trim() !== '') config.systemInstruction = facts.systemInstruction;
  if (facts.safetySettings.length > 0) config.safetySettings = facts.safetySettings.map((setting) => ({ ...setting }));
  if (facts.speed === 'flex') config.serviceTier = 'flex';
  return config;
}

const RESOLUTIONS = {
  low: 'MEDIA_RESOLUTION_LOW',
  medium: 'MEDIA_RESOLUTION_MEDIUM',
  high: 'MEDIA_RESOLUTION_HIGH',
  ultraHigh: 'MEDIA_RESOLUTION_HIGH',
} as const;

function leastThinking({ thinking }: ModelInfo): RequestConfig['thinkingConfig'] {
  if (thinking.kind === 'budget') return { thinkingBudget: thinking.canBeOff ? 0 : thinking.least };
  const lowest = thinking.kind === 'level' ? thinking.levels[0] : undefined;
  return lowest === undefined ? undefined : { thinkingLevel: lowest };
}

/**
 * The body of the request as the REST API takes it.
 * @param data the base64 of an image that goes inside the request, by its place
 */
export function requestBody(request: GeminiRequest, data: (image: number) => string): Record<string, unknown> {
  const { systemInstruction, safetySettings, serviceTier, ...generationConfig } = request.config;
  return {
    contents: request.turns.map(({ role, parts }) => ({ role, parts: parts.map((part) => restPart(part, data)) })),
    generationConfig,
    ...(systemInstruction === undefined ? {} : { systemInstruction: { role: 'user', parts: [{ text: systemInstruction }] } }),
    ...(safetySettings === undefined ? {} : { safetySettings }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  };
}

function restPart(part: RequestPart, data: (image: number) => string): Record<string, unknown> {
  if (part.kind === 'text') return { text: part.text };
  const { mediaResolution, mimeType, source } = part;
  const body =
    source.kind === 'inline'
      ? { inlineData: { data: data(part.image), mimeType } }
      : { fileData: { fileUri: source.kind === 'file' ? source.uri : source.url, mimeType } };
  return {
    ...body,
    ...(mediaResolution === undefined ? {} : { mediaResolution: { level: mediaResolution } }),
  };
}

/** Exact bytes of the body with its inline images inside: base64 takes 4 for every 3 begun, the rest is JSON in UTF-8. */
export function wireSize(request: GeminiRequest): number {
  const inline = partsOf(request).filter((part) => part.kind === 'image' && part.source.kind === 'inline') as { bytes: number }[];
  const images = inline.reduce((sum, { bytes }) => sum + 4 * Math.ceil(bytes / 3), 0);
  const body = request.questions === undefined ? requestBody(request, () => '') : decisionBody(request, () => '');
  return images + utf8Length(JSON.stringify(body));
}
