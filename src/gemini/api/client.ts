import type {
  Content,
  CountTokensParameters,
  GenerateContentConfig,
  GenerateContentResponse,
  GoogleGenAI,
  PartMediaResolutionLevel,
} from '@google/genai/web';
import { InspectorError } from '../../core/base/failure.ts';
import type { AskedFor } from '../../core/failures/geminiFailure.ts';
import { modelInfo } from '../../core/models/models.ts';
import { ResponseReader } from '../../core/reply/responseReader.ts';
import { requestBody } from '../../core/request/buildRequest.ts';
import { type GeminiRequest, partsOf } from '../../core/request/request.ts';
import { readSize } from '../../core/request/transfer.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import { withAbort } from '../http/abort.ts';
import { abortFailure, callFailure } from '../http/errors.ts';
import { ImagesInBody } from '../http/imagesInBody.ts';
import type { Gemini, ImageBytes, Progress } from './api.ts';

/** As much of an SDK as is used. */
export type Sdk = Pick<GoogleGenAI, 'models'>;

/** The connection to one of the two APIs that speak the same language. */
export interface Connection {
  /** What failures say of it. */
  asked: () => Pick<AskedFor, 'host' | 'secret' | 'vertex'>;
  /** An SDK of its own for each call, which sends by that fetch. Rejects with an InspectorError where it must not be used. */
  open: (fetch: typeof globalThis.fetch, signal: AbortSignal) => Promise<Sdk>;
  /** Of `createTransport`. */
  transport: typeof globalThis.fetch;
}

/** Puts the promise of an SDK into the words of a failure; what the caller's own functions throw stays as it is. */
export type Ask = <R>(answer: Promise<R>) => Promise<R>;

/** What is the same with both APIs. */
export class Client implements Pick<Gemini, 'generate' | 'countTokens'> {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** One call. Whatever waits for the SDK goes through `ask`. */
  async call<T>(
    about: Partial<AskedFor>,
    signal: AbortSignal,
    work: (ai: Sdk, own: AbortSignal, ask: Ask, images: ImagesInBody) => Promise<T>,
  ): Promise<T> {
    const { open, transport, asked } = this.#connection;
    const images = new ImagesInBody();
    const ask: Ask = (answer) =>
      answer.catch((error: unknown) => {
        throw error instanceof InspectorError ? error : callFailure(error, { ...asked(), date: new Date(), ...about });
      });
    try {
      return await withAbort(signal, async (own) => work(await open(images.through(transport), own), own, ask, images));
    } catch (error) {
      throw signal.aborted ? abortFailure(signal) : error;
    }
  }

  /** Several calls, or one whose answer comes in pieces: what each of them brings, one by one. Ends all when nobody takes any more. */
  async *stream<T>(
    about: Partial<AskedFor>,
    signal: AbortSignal,
    pieces: (own: AbortSignal) => AsyncIterator<T[], void, void>,
  ): AsyncGenerator<T, void, void> {
    const own = new AbortController();
    const iterator = pieces(AbortSignal.any([signal, own.signal]));
    try {
      for (;;) {
        const next = await this.call(about, signal, (_ai, _own, ask) => ask(iterator.next()));
        if (next.done === true) return;
        yield* next.value;
      }
    } finally {
      own.abort();
    }
  }

  generate: Gemini['generate'] = (request, bytes, { signal, onProgress }) =>
    this.call({ model: request.model, bytes: readSize(request) }, signal, async (ai, own, ask, images) => {
      const config = { ...request.config, abortSignal: own, automaticContinuation: false } as GenerateContentConfig;
      const contents = await contentsOf(request, bytes, images);
      const stream = await ask(ai.models.generateContentStream({ model: request.model, contents, config }));
      return follow(() => ask(stream.next()), own, onProgress);
    });

  countTokens: Gemini['countTokens'] = (request, bytes, { signal }) =>
    this.call({ model: request.model, bytes: readSize(request) }, signal, async (ai, own, ask, images) => {
      const contents = countable(request, await contentsOf(request, bytes, images));
      return ask(countedBy(ai, { model: request.model, contents, config: { abortSignal: own } }));
    });
}

/** Reads a stream to its end, or to where it breaks. */
async function follow(
  nextEvent: () => Promise<IteratorResult<GenerateContentResponse>>,
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
): Promise<GeminiReply> {
  const reply = new ResponseReader();
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
    // What comes after the end is reported to nobody.
    signal.throwIfAborted();
    if (event.done) return reply.finish(false);
    const { delta, thinking } = reply.add(event.value);
    const { text, outputTokens } = reply;
    onProgress?.({ text, delta, thinking: thinking && text === '', ...(outputTokens === undefined ? {} : { outputTokens }) });
  }
}

async function countedBy(ai: Sdk, parameters: CountTokensParameters): Promise<number> {
  const { totalTokens } = await ai.models.countTokens(parameters);
  if (totalTokens === undefined) throw new Error('the count is missing');
  return totalTokens;
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
  const level = modelInfo(model, new Date()).tokenRule === 'budget' ? mediaResolution : undefined;
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
