import { type ApiError, readApiError } from './apiError.ts';
import { type FailureAction, type FailureReason, InspectorError } from './failure.ts';
import { t } from './l10n.ts';
import { modelInfo, retiredSince } from './models.ts';
import { plain, withoutControls } from './plain.ts';
import type { GeminiReply } from './request.ts';
import type { VertexPlace } from './vertex.ts';
import { vertexWords } from './vertexFailure.ts';
import { withoutSecret } from './withoutSecret.ts';

/** What was asked, for the words of a failure. */
export interface AskedFor {
  /** Of the destination. */
  host: string;
  /** The key in use: never to be seen in a message. */
  secret: string;
  model?: string;
  /** On which day. */
  date: Date;
  /** Set where Vertex AI was asked, with credentials in place of a key. */
  vertex?: VertexPlace;
  /** Bytes of the whole request. */
  bytes?: number;
}

/** An answer of the server that is an error. */
export interface Refused {
  /** HTTP status; 200 for an error inside a stream. */
  status: number;
  /** As it came: see readApiError. */
  body: string;
  /** The header `retry-after`. */
  retryAfter?: string | null;
}

/** The failure for an error of the API, by its reasons and status before its words. Gemini's own words are the cause, for the log. */
export function apiFailure(refused: Refused, asked: AskedFor): InspectorError {
  const error = readApiError(refused.status, refused.body, refused.retryAfter);
  const described = describe(error, asked);
  const { reason, fileGone } = described;
  const { message, detail = '', actions } = wordsOfVertex(reason, error, asked) ?? described;
  const { retryAfterSeconds } = error;
  const mayPass = reason === 'server' ? PASSING.includes(error.code) : undefined;
  const cause = new Error(wordsOf(error, asked));
  return new InspectorError(reason, message, { detail, actions, retryAfterSeconds, mayPass, fileGone, cause });
}

/** With Vertex AI it is no matter of a key. */
function wordsOfVertex(reason: FailureReason, error: ApiError, asked: AskedFor): ReturnType<typeof vertexWords> {
  if (asked.vertex === undefined || error.page || retired(error, asked) !== undefined) return undefined;
  return vertexWords(reason, error, asked.vertex, asked.model);
}

/** Statuses of a server, or of something before it, that stumbled. */
const PASSING: readonly number[] = [408, 500, 502, 503, 504];

interface Description {
  reason: FailureReason;
  message: string;
  detail?: string;
  actions: FailureAction[];
  fileGone?: true;
}

/** What the error says of itself in one line, without the key. */
function wordsOf(error: ApiError, { secret }: AskedFor): string {
  const head = ['HTTP', error.code, error.status, ...error.reasons].filter((word) => word !== '').join(' ');
  return withoutSecret(withoutControls(`${head}: ${error.page ? 'a web page' : error.message}`), secret).slice(0, 2000);
}

function describe(error: ApiError, asked: AskedFor): Description {
  const { code, status, message } = error;
  // A page with a client's error is no word of the API: a proxy, a sign-in page, a wrong address.
  if (error.page && code < 500 && code !== 413 && code !== 429) return webPage(code, asked.host);
  if (isBadKey(error))
    return { reason: 'invalidApiKey', message: t('Gemini did not accept the API key.'), actions: ['setApiKey', 'getApiKey'] };
  if (/\bfiles?\b/i.test(message) && /may not exist|not found/i.test(message) && (code === 403 || code === 404)) return fileGone(code);
  if (code === 413 || (code === 400 && TOO_LARGE.test(message))) return tooLarge(asked);
  const gone = retired(error, asked);
  if (gone !== undefined) return gone;
  if (code === 429 || status === 'RESOURCE_EXHAUSTED') return isExhausted(error) ? quotaExhausted() : rateLimited();
  if (code === 404 && asked.model !== undefined) return modelNotFound(asked.model);
  if (code === 403) return denied(permissionDetail(error));
  if (code === 400) return badRequest(message);
  if (code === 503 || status === 'UNAVAILABLE')
    return { reason: 'overloaded', message: t('Gemini is busy.'), actions: ['tryAgain', 'openLog'] };
  return serverError(code);
}

const TOO_LARGE = /payload size exceeds|too large to be read|exceeds the maximum number of tokens/i;

