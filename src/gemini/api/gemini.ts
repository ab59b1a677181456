import { setTimeout as sleep } from 'node:timers/promises';
import { GoogleGenAI, type Model } from '@google/genai/web';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { readSize } from '../../core/request/transfer.ts';
import { batchPages, cancelBatch, createBatch, deleteBatch, getBatch } from '../batches/remoteBatches.ts';
import { resultLines } from '../batches/resultLines.ts';
import { uploadBatchFile } from '../batches/uploadBatchFile.ts';
import { deleteFile, type FilesAccess, getFile, listFiles } from '../files/remoteFiles.ts';
import { type UploadTiming, upload } from '../files/upload.ts';
import { createTransport, LONGEST_DOWNLOAD } from '../http/transport.ts';
import type { Gemini, ListedModel } from './api.ts';
import { Client, type Sdk } from './client.ts';
import { decide } from './decide.ts';

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
  const downloads = createTransport(fetch, LONGEST_DOWNLOAD);
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

    decide(request, bytes, { signal }) {
      return client.call({ model: request.model, bytes: readSize(request) }, signal, (_, own, ask, images) =>
        ask(decide({ baseUrl, apiKey, transport, signal: own }, request, bytes, images)),
      );
    },

    segment: async () => {
      throw new InspectorError('unsupported', t('The mask engine belongs to Vertex AI.'), { actions: ['openSettings'] });
    },

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

    uploadBatchFile(content, { signal, stall, onProgress }) {
      const timing: UploadTiming = { stall, pause, random: Math.random };
      return client.call({}, signal, (_, own, ask) => ask(uploadBatchFile(files(own), content, timing, onProgress)));
    },

    createBatch(batch, { signal }) {
      return client.call({ model: batch.model }, signal, (_, own, ask) => ask(createBatch(files(own), batch)));
    },

    getBatch(name, { signal }) {
      return client.call({}, signal, (_, own, ask) => ask(getBatch(files(own), name)));
    },

    listBatches({ signal }) {
      return client.stream({}, signal, (own) => batchPages(files(own)));
    },

    cancelBatch(name, { signal }) {
      return client.call({}, signal, (_, own, ask) => ask(cancelBatch(files(own), name)));
    },

    deleteBatch(name, { signal }) {
      return client.call({}, signal, (_, own, ask) => ask(deleteBatch(files(own), name)));
    },

    resultLines(file, { signal, stall }) {
      return client.stream({}, signal, (own) => resultLines({ ...files(own), transport: downloads }, file, stall));
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

/** A key that cannot stand in a header would stand in full in the error of `fetch`. */
function checkForm(apiKey: string): void {
  if (/^[\x21-\x7e]+$/.test(apiKey)) return;
  throw new InspectorError('invalidApiKey', t('Gemini did not accept the API key.'), {
    detail: t('It contains characters that are not allowed in a key.'),
    actions: ['setApiKey', 'getApiKey'],
  });
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}
