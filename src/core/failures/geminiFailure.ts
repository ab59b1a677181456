import { type FailureAction, type FailureReason, InspectorError } from '../base/failure.ts';
import { formatBytes } from '../base/format.ts';
import { t } from '../base/l10n.ts';
import { sanitizeForUi, withoutControls } from '../base/sanitizeForUi.ts';
import { modelInfo, retiredSince } from '../models/models.ts';
import type { VertexPlace } from '../models/vertex.ts';
import type { GeminiReply } from '../usage/geminiReply.ts';
import { type ApiError, readApiError } from './apiError.ts';
import { addedWords, endingInWords, refusalInWords, shownWord } from './endings.ts';
import { type ErrorKind, errorKind, isStorageFull, isTransientStatus, unsupportedType } from './errorKind.ts';
import { redactSecret } from './redactSecret.ts';
import { vertexMessage } from './vertexFailure.ts';

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
export interface RefusedRequest {
  /** HTTP status; 200 for an error inside a stream. */
  status: number;
  /** As it came: see readApiError. */
  body: string;
  /** The header `retry-after`. */
  retryAfter?: string | null;
}

/** The failure for an error of the API. Gemini's own words are the cause, for the log. */
export function apiFailure(refused: RefusedRequest, asked: AskedFor): InspectorError {
  const error = readApiError(refused.status, refused.body, refused.retryAfter);
  const { reason, message, detail = '', actions, isTransient, uploadExpired } = describe(error, asked);
  const { retryAfterSeconds } = error;
  const enableUrl = actions.includes('enableApi') ? error.enableUrl : undefined;
  const cause = new Error(wordsOf(error, asked));
  return new InspectorError(reason, message, { detail, actions, retryAfterSeconds, isTransient, uploadExpired, enableUrl, cause });
}

interface Description {
  reason: FailureReason;
  message: string;
  detail?: string;
  actions: readonly FailureAction[];
  /** Where the reason alone does not tell. */
  isTransient?: boolean;
  uploadExpired?: true;
}

/** What the error says of itself in one line, without the key. */
function wordsOf(error: ApiError, asked: AskedFor): string {
  const head = ['HTTP', error.code, error.status, ...error.reasons].filter((word) => word !== '').join(' ');
  return harmless(`${head}: ${error.page ? 'a web page' : error.message}`, asked);
}

/** Words that came from elsewhere: on one line, without the key, and not for ever. Cut first, since masking takes its time. */
export function harmless(words: string, { secret }: AskedFor): string {
  return redactSecret(withoutControls(words.slice(0, 8000)), secret).slice(0, 2000);
}

/** The API's own words, for people. */
function apiMessage({ message }: ApiError, asked: AskedFor): string {
  return sanitizeForUi(harmless(message, asked), 300);
}

function describe(error: ApiError, asked: AskedFor): Description {
  const { code } = error;
  // A page with a client's error is no word of the API: a proxy, a sign-in page, a wrong address.
  if (error.page && code < 500 && code !== 413 && code !== 429 && !isTransientStatus(code)) return webPage(code, asked.host);
  const kind = errorKind(error);
  const gone = kind === 'modelNotFound' || kind === 'quota' ? retired(kind === 'quota', asked) : undefined;
  if (gone !== undefined) return gone;
  const description = ofKind(kind, error, asked);
  if (asked.vertex === undefined || error.page || kind === 'billing') return description;
  // With Vertex AI it is no matter of a key.
  const { reason, detail = '' } = description;
  const hasOwnDetail = kind === 'location' || kind === 'suspended';
  return { ...description, ...vertexMessage(reason, error, asked.vertex, asked.model), ...(hasOwnDetail ? { detail } : {}) };
}

