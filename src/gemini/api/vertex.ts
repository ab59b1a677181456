import { GoogleGenAI } from '@google/genai/node';
import { type AuthClient, GoogleAuth } from 'google-auth-library';
import type { InspectorError } from '../../core/base/failure.ts';
import { apiFailure } from '../../core/failures/geminiFailure.ts';
import { networkFailure } from '../../core/failures/networkFailure.ts';
import { credentialsFailure, notWithVertex } from '../../core/failures/vertexFailure.ts';
import type { VertexPlace } from '../../core/models/vertex.ts';
import { readSize } from '../../core/request/transfer.ts';
import { codeOf } from '../http/errors.ts';
import { createTransport, withinLimit } from '../http/transport.ts';
import type { Gemini } from './api.ts';
import { Client, type Sdk } from './client.ts';
import { segment } from './segment.ts';

/** What a client of Vertex AI is made from. */
export interface VertexOptions extends VertexPlace {
  /** An http(s) address without a slash at the end. */
  base: string;
  /** Must go through the proxy settings of its surroundings by itself. */
  fetch: typeof globalThis.fetch;
  credentials: Credentials;
}

/**
 * Vertex AI with application-default credentials: a file that GOOGLE_APPLICATION_CREDENTIALS names, the one that gcloud has written, or those of the computer
 * in Google's cloud. Images go inside the request; there are no files, and no list of models for a key.
 */
export function createVertex({ base, project, location, fetch, credentials }: VertexOptions): Gemini {
  const client = new Client({
    asked: () => ({ host: new URL(base).host, secret: credentials.token, vertex: { project, location } }),
    transport: createTransport(fetch),
    open: async (through) => {
      const authClient = await credentials.get();
      const httpOptions = { baseUrl: base, fetch: through };
      // With project and location it takes no key from the environment. Its classes are those of the other entry, declared once more.
      const options = { vertexai: true, project, location, apiVersion: 'v1beta1', httpOptions, googleAuthOptions: { authClient } };
      return new GoogleGenAI(options) as unknown as Sdk;
    },
  });
  const noFiles = async () => {
    throw notWithVertex('files');
  };
  const noBatches = async () => {
    throw notWithVertex('batches');
  };
  return {
    generate: client.generate,
    countTokens: client.countTokens,
    decide: async () => {
      throw notWithVertex('decisions');
    },
    segment(request, bytes, { signal }) {
      return client.call({ model: request.model, bytes: readSize(request) }, signal, (ai, own, ask, images) =>
        ask(segment(ai, { request, bytes, images, signal: own })),
      );
    },
    listModels: async () => {
      throw notWithVertex('models');
    },
    checkKey: async () => {
      throw notWithVertex('key');
    },
    upload: noFiles,
    listFiles: noFiles,
    getFile: noFiles,
    deleteFile: noFiles,
    uploadBatchFile: noBatches,
    createBatch: noBatches,
    getBatch: noBatches,
    listBatches: () => failing(noBatches),
    cancelBatch: noBatches,
    deleteBatch: noBatches,
    resultLines: () => failing(noBatches),
  };
}

/** An iteration that ends with a failure at its first step. */
async function* failing(fail: () => Promise<never>): AsyncGenerator<never, void, void> {
  yield await fail();
}

/** Application-default credentials, kept as long as they are good. */
export class Credentials {
  readonly #fetch: typeof globalThis.fetch;
  #client: Promise<AuthClient> | undefined;
  /** The access token in use, so that it can be kept out of messages; empty before there is one. */
  token = '';

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
  }

  /** Rejects with an InspectorError that says how to sign in. */
  async get(): Promise<AuthClient> {
    this.#client ??= this.#find();
    let found = false;
    try {
      const client = await this.#client;
      found = true;
      const { token } = await client.getAccessToken();
      if (!token) throw new Error('no access token');
      this.token = token;
      return client;
    } catch (error) {
      // The user may sign in meanwhile.
      this.#client = undefined;
      throw signInFailure(error, found);
    }
  }

  #find(): Promise<AuthClient> {
    const fetchImplementation: typeof globalThis.fetch = async (input, init) => withinLimit(await this.#fetch(input, init));
    const transporterOptions = { fetchImplementation };
    // The project stands in the address; the library would ask the network for one.
    return new GoogleAuth({ scopes: SCOPE, projectId: 'unused', clientOptions: { transporterOptions } }).getClient();
  }
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** The library's own words may hold pieces of the file of credentials, so they are not told. */
function signInFailure(error: unknown, found: boolean): InspectorError {
  const asked = { host: 'Google Cloud', secret: '', date: new Date() };
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  if (status !== undefined && (status >= 500 || status === 429)) return apiFailure({ status, body: '' }, asked);
  const code = codeOf(error);
  if (found && status === undefined && !NO_LINE.test(code)) return networkFailure(code, asked, new Error(`sign in ${code}`));
  return credentialsFailure(found, new Error(status === undefined ? `sign in ${code}` : `sign in HTTP ${status}`));
}

/** Codes of what went wrong on this computer: a key that cannot be read, an answer that is none. */
const NO_LINE = /^(ERR_(OSSL|CRYPTO|INVALID)|NO_REPLY)/;
