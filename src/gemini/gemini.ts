import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Content,
  type CountTokensParameters,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  type Model,
  type PartMediaResolutionLevel,
} from '@google/genai/web';
import { requestBody } from '../core/buildRequest.ts';
import { InspectorError } from '../core/failure.ts';
import type { AskedFor } from '../core/geminiFailure.ts';
import { t } from '../core/l10n.ts';
import { modelInfo } from '../core/models.ts';
import { type GeminiReply, type GeminiRequest, partsOf } from '../core/request.ts';
import { readSize } from '../core/transfer.ts';
import { withAbort } from './abort.ts';
import { ReplyReader } from './envelope.ts';
import { abortFailure, callFailure } from './errors.ts';
import { ImagesInBody } from './imagesInBody.ts';
import type { RemoteFile } from './remoteFile.ts';
import { deleteFile, type FilesAccess, getFile, listFiles } from './remoteFiles.ts';
import { createTransport } from './transport.ts';
import { type UploadContent, type UploadTiming, upload } from './upload.ts';

/** How far an answer has come. */
export interface Progress {
  /** The answer so far, without thoughts. */
  text: string;
  /** What this event added to it. */
  delta: string;
  /** True while the model thinks and has not begun to answer. */
  thinking: boolean;
  /** By the API's own count so far, if it has said. */
  outputTokens?: number;
}

/** A model that the key may use for tasks. */
export interface ListedModel {
  /** Without `models/`. */
  id: string;
  displayName: string;
  description?: string;
  inputTokenLimit?: number;
}

/** Gives the body of an image by its place in the request. */
export type ImageBytes = (image: number) => Promise<Uint8Array>;

/**
 * The Gemini API. Every call rejects with an InspectorError, and at once when its signal aborts: with the reason of the signal if that is
 * an InspectorError, else with `cancelled`. Nothing is tried twice and no call ends by itself for being slow: both are the caller's.
 */
export interface Gemini {
  /** Sends the request and follows the answer. A reply that breaks off after some text is resolved with `cut`. */
  generate(
    request: GeminiRequest,
    bytes: ImageBytes,
    options: { signal: AbortSignal; onProgress?: (progress: Progress) => void },
  ): Promise<GeminiReply>;
  /** The tokens of the request's parts, exactly; the image is sent for it, but no price is asked. */
  countTokens(request: GeminiRequest, bytes: ImageBytes, options: { signal: AbortSignal }): Promise<number>;
  /** All models that can generate content. */
  listModels(options: { signal: AbortSignal }): Promise<ListedModel[]>;
  /** Resolves when the API accepts the key. Sends nothing but the key. */
  checkKey(options: { signal: AbortSignal }): Promise<void>;
  /**
   * Uploads a file and waits until the API has looked at it. Within one upload what breaks or stalls is taken up again where the server stands.
   * @param stall milliseconds without a byte moving after which the connection is taken for broken
   */
  upload(content: UploadContent, options: { signal: AbortSignal; stall: number; onProgress: (bytes: number) => void }): Promise<RemoteFile>;
  /** All files that the key's project has uploaded. */
  listFiles(options: { signal: AbortSignal }): Promise<RemoteFile[]>;
  /** @param name `files/…` */
  getFile(name: string, options: { signal: AbortSignal }): Promise<RemoteFile>;
  deleteFile(name: string, options: { signal: AbortSignal }): Promise<void>;
}

/** What a client is made from. */
export interface GeminiOptions {
  apiKey: string;
  /** An http(s) address without the API's version. */
  baseUrl: string;
  /** Must go through the proxy settings of its surroundings by itself. */
  fetch: typeof globalThis.fetch;
  /** Waits between the attempts of an upload; rejects at once when the signal aborts. */
  pause?: UploadTiming['pause'];
}

