import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { type ImageType, mayBecomeSvg, sniffImageType } from '../../imaging/formats/imageType.ts';
import { brokenOff, notReached, statusFailure, tooManyBytes, unknownType } from './fetchFailures.ts';
import { FetchTimeout, type TimeLimits } from './fetchTimeout.ts';
import { readAddress } from './webAddress.ts';
import type { WebGet, WebReply } from './webReply.ts';

/** How far a fetch has come; bytes as decoded, `total` where the server has said it. */
export interface FetchProgress {
  bytes: number;
  total?: number;
}

export interface FetchOptions {
  get: WebGet;
  /** Of the decoded body. */
  mostBytes: number;
  limits: TimeLimits;
  signal: AbortSignal;
  onProgress?: (progress: FetchProgress) => void;
  /** Takes the image piece by piece. Nothing is handed over before it is known to begin like an image. */
  take: (chunk: Uint8Array) => Promise<void>;
}

const MOST_REDIRECTS = 10;

/** As many bytes as are looked at to tell an image, unless it may become an SVG; a smaller one is looked at when it is whole. */
const HEAD = 4096;

/**
 * Fetches an image, following redirects; resolves to its type by content. What comes is handed over as it comes.
 * Rejects with an InspectorError: `network`, `timeout`, `tooLarge`, `unreadableImage`, or the reason of the signal. None holds words of the server.
 */
export async function fetchImage(address: URL, options: FetchOptions): Promise<ImageType> {
  using timeout = new FetchTimeout(options.signal, options.limits, address.host);
  let at = address;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    timeout.waitForAnswer(at.host);
    const reply = await answered(at, options.get, timeout.signal);
    const next = redirectOf(at, reply);
    // Awaited here, or the timeout would end before the image does.
    if (next === undefined) return await readImage(at, reply, options, timeout);
    reply.close();
    at = next;
  }
  throw new InspectorError('network', t('{0} redirects too many times.', sanitizeForUi(address.host)));
}

async function answered(address: URL, get: WebGet, signal: AbortSignal): Promise<WebReply> {
  try {
    return await get(address, signal);
  } catch (error) {
    throw failureOf(error, signal, (cause) => notReached(address.host, cause));
  }
}

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Where a reply leads to; undefined where it is an answer. Throws where it leads to what is not fetched. */
function redirectOf(from: URL, reply: WebReply): URL | undefined {
  if (!REDIRECTS.includes(reply.status)) return undefined;
  const location = reply.header('location');
  try {
    if (location !== undefined && URL.canParse(location, from)) return readAddress(new URL(location, from).href);
  } catch (error) {
    reply.close();
    throw error;
  }
  reply.close();
  throw new InspectorError('network', t('{0} redirects, but does not say where.', sanitizeForUi(from.host)));
}

async function readImage(
  { host }: URL,
  reply: WebReply,
  { mostBytes, onProgress, take }: FetchOptions,
  timeout: FetchTimeout,
): Promise<ImageType> {
  let type: ImageType | undefined;
  let notTaken: unknown;
  const handOver = async (chunk: Uint8Array) => {
    await take(chunk).catch((error: unknown) => {
      notTaken = error;
      throw error;
    });
  };
  try {
    if (reply.status < 200 || reply.status > 299) throw statusFailure(host, reply.status);
    const total = lengthOf(reply);
    if (total !== undefined && total > mostBytes) throw tooManyBytes(mostBytes);
    const pieces: Uint8Array[] = [];
    let enough = HEAD;
    let bytes = 0;
    timeout.waitForMore(host);
    for await (const chunk of reply.body) {
      timeout.waitForMore(host);
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooManyBytes(mostBytes);
      onProgress?.({ bytes, ...(total === undefined ? {} : { total }) });
      if (type !== undefined) {
        await handOver(chunk);
        continue;
      }
      pieces.push(chunk);
      if (bytes < enough) continue;
      const head = Buffer.concat(pieces);
      if (mayBecomeSvg(head)) {
        enough *= 4;
        continue;
      }
      type = typeOf(head, reply);
      await handOver(head);
    }
    timeout.signal.throwIfAborted();
    if (type !== undefined) return type;
    const head = Buffer.concat(pieces);
    type = typeOf(head, reply);
    await handOver(head);
    return type;
  } catch (error) {
    reply.close();
    throw notTaken ?? failureOf(error, timeout.signal, (cause) => brokenOff(host, cause));
  }
}

/** Of the decoded body, if the server says so. */
function lengthOf(reply: WebReply): number | undefined {
  const encoding = reply.header('content-encoding') ?? 'identity';
  const length = Number(reply.header('content-length') ?? Number.NaN);
  return encoding === 'identity' && Number.isSafeInteger(length) && length >= 0 ? length : undefined;
}

function typeOf(head: Uint8Array, reply: WebReply): ImageType {
  const type = sniffImageType(head);
  if (type !== undefined) return type;
  const isPage =
    /^\s*(?:text\/html|application\/xhtml)/i.test(reply.header('content-type') ?? '') ||
    /^\s*<(?:!doctype html|html)/i.test(new TextDecoder().decode(head.subarray(0, 256)));
  const detail = head.length === 0 ? t('It is empty.') : isPage ? t('A web page came instead of an image.') : unknownType();
  throw new InspectorError('unreadableImage', t('There is no readable image at this address.'), { detail });
}

function failureOf(error: unknown, signal: AbortSignal, otherwise: (cause: unknown) => InspectorError): unknown {
  if (signal.aborted) return signal.reason;
  return error instanceof InspectorError ? error : otherwise(error);
}
