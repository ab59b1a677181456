/** The errors of the Gemini API, ready to be scripted: `server.respondWith(overloaded())`. Bodies have the shape and the wording of real ones. */
import type { RawAnswer, StatusAnswer } from './script.ts';

/** An error in the shape all Google APIs share. */
export function googleError(code: number, status: string, message: string, details?: readonly object[]): StatusAnswer {
  return { status: code, body: { error: { code, message, status, ...(details && { details }) } } };
}

export function invalidArgument(message: string, details?: readonly object[]): StatusAnswer {
  return googleError(400, 'INVALID_ARGUMENT', message, details);
}

// Keys and permissions

export function apiKeyInvalid(): StatusAnswer {
  const message = 'API key not valid. Please pass a valid API key.';
  return invalidArgument(message, [
    errorInfo('API_KEY_INVALID', { service: SERVICE }),
    { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message },
  ]);
}

export function apiKeyMissing(): StatusAnswer {
  return googleError(
    403,
    'PERMISSION_DENIED',
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  );
}

export function apiKeyLeaked(): StatusAnswer {
  return googleError(403, 'PERMISSION_DENIED', 'Your API key was reported as leaked. Please use another API key.');
}

export function apiNotEnabled(project = '1234567'): StatusAnswer {
  const url = `https://console.developers.google.com/apis/api/${SERVICE}/overview?project=${project}`;
  return googleError(
    403,
    'PERMISSION_DENIED',
    `Generative Language API has not been used in project ${project} before or it is disabled. Enable it by visiting ${url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
    [
      help('Google developers console API activation', url),
      errorInfo('SERVICE_DISABLED', { service: SERVICE, consumer: `projects/${project}` }),
    ],
  );
}

export function locationNotSupported(): StatusAnswer {
  return googleError(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.');
}

/** A file that was deleted, has expired or belongs to another key: no problem of this key. */
export function fileForbidden(file = 'abc123'): StatusAnswer {
  return googleError(403, 'PERMISSION_DENIED', `You do not have permission to access the File ${file} or it may not exist.`);
}

export function fileNotFound(file = 'abc123'): StatusAnswer {
  return googleError(404, 'NOT_FOUND', `Requested entity was not found: files/${file}.`);
}

// Models

export function modelNotFound(model: string, method = 'generateContent'): StatusAnswer {
  return googleError(
    404,
    'NOT_FOUND',
    `models/${model} is not found for API version v1beta, or is not supported for ${method}. Call ModelService.ListModels to see the list of available models and their supported methods.`,
  );
}

/** The same 404, but under the content type of a stream. */
export function modelNotFoundAsStream(model: string): StatusAnswer {
  return { ...modelNotFound(model, 'streamGenerateContent'), headers: { 'content-type': 'text/event-stream' } };
}

// Limits

/** Too many requests in this minute: waiting helps. */
export function rateLimited(retryAfterSeconds = 47, model = 'gemini-3.8-flash', limit = 10): StatusAnswer {
  return quotaExceeded('GenerateRequestsPerMinutePerProjectPerModel-FreeTier', limit, model, retryAfterSeconds);
}

/** The space for uploaded files is full, by a recorded answer. */
export function storageFull(limitBytes: number): StatusAnswer {
  const metric = `${SERVICE}/file_storage_bytes`;
  const message = `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: ${RATE_LIMITS}.\n* Quota exceeded for metric: ${metric}, limit: ${limitBytes}`;
  return googleError(429, 'RESOURCE_EXHAUSTED', message, [
    {
      '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
      violations: [{ quotaMetric: metric, quotaId: 'FileStorageBytesPerProject', quotaValue: String(limitBytes) }],
    },
    help('Learn more about Gemini API quotas', RATE_LIMITS),
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '9223372036854775807s' },
  ]);
}

/** The day's share is used up. The advised wait is short all the same, and does not help. */
export function dailyQuotaExhausted(model = 'gemini-3.8-flash', retryAfterSeconds = 21): StatusAnswer {
  return quotaExceeded('GenerateRequestsPerDayPerProjectPerModel-FreeTier', 250, model, retryAfterSeconds);
}

/** A model this key has no share of at all. */
export function noQuota(model = 'gemini-3.1-pro-preview', retryAfterSeconds = 33): StatusAnswer {
  return quotaExceeded('GenerateRequestsPerMinutePerProjectPerModel-FreeTier', 0, model, retryAfterSeconds);
}

export function resourceExhausted(): StatusAnswer {
  return googleError(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).');
}

export function payloadTooLarge(limitBytes: number): StatusAnswer {
  return invalidArgument(`Request payload size exceeds the limit: ${limitBytes} bytes.`);
}

export function filesTooLarge(): StatusAnswer {
  return invalidArgument("The request's total referenced files bytes are too large to be read");
}

export function fileTooLarge(): StatusAnswer {
  return invalidArgument('File size exceeds the limit of 2147483648 bytes.');
}

export function tooManyImages(limit: number): StatusAnswer {
  return invalidArgument(`Please use at most ${limit} image files per request.`);
}

// The server

export function overloaded(): StatusAnswer {
  return googleError(
    503,
    'UNAVAILABLE',
    'This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later.',
  );
}

export function batchNotFound(): StatusAnswer {
  return googleError(404, 'NOT_FOUND', 'Requested entity was not found.');
}

/** What flex answers when it has no room. */
export function flexShed(): StatusAnswer {
  return googleError(503, 'UNAVAILABLE', 'The request was shed: there is no capacity for the flex service tier. Please try again later.');
}

export function internalError(): StatusAnswer {
  return googleError(500, 'INTERNAL', `An internal error has occurred. ${REPORT}`);
}

/** What a proxy in between says. */
export function badGateway(): StatusAnswer {
  return {
    status: 502,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: '<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)</title>\n<p><b>502.</b> <ins>That’s an error.</ins>\n<p>The server encountered a temporary error and could not complete your request.\n</html>\n',
  };
}

/** An error whose message is another error as JSON text. */
export function nested(inner: StatusAnswer): StatusAnswer {
  return { status: inner.status, body: { error: { code: inner.status, message: JSON.stringify(inner.body), status: '' } } };
}

/** A stream that begins well and then holds an error as bare JSON, without `data:`. */
export function errorInsideStream(error: StatusAnswer, text = 'A picture of'): RawAnswer {
  const event = { candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0 }] };
  return { raw: [`data: ${JSON.stringify(event)}\r\n\r\n`, JSON.stringify(error.body, null, 2)], contentType: 'text/event-stream' };
}

// Pictures

export function unsupportedMimeType(mimeType: string): StatusAnswer {
  return invalidArgument(`Unsupported MIME type: ${mimeType}`);
}

export function imageNotValid(): StatusAnswer {
  return invalidArgument('Provided image is not valid.');
}

export function imageNotProcessable(): StatusAnswer {
  return invalidArgument(`Unable to process input image. ${REPORT}`);
}

const SERVICE = 'generativelanguage.googleapis.com';
const REPORT = 'Please retry or report in https://developers.generativeai.google/guide/troubleshooting';
const QUOTA_METRIC = `${SERVICE}/generate_content_free_tier_requests`;
const RATE_LIMITS = 'https://ai.google.dev/gemini-api/docs/rate-limits';

function quotaExceeded(quotaId: string, limit: number, model: string, retryAfterSeconds: number): StatusAnswer {
  const violation = { quotaMetric: QUOTA_METRIC, quotaId, quotaDimensions: { location: 'global', model } };
  const lines = [
    `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: ${RATE_LIMITS}. `,
    `* Quota exceeded for metric: ${QUOTA_METRIC}, limit: ${limit}, model: ${model}`,
    Number.isInteger(retryAfterSeconds) ? `Please retry in ${retryAfterSeconds}.5s.` : `Please retry in ${retryAfterSeconds}s.`,
  ];
  return googleError(429, 'RESOURCE_EXHAUSTED', lines.join('\n'), [
    help('Learn more about Gemini API quotas', RATE_LIMITS),
    {
      '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
      // The wire leaves a value of zero out.
      violations: [limit === 0 ? violation : { ...violation, quotaValue: String(limit) }],
    },
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` },
  ]);
}

function help(description: string, url: string): object {
  return { '@type': 'type.googleapis.com/google.rpc.Help', links: [{ description, url }] };
}

function errorInfo(reason: string, metadata: Record<string, string>): object {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata };
}