function ofKind(kind: ErrorKind, error: ApiError, asked: AskedFor): Description {
  const { code } = error;
  const model = sanitizeForUi(asked.model ?? '');
  switch (kind) {
    case 'badKey':
      return badKey('');
    case 'expiredKey':
      return badKey(t('It has expired.'));
    case 'leakedKey':
      return denied(t('Google reports this key as leaked. Set another one.'));
    case 'restrictedKey':
      return denied(t('The key is restricted to other services, addresses or apps.'));
    case 'switchedOff':
      return denied(t("The Gemini API isn't enabled in this key's project."), error.enableUrl === undefined ? [] : ['enableApi']);
    case 'suspended':
      return denied(t('Google has suspended the project.'));
    case 'denied':
      return denied(apiMessage(error, asked));
    case 'location':
      return denied(t('Google does not offer the Gemini API at your location.'));
    case 'billing':
      return {
        reason: 'permissionDenied',
        message: t('Billing must be enabled for this.'),
        detail: t('Set up billing for the project in Google AI Studio or Google Cloud. Gemini says: {0}', apiMessage(error, asked)),
        actions: ['setApiKey', 'openLog'],
      };
    case 'modelNotFound':
      return asked.model === undefined ? badRequest(error, asked) : modelNotFound(model, error, asked);
    case 'uploadExpired':
      // A file that has expired, was deleted or belongs to another key: not a matter of this key.
      return { ...stumbled(code), detail: t('The uploaded image no longer exists.'), isTransient: false, uploadExpired: true };
    case 'fileNotReady':
      return { reason: 'server', message: t('The uploaded image is not ready yet.'), actions: AGAIN, isTransient: true };
    case 'tooLarge':
      return tooLarge(asked);
    case 'tooManyTokens':
      return tooMuch(t('The request has more tokens than the model takes.'), error, asked);
    case 'tooManyImages':
      return tooMuch(t('The request has more images than the model takes.'), error, asked);
    case 'unsupportedImage':
      return unsupportedImage(unsupportedType(error.message) ?? '', apiMessage(error, asked));
    case 'unreadableImage':
      return {
        reason: 'unreadableImage',
        message: t('The file is not a readable image.'),
        detail: t('Gemini could not read it.'),
        actions: ['openAsText'],
      };
    case 'blocked':
      return {
        reason: 'blocked',
        message: t('Gemini refused this image or prompt.'),
        detail: apiMessage(error, asked),
        actions: ['editPrompt', 'openLog'],
      };
    case 'quota':
      return quotaExhausted(error, asked);
    case 'rate':
      return { reason: 'rateLimited', message: t('Too many requests.'), actions: AGAIN };
    case 'busy':
      return { reason: 'overloaded', message: t('Gemini is busy.'), actions: AGAIN };
    case 'slow':
      return { ...stumbled(code), message: t('Gemini did not answer in time ({0}).', code) };
    case 'stumbled':
      return stumbled(code);
    case 'badRequest':
      return badRequest(error, asked);
    default:
      return kind satisfies never;
  }
}

const AGAIN: readonly FailureAction[] = ['tryAgain', 'openLog'];

function badKey(detail: string): Description {
  return { reason: 'invalidApiKey', message: t('Gemini did not accept the API key.'), detail, actions: ['setApiKey', 'getApiKey'] };
}

/** What is wrong with the request stays wrong, so there is no other try: the API's own words say what it is. */
function badRequest(error: ApiError, asked: AskedFor): Description {
  const words = apiMessage(error, asked);
  // Inside a stream there may be neither number nor words.
  if (error.code === 0) return { ...stumbled(0), detail: words, isTransient: false };
  const message = words === '' ? t('Gemini reported an error ({0}).', error.code) : t('Gemini refused the request: {0}', words);
  return { reason: 'server', message, actions: asked.model === undefined ? ['openLog'] : ['selectModel', 'openLog'], isTransient: false };
}

function unsupportedImage(mimeType: string, words: string): Description {
  const kind = sanitizeForUi(mimeType.replace('image/', ''), 40).toUpperCase();
  const actions: FailureAction[] = ['openLog'];
  return kind === ''
    ? { reason: 'unsupportedImage', message: t('This kind of image cannot be sent.'), detail: words, actions }
    : { reason: 'unsupportedImage', message: t('This kind of image cannot be sent: {0}.', kind), actions };
}

function tooLarge({ bytes }: AskedFor): Description {
  const message =
    bytes === undefined ? t('The image is too large to send.') : t('The image is too large to send ({0}).', formatBytes(bytes));
  return { reason: 'tooLarge', message, actions: ['openSettings'] };
}

function tooMuch(message: string, error: ApiError, asked: AskedFor): Description {
  return { reason: 'tooLarge', message, detail: apiMessage(error, asked), actions: ['selectModel', 'openLog'] };
}

function modelNotFound(model: string, error: ApiError, asked: AskedFor): Description {
  return {
    reason: 'modelNotFound',
    message: t('The model "{0}" is not available to this key.', model),
    // Of one that never was the API only tells how to list others.
    detail: /no longer|new users|retired|deprecated|discontinued/i.test(error.message) ? apiMessage(error, asked) : '',
    actions: ['selectModel', 'openLog'],
  };
}

