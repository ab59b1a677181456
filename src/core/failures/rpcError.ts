import type { InspectorError } from '../base/failure.ts';
import { isRecord } from '../base/shape.ts';
import { readApiError } from './apiError.ts';
import { type AskedFor, apiFailure } from './geminiFailure.ts';

/** An error that stands inside an answer: of a whole batch, or of one of its lines. */
export interface RpcError {
  /** As an HTTP status; 0 where none is known. */
  code: number;
  /** The API's own words: untrusted. */
  message: string;
  /** In the form in which the API sends errors by themselves. */
  body: string;
}

/** Google's own numbers of errors (`google.rpc.Code`), by their places: inside an answer they stand for the status of HTTP. */
const WORDS = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** Reads a `google.rpc.Status`; its code may also be a status of HTTP, or be missing. Undefined for what is none. */
export function readRpcError(value: unknown): RpcError | undefined {
  if (!isRecord(value)) return undefined;
  const { code, status, ...rest } = value;
  const word = typeof status === 'string' ? status : typeof code === 'number' ? WORDS[code] : undefined;
  const isNumberOfHttp = typeof code === 'number' && code >= 400;
  const error = { ...rest, ...(isNumberOfHttp ? { code } : {}), ...(word === undefined ? {} : { status: word }) };
  const body = JSON.stringify({ error });
  const { code: known, message } = readApiError(0, body);
  return { code: known, message, body };
}

/** The failure for an error that stood inside an answer, by the same rules as for one that came by itself. */
export function rpcFailure({ code, body }: RpcError, asked: AskedFor): InspectorError {
  return apiFailure({ status: code === 0 ? 200 : code, body }, asked);
}
