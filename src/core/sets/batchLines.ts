import { isRecord, recordOf } from '../base/shape.ts';
import { type RpcError, readRpcError } from '../failures/rpcError.ts';
import { ResponseReader } from '../reply/responseReader.ts';
import { requestBody } from '../request/buildRequest.ts';
import { atStandard, type GeminiRequest } from '../request/request.ts';
import type { GeminiReply } from '../usage/geminiReply.ts';

/** What a line of a batch's results holds: an answer, an error in its place, or what is neither. */
export type BatchLine = { key: string; reply: GeminiReply } | { key: string; error: RpcError } | { problem: LineProblem; key?: string };

/** Why a line cannot be used: it is no JSON, as one that was cut; it names no key; it has neither answer nor error. */
export type LineProblem = 'notJson' | 'noKey' | 'noAnswer';

/**
 * A line of the file that a batch works through, without the end of the line. Its images must lie with the API already: what is inside a request
 * would be in the file once more for each try.
 * @param key by which the answer is known; it need not come in the same order
 */
export function batchLine(key: string, request: GeminiRequest): string {
  // A batch has its own price, and no tiers.
  const body = requestBody(atStandard(request), (image) => {
    throw new Error(`image ${image} is not uploaded`);
  });
  // JSON leaves these as they are, but some take them for the end of a line.
  return JSON.stringify({ key, request: body }).replace(
    /[\u0085\u2028\u2029]/g,
    (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Reads a line of a batch's results. */
export function readBatchLine(line: string): BatchLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: 'notJson' };
  }
  if (!isRecord(value)) return { problem: 'notJson' };
  const { response } = value;
  // Where requests stand inside a batch, the key is found in their metadata.
  const key = value.key ?? recordOf(value.metadata).key;
  if (typeof key !== 'string' || key === '') return { problem: 'noKey' };
  const error = readRpcError(value.error);
  if (error !== undefined) return { key, error };
  if (!isRecord(response)) return { problem: 'noAnswer', key };
  const reader = new ResponseReader();
  reader.add(response);
  // Whatever tier the reply names, it is billed as a part of the batch.
  return { key, reply: { ...reader.finish(false), speed: 'batch' } };
}
