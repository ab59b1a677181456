import { setTimeout as sleep } from 'node:timers/promises';
import { GoogleGenAI, type Model } from '@google/genai/web';
import { InspectorError } from '../core/failure.ts';
import { t } from '../core/l10n.ts';
import type { GeminiReply, GeminiRequest } from '../core/request.ts';
import { Client, type Sdk } from './client.ts';
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

/** The Gemini API by a key. Each SDK is handed everything, so that it looks for nothing in the environment. */
export function createGemini({ apiKey, baseUrl, fetch, pause = wait }: GeminiOptions): Gemini {
  const transport = createTransport(fetch);
  const client = new Client({
    asked: () => ({ host: hostOf(baseUrl), secret: apiKey }),
    transport,
    open: async (through) => {
      checkForm(apiKey);
      return new GoogleGenAI({ apiKey, vertexai: false, apiVersion: 'v1beta', httpOptions: { baseUrl, fetch: through } });
    },
  });
  const files = (signal: AbortSignal): FilesAccess => ({ baseUrl, apiKey, transport, signal });
  return {
    generate: client.generate,
    countTokens: client.countTokens,

    listModels({ signal }) {
      return client.call({}, signal, (ai, own, ask) => ask(allModels(ai, own)));
    },

    checkKey({ signal }) {
      return client.call({}, signal, async (ai, own, ask) => {
        await ask(ai.models.list({ config: { pageSize: 1, abortSignal: own } }));
      });
    },

    upload(content, { signal, stall, onProgress }) {
      const timing: UploadTiming = { stall, pause, random: Math.random };
      return client.call({ bytes: content.body.size }, signal, (_, own, ask) => ask(upload(files(own), content, timing, onProgress)));
    },

    listFiles({ signal }) {
      return client.call({}, signal, (_, own, ask) => ask(listFiles(files(own))));
    },

    getFile(name, { signal }) {
      return client.call({}, signal, (_, own, ask) => ask(getFile(files(own), name)));
    },

    deleteFile(name, { signal }) {
      return client.call({}, signal, (_, own, ask) => ask(deleteFile(files(own), name)));
    },
  };
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return sleep(milliseconds, undefined, { signal });
}

async function allModels(ai: Sdk, signal: AbortSignal): Promise<ListedModel[]> {
  const models: ListedModel[] = [];
  for await (const model of await ai.models.list({ config: { pageSize: 1000, abortSignal: signal } })) {
    if (model.supportedActions?.includes('generateContent')) models.push(listed(model));
  }
  return models;
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
