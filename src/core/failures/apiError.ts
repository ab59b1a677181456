import { isRecord } from '../base/shape.ts';
/** An error of the API, out of whatever it came wrapped in. */
export interface ApiError {
  /** HTTP status, 400 to 599, or 0 if none is known. */
  code: number;
  /** The API's word, such as RESOURCE_EXHAUSTED; empty if there is none. */
  status: string;
  /** Cut where it is very long. */
  message: string;
  /** `reason` of the details, such as API_KEY_INVALID. */
  reasons: readonly string[];
  /** Quotas that were exceeded. */
  quotas: readonly { id: string; value: string }[];
  retryAfterSeconds: number | undefined;
  /** Where Google's console switches on what the error is about. */
  enableUrl?: string;
  /** The body was a web page: it came from something in between. */
  page: boolean;
}

/**
 * Reads the body of an error. It may be the API's JSON; the same within a list; JSON whose message is such JSON again, several times over;
 * behind words as in `got status: UNAVAILABLE. {…}`; a web page; or just words.
 */
export function readApiError(httpStatus: number, body: string, retryAfter?: string | null): ApiError {
  const found: ApiError = {
    code: isErrorCode(httpStatus) ? httpStatus : 0,
    status: '',
    message: '',
    reasons: [],
    quotas: [],
    retryAfterSeconds: seconds(retryAfter),
    page: false,
  };
  let text = body;
  for (let depth = 0; depth < MOST_WRAPPINGS; depth++) {
    const error = errorIn(text);
    if (error === undefined) break;
    found.code = codeOf(error.code) ?? found.code;
    if (typeof error.status === 'string' && /^[A-Z_]+$/.test(error.status)) found.status = error.status;
    if (Array.isArray(error.details)) readDetails(found, error.details.filter(isRecord));
    text = typeof error.message === 'string' ? error.message : '';
  }
  found.page = /^\s*<(!doctype|html|head|body|\?xml)/i.test(text);
  found.message = found.page ? '' : text.trim().slice(0, LONGEST_MESSAGE);
  found.retryAfterSeconds ??= retryIn(found.message);
  if (found.code === 0) found.code = CODES[found.status] ?? 0;
  return found;
}

const MOST_WRAPPINGS = 5;
/** In characters: what is looked through for words, and masked. */
const LONGEST_MESSAGE = 8000;

/** HTTP statuses by the API's words, for errors that carry no number. */
const CODES: Readonly<Record<string, number>> = {
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  DATA_LOSS: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** The `error` object in a text, if there is one: from its first brace on, or in the first entry of a list. */
function errorIn(text: string): Record<string, unknown> | undefined {
  const start = text.search(/[{[]/);
  if (start < 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start));
  } catch {
    return undefined;
  }
  const outer = Array.isArray(value) ? value[0] : value;
  if (!isRecord(outer)) return undefined;
  if (typeof outer.error === 'string') return { message: outer.error };
  if (isRecord(outer.error)) return outer.error;
  // Gateways leave the outer object out.
  return typeof outer.message === 'string' ? outer : undefined;
}

function readDetails(found: ApiError, details: readonly Record<string, unknown>[]): void {
  found.reasons = [...found.reasons, ...details.map(({ reason }) => reason).filter((reason) => typeof reason === 'string')];
  const violations = details.flatMap((detail) => (Array.isArray(detail.violations) ? detail.violations.filter(isRecord) : []));
  found.quotas = [
    ...found.quotas,
    ...violations.map(({ quotaId, quotaValue }) => ({ id: String(quotaId ?? ''), value: String(quotaValue ?? '') })),
  ];
  const links = details.flatMap(({ links, metadata }) => [
    ...(isRecord(metadata) ? [metadata.activationUrl] : []),
    ...(Array.isArray(links) ? links.filter(isRecord).map(({ url }) => url) : []),
  ]);
  const enableUrl = links.find(isConsole);
  if (enableUrl !== undefined) found.enableUrl = enableUrl;
  for (const { retryDelay } of details) found.retryAfterSeconds = seconds(retryDelay) ?? found.retryAfterSeconds;
}

/** Links of errors are foreign: only those into Google's own console are kept. */
function isConsole(url: unknown): url is string {
  return typeof url === 'string' && url.length <= 500 && /^https:\/\/console\.(?:developers|cloud)\.google\.com\/[\w./?=&%~+-]*$/.test(url);
}

/** `47s`, `0.5s` or a plain number of seconds. */
function seconds(text: unknown): number | undefined {
  const number = typeof text === 'string' ? /^(\d+(?:\.\d+)?)s?$/.exec(text.trim())?.[1] : undefined;
  return number === undefined ? undefined : Number(number);
}

/** The wait that stands in the words of a quota only, such as "Please retry in 1h2m3.5s." or "in 512ms". */
function retryIn(message: string): number | undefined {
  const [, hours = 0, minutes = 0, amount, unit] = /\bretry in (?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)(ms|s))?/i.exec(message) ?? [];
  const rest = unit === 'ms' ? Number(amount) / 1000 : Number(amount ?? 0);
  const all = Number(hours) * 3600 + Number(minutes) * 60 + rest;
  return all > 0 ? all : undefined;
}

/** An HTTP status, as a number or in digits. */
function codeOf(value: unknown): number | undefined {
  const code = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return isErrorCode(code) ? code : undefined;
}

function isErrorCode(value: unknown): value is number {
  return typeof value === 'number' && value >= 400 && value < 600;
}
