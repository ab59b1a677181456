import { type ModelInfo, modelInfo } from './models.ts';
import { promptFor, type ReadyTask } from './prompts.ts';
import type { GeminiRequest, RequestConfig, RequestPart } from './request.ts';
import type { MediaResolution } from './tokens.ts';

export interface RequestFacts {
  task: ReadyTask;
  /** The words of the user; may be empty. */
  query: string;
  model: string;
  mediaResolution: MediaResolution;
  /** English name of the language of the answer; empty for English. */
  outputLanguage: string;
  systemInstruction: string;
  safetySettings: readonly { category: string; threshold: string }[];
  /** In the order sent; `bytes` counts the body before base64. */
  images: readonly { mimeType: string; bytes: number }[];
}

/** The request for a task: images first, the words after them, as the documentation advises for one image. Temperature is left to the model. */
export function buildRequest(facts: RequestFacts): GeminiRequest {
  const model = modelInfo(facts.model);
  const ultraHigh = facts.mediaResolution === 'ultraHigh' && model.tokenRule === 'budget';
  const images = facts.images.map(
    ({ mimeType, bytes }, image): RequestPart => ({
      kind: 'image',
      image,
      mimeType,
      bytes,
      ...(ultraHigh ? { mediaResolution: 'MEDIA_RESOLUTION_ULTRA_HIGH' as const } : {}),
    }),
  );
  const text = promptFor(facts.task, { query: facts.query, outputLanguage: facts.outputLanguage, maskFormat: model.maskFormat });
  return { task: facts.task, model: model.id, parts: [...images, { kind: 'text', text }], config: buildConfig(facts, model, ultraHigh) };
}

function buildConfig(facts: RequestFacts, model: ModelInfo, ultraHigh: boolean): RequestConfig {
  const config: RequestConfig = {};
  if (facts.task === 'detect' || facts.task === 'segment') {
    config.responseMimeType = 'application/json';
    // Boxes and masks are best with as little thinking as the model allows.
    const thinking = leastThinking(model);
    if (thinking !== undefined) config.thinkingConfig = thinking;
  }
  // Ultra high exists for single parts only, and only from 3 on: before that the highest is high.
  if (facts.mediaResolution !== 'default' && !ultraHigh) config.mediaResolution = RESOLUTIONS[facts.mediaResolution];
  if (facts.systemInstruction.trim() !== '') config.systemInstruction = facts.systemInstruction;
  if (facts.safetySettings.length > 0) config.safetySettings = facts.safetySettings.map((setting) => ({ ...setting }));
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
 * @param data the base64 of an image, by its place
 */
export function requestBody(request: GeminiRequest, data: (image: number) => string): Record<string, unknown> {
  const { systemInstruction, safetySettings, ...generationConfig } = request.config;
  return {
    contents: [{ role: 'user', parts: request.parts.map((part) => restPart(part, data)) }],
    generationConfig,
    ...(systemInstruction === undefined ? {} : { systemInstruction: { role: 'user', parts: [{ text: systemInstruction }] } }),
    ...(safetySettings === undefined ? {} : { safetySettings }),
  };
}

function restPart(part: RequestPart, data: (image: number) => string): Record<string, unknown> {
  if (part.kind === 'text') return { text: part.text };
  const { mediaResolution } = part;
  return {
    inlineData: { data: data(part.image), mimeType: part.mimeType },
    ...(mediaResolution === undefined ? {} : { mediaResolution: { level: mediaResolution } }),
  };
}

/** Exact bytes of the body with all images inside: base64 takes 4 for every 3 begun, the rest is JSON in UTF-8. */
export function wireSize(request: GeminiRequest): number {
  const images = request.parts.reduce((sum, part) => sum + (part.kind === 'image' ? 4 * Math.ceil(part.bytes / 3) : 0), 0);
  return images + utf8Length(JSON.stringify(requestBody(request, () => '')));
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