export function createGemini({ apiKey, baseUrl, fetch, pause = wait }: GeminiOptions): Gemini {
  const asked = { host: hostOf(baseUrl), secret: apiKey };
  const transport = createTransport(fetch);
  const files = (signal: AbortSignal): FilesAccess => ({ baseUrl, apiKey, transport, signal });

  /**
   * One call with an SDK of its own, which is handed everything so that it looks for nothing in the environment.
   * Whatever waits for the SDK goes through `ask`, which finds the words for a failure; what the caller's own functions throw stays as it is.
   */
  async function call<T>(
    about: Partial<AskedFor>,
    signal: AbortSignal,
    work: (ai: GoogleGenAI, own: AbortSignal, ask: Ask, images: ImagesInBody) => Promise<T>,
  ): Promise<T> {
    checkForm(apiKey);
    const images = new ImagesInBody();
    const httpOptions = { baseUrl, fetch: images.through(transport) };
    const ai = new GoogleGenAI({ apiKey, vertexai: false, apiVersion: 'v1beta', httpOptions });
    const ask: Ask = (answer) =>
      answer.catch((error: unknown) => {
        throw error instanceof InspectorError ? error : callFailure(error, { ...asked, date: new Date(), ...about });
      });
    try {
      return await withAbort(signal, (own) => work(ai, own, ask, images));
    } catch (error) {
      throw signal.aborted ? abortFailure(signal) : error;
    }
  }

  return {
    generate(request, bytes, { signal, onProgress }) {
      return call({ model: request.model, bytes: readSize(request) }, signal, async (ai, own, ask, images) => {
        const config = { ...request.config, abortSignal: own, automaticContinuation: false } as GenerateContentConfig;
        const contents = await contentsOf(request, bytes, images);
        const stream = await ask(ai.models.generateContentStream({ model: request.model, contents, config }));
        return follow(() => ask(stream.next()), own, onProgress);
      });
    },

    countTokens(request, bytes, { signal }) {
      return call({ model: request.model, bytes: readSize(request) }, signal, async (ai, own, ask, images) => {
        const contents = countable(request, await contentsOf(request, bytes, images));
        return ask(countedBy(ai, { model: request.model, contents, config: { abortSignal: own } }));
      });
    },

    listModels({ signal }) {
      return call({}, signal, (ai, own, ask) => ask(allModels(ai, own)));
    },

    checkKey({ signal }) {
      return call({}, signal, async (ai, own, ask) => {
        await ask(ai.models.list({ config: { pageSize: 1, abortSignal: own } }));
      });
    },

    upload(content, { signal, stall, onProgress }) {
      const timing: UploadTiming = { stall, pause, random: Math.random };
      return call({ bytes: content.body.size }, signal, (_, own, ask) => ask(upload(files(own), content, timing, onProgress)));
    },

    listFiles({ signal }) {
      return call({}, signal, (_, own, ask) => ask(listFiles(files(own))));
    },

    getFile(name, { signal }) {
      return call({}, signal, (_, own, ask) => ask(getFile(files(own), name)));
    },

    deleteFile(name, { signal }) {
      return call({}, signal, (_, own, ask) => ask(deleteFile(files(own), name)));
    },
  };
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return sleep(milliseconds, undefined, { signal });
}

type Ask = <R>(answer: Promise<R>) => Promise<R>;

/** Reads a stream to its end, or to where it breaks. */
async function follow(
  nextEvent: () => Promise<IteratorResult<GenerateContentResponse>>,
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
): Promise<GeminiReply> {
  const reply = new ReplyReader();
  for (;;) {
    let event: IteratorResult<GenerateContentResponse>;
    try {
      event = await nextEvent();
    } catch (error) {
      // Without text there is nothing to keep, and an error that the API itself names is no broken connection.
      const broken = error instanceof InspectorError && (error.reason === 'network' || error.reason === 'timeout');
      if (!broken || !(reply.ended || reply.text !== '')) throw error;
      return reply.finish(true);
    }
    // Nobody is told of what comes after the end.
    signal.throwIfAborted();
    if (event.done) return reply.finish(false);
    const { delta, thinking } = reply.add(event.value);
    const { text, outputTokens } = reply;
    onProgress?.({ text, delta, thinking: thinking && text === '', ...(outputTokens === undefined ? {} : { outputTokens }) });
  }
}

async function countedBy(ai: GoogleGenAI, parameters: CountTokensParameters): Promise<number> {
  const { totalTokens } = await ai.models.countTokens(parameters);
  if (totalTokens === undefined) throw new Error('the count is missing');
  return totalTokens;
}

async function allModels(ai: GoogleGenAI, signal: AbortSignal): Promise<ListedModel[]> {
  const models: ListedModel[] = [];
  for await (const model of await ai.models.list({ config: { pageSize: 1000, abortSignal: signal } })) {
    if (model.supportedActions?.includes('generateContent')) models.push(listed(model));
  }
  return models;
}

/** The request's turns as the SDK takes them, with a mark for each inline image. */
async function contentsOf(request: GeminiRequest, bytes: ImageBytes, images: ImagesInBody): Promise<Content[]> {
  const data = new Map<number, string>();
  for (const part of partsOf(request)) {
    if (part.kind === 'image' && part.source.kind === 'inline') data.set(part.image, images.mark(await bytes(part.image)));
  }
  return requestBody(request, (image) => data.get(image) ?? '').contents as Content[];
}

/** The contents with all that costs tokens in them: the API counts nothing else, so resolution and system instruction are moved in. */
function countable({ model, config }: GeminiRequest, contents: Content[]): Content[] {
  const { mediaResolution, systemInstruction } = config;
  const level = modelInfo(model).tokenRule === 'budget' ? mediaResolution : undefined;
  const counted = contents.map(({ parts = [], ...content }) => ({
    ...content,
    parts: parts.map((part) =>
      (part.inlineData ?? part.fileData) && level !== undefined
        ? { mediaResolution: { level: level as PartMediaResolutionLevel }, ...part }
        : part,
    ),
  }));
  return systemInstruction === undefined ? counted : [{ role: 'user', parts: [{ text: systemInstruction }] }, ...counted];
}

function listed({ name = '', displayName, description, inputTokenLimit }: Model): ListedModel {
  const id = name.replace(/^models\//, '');
  return {
    id,
    displayName: displayName ?? id,
    ...(description === undefined ? {} : { description }),
    ...(inputTokenLimit === undefined ? {} : { inputTokenLimit }),
  };
}

/** A key that cannot stand in a header would be told in full by the error of `fetch`. */
function checkForm(apiKey: string): void {
  if (/^[\x21-\x7e]+$/.test(apiKey)) return;
  throw new InspectorError('invalidApiKey', t('Gemini did not accept the API key.'), {
    detail: t('It holds characters that no key has.'),
    actions: ['setApiKey', 'getApiKey'],
  });
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}