function isBadKey({ code, reasons, message }: ApiError): boolean {
  if (reasons.includes('API_KEY_INVALID') || code === 401) return true;
  return code === 400 && /\bapi key (not valid|not found|expired)/i.test(message);
}

/** True where waiting a minute does not help: a share of a day or longer is used up, there is none at all, or no money is left. */
function isExhausted({ quotas, message }: ApiError): boolean {
  if (quotas.some(({ id, value }) => /Per(Day|Week|Month)/i.test(id) || value === '0')) return true;
  return /\blimit: 0(?![\d.])|\bper day\b|credits? (is|are) depleted|spend(ing)? (cap|limit)/i.test(message);
}

function badRequest(message: string): Description {
  if (/location is not supported|not available in your (country|region)/i.test(message))
    return denied(t('Google does not offer the Gemini API at your location.'));
  const mimeType = /mime ?type[^a-z]+([a-z]+\/[\w.+-]+)/i.exec(message)?.[1] ?? (/unsupported mime ?type/i.test(message) ? '?' : undefined);
  if (mimeType !== undefined) return unsupportedImage(mimeType);
  if (
    /unable to process input image|image is not valid|(could not|cannot|failed to) (decode|process|read) (the )?(input )?image/i.test(
      message,
    )
  ) {
    return {
      reason: 'unreadableImage',
      message: t('The file is not a readable image.'),
      detail: t('Gemini could not read it.'),
      actions: ['openAsText'],
    };
  }
  return serverError(400);
}

function unsupportedImage(mimeType: string): Description {
  const kind = plain(mimeType.replace('image/', ''), 40).toUpperCase();
  return { reason: 'unsupportedImage', message: t('This kind of image cannot be sent: {0}.', kind), actions: ['openLog'] };
}

function tooLarge({ bytes }: AskedFor): Description {
  const megabytes = bytes === undefined ? undefined : (bytes / 1e6).toLocaleString(undefined, { maximumFractionDigits: 1 });
  const message = megabytes === undefined ? t('The image is too large to send.') : t('The image is too large to send ({0} MB).', megabytes);
  return { reason: 'tooLarge', message, actions: ['openSettings'] };
}

function modelNotFound(model: string): Description {
  return {
    reason: 'modelNotFound',
    message: t('The model "{0}" is not available to this key.', plain(model)),
    actions: ['selectModel', 'openLog'],
  };
}

/** A model that the table knows to be switched off is also refused as if its quota were used up: waiting or another key would not help. */
function retired(error: ApiError, { model, date }: AskedFor): Description | undefined {
  const since = model === undefined ? undefined : retiredSince(modelInfo(model, date), date);
  if (model === undefined || since === undefined) return undefined;
  const isQuota = (error.code === 429 || error.status === 'RESOURCE_EXHAUSTED') && isExhausted(error);
  if (error.code !== 404 && !isQuota) return undefined;
  return {
    reason: 'modelNotFound',
    message:
      since === ''
        ? t('The model "{0}" has been switched off by Google.', plain(model))
        : t('The model "{0}" was switched off by Google on {1}.', plain(model), since),
    detail: isQuota ? t('Gemini calls it a used-up quota. Choose another model.') : t('Choose another model.'),
    actions: ['selectModel', 'openLog'],
  };
}

function denied(detail: string): Description {
  return {
    reason: 'permissionDenied',
    message: t('This key may not use the Gemini API or this model.'),
    detail,
    actions: ['setApiKey', 'openLog'],
  };
}

function permissionDetail({ reasons, message }: ApiError): string {
  if (reasons.includes('SERVICE_DISABLED')) return t('The Gemini API is not switched on for the project of this key.');
  if (reasons.some((reason) => /^API_KEY_\w+_BLOCKED$/.test(reason)))
    return t('The key is restricted to other services, addresses or apps.');
  if (/\bleaked\b/i.test(message)) return t('Google reports this key as leaked. Set another one.');
  return '';
}

function quotaExhausted(): Description {
  return {
    reason: 'quotaExhausted',
    message: t('The quota of this key is used up. Waiting a minute will not help.'),
    actions: ['selectModel', 'setApiKey'],
  };
}

function rateLimited(): Description {
  return { reason: 'rateLimited', message: t('Too many requests.'), actions: ['tryAgain', 'openLog'] };
}

