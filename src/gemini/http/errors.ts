import type { ApiError } from '@google/genai/web';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { type AskedFor, apiFailure } from '../../core/failures/geminiFailure.ts';
import { networkFailure } from '../../core/failures/networkFailure.ts';
import { HttpError } from './httpError.ts';

/** The failure for anything that the SDK can throw for a call. */
export function callFailure(error: unknown, asked: AskedFor): InspectorError {
  if (error instanceof HttpError) return apiFailure(error.refused, asked);
  if (isApiError(error)) return apiFailure({ status: error.status, body: error.message }, asked);
  return networkFailure(codeOf(error), asked, error);
}

/** By its name: the SDK has a class of its own for each of its entries. */
function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === 'ApiError' && 'status' in error && typeof error.status === 'number';
}

/** The failure of a call that its signal ended: the reason of the signal if that is a failure, else `cancelled`. */
export function abortFailure(signal: AbortSignal): InspectorError {
  return signal.reason instanceof InspectorError ? signal.reason : new InspectorError('cancelled', t('Cancelled.'));
}

/** The name that the system or the HTTP client gave an error, found anywhere among its causes: fetch itself only says "fetch failed". */
export function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = ownCode(cause);
    if (code !== '') return code;
  }
  // The words of the SDK for a stream that ends within an event.
  if (error instanceof Error && error.message.startsWith('Incomplete JSON segment')) return 'CUT';
  // The word of Node's fetch for a body that ends before its time.
  if (error instanceof Error && error.message === 'terminated') return 'CUT';
  // What the SDK or JSON.parse has to say about a reply.
  return error instanceof Error && !FETCH_FAILED.includes(error.message) ? 'NO_REPLY' : '';
}

/** All that the fetch of Node, of Chromium and of Electron says by itself. */
const FETCH_FAILED: readonly string[] = ['fetch failed', 'Failed to fetch', 'network error'];

function ownCode(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code;
  // A host with several addresses fails once for each.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return ownCode(error.errors[0]);
  // Chromium's network stack has no codes, only words.
  return /\bnet::(ERR_\w+)/.exec(error.message)?.[1] ?? '';
}
