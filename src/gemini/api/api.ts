import type { DecisionReply } from '../../core/reply/decisionAnswers.ts';
import type { MaskAnswer } from '../../core/reply/maskAnswer.ts';
import type { GeminiRequest } from '../../core/request/request.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import type { NewBatch, RemoteBatch } from '../batches/remoteBatch.ts';
import type { ResultLine } from '../batches/resultLines.ts';
import type { RemoteFile } from '../files/remoteFile.ts';
import type { UploadContent } from '../files/uploadSession.ts';

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
  /** The answers to the questions of a request. */
  decide(request: GeminiRequest, bytes: ImageBytes, options: { signal: AbortSignal }): Promise<DecisionReply>;
  /** The mask of the thing that a `segmentationRequest` names; on Vertex AI only. */
  segment(request: GeminiRequest, bytes: ImageBytes, options: { signal: AbortSignal }): Promise<MaskAnswer>;
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
  /** Uploads a file of requests, a line each, under the type that the API takes it by; else as `upload` does. The Gemini API only, as all that is about batches. */
  uploadBatchFile(
    content: Omit<UploadContent, 'mimeType'>,
    options: { signal: AbortSignal; stall: number; onProgress: (bytes: number) => void },
  ): Promise<RemoteFile>;
  /** Starts a batch. Where the call breaks off, it may have been started all the same: look for it by its name before it is started again. */
  createBatch(batch: NewBatch, options: { signal: AbortSignal }): Promise<RemoteBatch>;
  /** How a batch stands; `notFound` where there is none. @param name `batches/…` */
  getBatch(name: string, options: { signal: AbortSignal }): Promise<RemoteBatch>;
  /** All batches of the key's project, fetched page by page. */
  listBatches(options: { signal: AbortSignal }): AsyncIterable<RemoteBatch>;
  /** Asks for a batch to be stopped; `notFound` where there is none. */
  cancelBatch(name: string, options: { signal: AbortSignal }): Promise<void>;
  /** Removes a batch; its files stay. `notFound` where there is none. */
  deleteBatch(name: string, options: { signal: AbortSignal }): Promise<void>;
  /**
   * The lines of a batch's results while they come; `notFound` where the file is gone. When the connection breaks, it rejects behind the lines that were whole.
   * @param file `responsesFile` of the batch
   * @param stall milliseconds without a byte after which the connection is taken for broken
   */
  resultLines(file: string, options: { signal: AbortSignal; stall: number }): AsyncIterable<ResultLine>;
}