/** A model that the table knows to be switched off is also refused as if its quota were used up: waiting or another key would not help. */
function retired(isQuota: boolean, { model, date }: AskedFor): Description | undefined {
  const since = model === undefined ? undefined : retiredSince(modelInfo(model, date), date);
  if (model === undefined || since === undefined) return undefined;
  return {
    reason: 'modelNotFound',
    message:
      since === ''
        ? t('The model "{0}" has been retired by Google.', sanitizeForUi(model))
        : t('The model "{0}" was retired by Google on {1}.', sanitizeForUi(model), since),
    detail: isQuota ? t('Gemini reports it as an exceeded quota. Choose another model.') : t('Choose another model.'),
    actions: ['selectModel', 'openLog'],
  };
}

function denied(detail: string, first: readonly FailureAction[] = []): Description {
  return {
    reason: 'permissionDenied',
    message: t('This key may not use the Gemini API or this model.'),
    detail,
    actions: [...first, 'setApiKey', 'openLog'],
  };
}

function quotaExhausted(error: ApiError, asked: AskedFor): Description {
  if (isStorageFull(error)) {
    return {
      reason: 'quotaExhausted',
      message: t("Google's space for the uploaded files of this key's project is full."),
      detail: t('Delete uploads, or wait: each is gone 48 hours after it was uploaded.'),
      actions: ['openLog'],
    };
  }
  const isFreeTier = /free.?tier/i.test(error.message) && /\blimit: 0(?![\d.])/.test(error.message);
  const isMoney = /\bcredits?\b|\bspend/i.test(error.message);
  return {
    reason: 'quotaExhausted',
    message: t('The quota of this key is used up. Waiting a minute will not help.'),
    detail: isFreeTier ? t('Its free tier has none for this model.') : isMoney ? apiMessage(error, asked) : '',
    actions: ['selectModel', 'setApiKey'],
  };
}

function stumbled(code: number): Description {
  const message = code === 0 ? t('Gemini reported an error.') : t('Gemini reported an error ({0}).', code);
  return { reason: 'server', message, actions: AGAIN, isTransient: code >= 500 || isTransientStatus(code) };
}

function webPage(code: number, host: string): Description {
  return {
    ...unreachable,
    message: t('Gemini could not be reached.'),
    detail: t('{0} answered with a web page ({1}). A proxy or a sign-in page may stand in between.', host, code),
  };
}

const unreachable = { reason: 'network', actions: ['tryAgain', 'openLog'] } satisfies Omit<Description, 'message'>;

/** The ends of an answer that mean a refusal, such as SAFETY, IMAGE_PROHIBITED_CONTENT or SPII; also those that are not known yet. */
const BLOCKED = /SAFETY|PROHIBITED|BLOCK|RECITATION|SPII|JAILBREAK|MODEL_ARMOR|ESCALATION/;

/** The failure for a reply without text: a refusal by name, or no answer at all. Undefined where there is text. */
export function replyFailure(reply: GeminiReply): InspectorError | undefined {
  if (reply.text.trim() !== '') return undefined;
  const { blockReason, finishReason = '', endMessage } = reply;
  const categories = sanitizeForUi(reply.blockedCategories.map((category) => category.replace('HARM_CATEGORY_', '')).join(', '));
  const named = categories === '' ? '' : t('Named by Gemini: {0}.', categories);
  const detail = [named, addedWords(endMessage)].filter(Boolean).join(' ');
  const actions = ['editPrompt', 'openLog'] as const;
  if (blockReason !== undefined) return new InspectorError('blocked', refusalInWords(blockReason), { detail, actions });
  const word = shownWord(finishReason);
  const words = endingInWords(finishReason);
  // It stays so: neither another prompt nor another attempt helps.
  if (finishReason === 'PUP_LIMITED_DISABLED')
    return new InspectorError('permissionDenied', words ?? word, { detail, actions: ['setApiKey', 'openLog'] });
  if (BLOCKED.test(word))
    return new InspectorError('blocked', words ?? t('Gemini refused this image or prompt ({0}).', word), { detail, actions });
  const nothing = word === '' ? t('Gemini sent no answer.') : t('Gemini sent no answer (reason: {0}).', word);
  const isKnown = words !== undefined;
  return new InspectorError('emptyReply', isKnown ? words : nothing, {
    detail: [isKnown && t('It sent no answer.'), detail].filter(Boolean).join(' '),
    actions: ['tryAgain', 'openLog'],
  });
}
