import type { ApiError } from './apiError.ts';

/** What an error of the API is about. */
export type ErrorKind =
  | 'badKey'
  | 'expiredKey'
  | 'leakedKey'
  | 'restrictedKey'
  | 'switchedOff'
  | 'suspended'
  | 'denied'
  | 'billing'
  | 'location'
  | 'modelNotFound'
  | 'uploadExpired'
  | 'fileNotReady'
  | 'tooLarge'
  | 'tooManyTokens'
  | 'tooManyImages'
  | 'unsupportedImage'
  | 'unreadableImage'
  | 'blocked'
  | 'quota'
  | 'rate'
  | 'busy'
  | 'slow'
  | 'stumbled'
  | 'badRequest';

/**
 * What an error is about: by its reasons and its status first, by its words where these say too little. Google changes words without notice and has several for
 * one thing, so what is looked for is the gist of a sentence, and what is in none of the patterns is told in the API's own words.
 */
export function errorKind(error: ApiError): ErrorKind {
  const { code, status, reasons, message } = error;
  if (isBadKey(error)) return /\bexpired\b/i.test(message) || reasons.includes('API_KEY_EXPIRED') ? 'expiredKey' : 'badKey';
  if (code === 429 || status === 'RESOURCE_EXHAUSTED') return isExhausted(error) ? 'quota' : 'rate';
  if (code >= 500 || isTransientStatus(code)) return serverKind(error);
  if (code === 413) return 'tooLarge';
  if (/\bfiles?\b/i.test(message)) {
    if (/may not exist|does not exist|not found|has expired/i.test(message)) return 'uploadExpired';
    if (/not( \w+){0,4} (active|ready)\b|still( being)? process|\bstate:? processing/i.test(message)) return 'fileNotReady';
  }
  if (needsBilling(error)) return 'billing';
  if (
    /location is not supported|not (available|supported|offered) in your (country|region|location)|unsupported (country|region)/i.test(
      message,
    )
  )
    return 'location';
  if (/\bleaked\b/i.test(message)) return 'leakedKey';
  if (code === 404 || /unexpected model name/i.test(message)) return 'modelNotFound';
  if (code === 403) return permissionKind(error);
  return requestKind(message);
}

/** True for statuses below 500 after which the same request may go through: it took too long, met another one, or was given up on the way. */
export function isTransientStatus(code: number): boolean {
  return code === 408 || code === 409 || code === 425 || code === 499;
}

function isBadKey({ code, reasons, message }: ApiError): boolean {
  if (reasons.includes('API_KEY_INVALID') || reasons.includes('API_KEY_EXPIRED') || code === 401) return true;
  if (code === 403 && /unregistered callers/i.test(message)) return true;
  return (
    code === 400 &&
    /\bapi[ _]key( \w+)? (not valid|not found|invalid|expired|missing)|(invalid|valid|expired|missing) api[ _]key/i.test(message)
  );
}

/** True where waiting a minute does not help: a share of a day or longer is used up, there is none at all, or no money is left. */
function isExhausted({ quotas, message }: ApiError): boolean {
  if (isStorageFull({ quotas }) || quotas.some(({ id, value }) => /Per(Day|Week|Month)/i.test(id) || value === '0')) return true;
  return /\blimit: 0(?![\d.])|\bper day\b|credits? (is|are|balance is) (depleted|exhausted|too low)|spend(ing)? (cap|limit)/i.test(message);
}

/** True where the project has no room for another uploaded file. */
export function isStorageFull({ quotas }: Pick<ApiError, 'quotas'>): boolean {
  return quotas.some(({ id }) => /FileStorageBytes/i.test(id));
}

function serverKind({ code, status, message }: ApiError): ErrorKind {
  if (code === 503 || code === 529 || status === 'UNAVAILABLE' || /\boverloaded\b|high demand/i.test(message)) return 'busy';
  return code === 408 || code === 504 || code === 522 || code === 524 ? 'slow' : 'stumbled';
}

/** Also where a country is named: there is no free use there, but use that is paid for. */
function needsBilling({ code, reasons, message }: ApiError): boolean {
  return code === 402 || reasons.includes('BILLING_DISABLED') || /\bbill(ing|ed)\b|\bpaid (tier|plan|account)/i.test(message);
}

function permissionKind({ reasons, message }: ApiError): ErrorKind {
  if (reasons.includes('SERVICE_DISABLED') || /has not been (used|enabled)|it is disabled|is not enabled for/i.test(message))
    return 'switchedOff';
  if (reasons.some((reason) => reason.startsWith('CONSUMER_')) || /\bsuspended\b/i.test(message)) return 'suspended';
  if (reasons.some((reason) => /^API_KEY_\w+_BLOCKED$/.test(reason))) return 'restrictedKey';
  return /\brefer?rer\b|\breferer\b|address restriction|\b(are|is) blocked\b/i.test(message) ? 'restrictedKey' : 'denied';
}

/** Of a request that the API does not take as it is. */
function requestKind(message: string): ErrorKind {
  if (/token count|maximum number of( \w+)? tokens|too many tokens/i.test(message)) return 'tooManyTokens';
  if (/(at most|fewer than|maximum of|more than) \d+ images?\b|too many images|number of images/i.test(message)) return 'tooManyImages';
  if (/too large to be read|\b(payload|request|image|file|body)( \w+){0,3} (exceeds?|(is |are )?too large)\b/i.test(message))
    return 'tooLarge';
  if (unsupportedType(message) !== undefined) return 'unsupportedImage';
  if (UNREADABLE.test(message)) return 'unreadableImage';
  return /responsible ai|\b(prompt|image|content)( \w+){0,3} (blocked|violates?)\b/i.test(message) ? 'blocked' : 'badRequest';
}

const UNREADABLE = new RegExp(
  [
    String.raw`\b(unable to|failed to|could not|couldn't|cannot|can't) (decode|process|read|parse|load|open)( \w+){0,4} image`,
    String.raw`\bimage( \w+){0,3} (not valid|invalid|corrupt(ed)?|damaged|empty|unreadable)\b`,
    String.raw`\binvalid (input )?image( data| file| bytes| content)?(?=[.,:;]|$)`,
    String.raw`\bimage( \w+){0,3} (cannot|could not|can't|couldn't) be (decoded|processed|read|parsed|loaded|opened)`,
  ].join('|'),
  'i',
);

/** The MIME type that the API says it does not take; empty if it names none, undefined if that is not what it says. */
export function unsupportedType(message: string): string | undefined {
  if (/base64|response.{0,3}mime|json mode/i.test(message)) return undefined;
  if (
    !/unsupported|invalid|unknown|unrecogni[sz]ed|(\bnot|n't)( \w+){0,2} (support|allow|accept|valid|recogni[sz]ed)|must be/i.test(message)
  )
    return undefined;
  // What comes behind is a list of those that it takes.
  const [said = ''] = message.split(
    /(?<!un)(?:supported|allowed|accepted|valid)(?: \w+)? (?:types|formats|values)|\bone of\b|\bmust be\b/i,
  );
  const type = /\b(?:image|video|audio)\/[\w.+-]*\w|\bapplication\/(?!json)[\w.+-]*\w/i.exec(said)?.[0];
  if (type !== undefined) return type;
  return /\bmime.?type|\bmedia.?type|\b(file|image) (type|format)/i.test(message) ? '' : undefined;
}