/** A file that was uploaded and has expired, was deleted or belongs to another key: not a matter of this key. */
function fileGone(code: number): Description {
  return { ...serverError(code), detail: t('The uploaded image is no longer there.'), fileGone: true };
}

function serverError(code: number): Description {
  const message = code === 0 ? t('Gemini reported an error.') : t('Gemini reported an error ({0}).', code);
  return { reason: 'server', message, actions: ['tryAgain', 'openLog'] };
}

function webPage(code: number, host: string): Description {
  return {
    ...unreachable,
    message: t('Gemini could not be reached.'),
    detail: t('{0} answered with a web page ({1}). A proxy or a sign-in page may stand in between.', host, code),
  };
}

const unreachable = { reason: 'network', actions: ['tryAgain', 'openLog'] } satisfies Omit<Description, 'message'>;

/**
 * The failure for a request that got no answer.
 * @param code what the system or the HTTP client calls it, such as ENOTFOUND; empty if it has no name
 */
export function networkFailure(code: string, { host, secret }: AskedFor, cause?: unknown): InspectorError {
  const words = withoutSecret(withoutControls(cause instanceof Error ? cause.message : String(cause ?? code)), secret).slice(0, 2000);
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code)) {
    return new InspectorError('timeout', t('Gemini did not answer in time.'), {
      actions: ['tryAgain', 'openLog'],
      cause: new Error(words),
    });
  }
  return new InspectorError('network', t('Gemini could not be reached.'), {
    detail: networkDetail(code, host),
    actions: ['tryAgain', 'openLog'],
    cause: new Error(words),
    mayPass: !LASTING.test(code),
  });
}

/** What will be the same a moment later: a name that does not exist, a certificate, an answer of something else than the API. */
const LASTING = /^(ENOTFOUND|ERR_NAME_NOT_RESOLVED|REDIRECTED|NO_REPLY)$|CERT|SIGNATURE|TLS|SSL/;

function networkDetail(code: string, host: string): string {
  if (/^(ENOTFOUND|EAI_AGAIN|ERR_NAME_NOT_RESOLVED)$/.test(code)) return t('The name {0} could not be found.', host);
  if (/^(ECONNREFUSED|ERR_CONNECTION_REFUSED)$/.test(code)) return t('{0} refused the connection.', host);
  if (/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|CUT|ERR_CONNECTION_(RESET|CLOSED))$/.test(code)) return t('The connection to {0} was lost.', host);
  if (/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|ERR_(CONNECTION_)?TIMED_OUT)$/.test(code)) return t('{0} did not answer.', host);
  if (/CERT|SIGNATURE|TLS|SSL/.test(code))
    return t('The connection to {0} is not secure: its certificate was not accepted ({1}).', host, code);
  if (code === 'REDIRECTED') return t('{0} sends requests on to another address, which is not followed.', host);
  if (code === 'NO_REPLY') return t('The answer of {0} could not be understood.', host);
  return code === '' ? t('{0} cannot be reached.', host) : t('{0} cannot be reached ({1}).', host, code);
}

/** The reasons of the API that mean a refusal, such as SAFETY, IMAGE_PROHIBITED_CONTENT or SPII. */
const BLOCKED = /SAFETY|PROHIBITED|BLOCK|RECITATION|SPII|JAILBREAK|MODEL_ARMOR/;

/** The failure for a reply without text: a refusal by name, or no answer at all. Undefined where there is text. */
export function replyFailure(reply: GeminiReply): InspectorError | undefined {
  if (reply.text.trim() !== '') return undefined;
  const reason = plain(reply.blockReason ?? reply.finishReason ?? '', 60);
  if (reply.blockReason !== undefined || BLOCKED.test(reason)) {
    const categories = plain(reply.blockedCategories.map((category) => category.replace('HARM_CATEGORY_', '')).join(', '));
    const detail = categories === '' ? '' : t('Named by Gemini: {0}.', categories);
    return new InspectorError('blocked', t('Gemini refused this image or prompt ({0}).', reason), {
      detail,
      actions: ['editPrompt', 'openLog'],
    });
  }
  const message = reason === '' ? t('Gemini sent no answer.') : t('Gemini sent no answer (reason: {0}).', reason);
  return new InspectorError('emptyReply', message, { actions: ['tryAgain', 'openLog'] });
}
