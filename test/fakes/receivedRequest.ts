import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { StoredFile } from './fileStore.ts';
import { type Sniffed, sniff } from './images.ts';
import type { GenerateContentRequest, RequestPart } from './wire.ts';

/** A request as the stand-in received it. */
export interface ReceivedRequest {
  /** From 1, in the order of arrival; not reset by `reset()`. */
  sequence: number;
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: IncomingHttpHeaders;
  endpoint: Endpoint;
  /** The project and location of Vertex AI in the path, as `projects/P/locations/L`; undefined for the Gemini API. */
  vertex: string | undefined;
  /** Without `models/`; undefined where the path names none. */
  model: string | undefined;
  /** Bytes of the body. */
  bytes: number;
  /** The body as it came; undefined if there was none or it was no JSON. */
  json: unknown;
  /** The same with the names of its fields in camel case, as the API takes both. */
  body: Partial<GenerateContentRequest> | undefined;
  /** The text parts of the contents, a line each. */
  text: string;
  /** Inside the request, by a file that is there or by an address of the web that is known, in order. */
  images: ReceivedImage[];
  /** The file that the path names, with `files/`. */
  file: string | undefined;
  /** The batch that the path names, with `batches/`. */
  batch: string | undefined;
  /** True once the client has gone before the answer was complete. */
  aborted: boolean;
}

export type Endpoint =
  | 'generateContent'
  | 'streamGenerateContent'
  | 'countTokens'
  | 'decisions'
  | 'predict'
  | 'listModels'
  | 'getModel'
  | 'startUpload'
  | 'continueUpload'
  | 'listFiles'
  | 'getFile'
  | 'deleteFile'
  | 'downloadFile'
  | 'createBatch'
  | 'listBatches'
  | 'getBatch'
  | 'cancelBatch'
  | 'deleteBatch'
  | 'unknown';

export interface ReceivedImage {
  via: 'inline' | 'file' | 'url';
  /** As declared. */
  mimeType: string;
  bytes: Buffer;
  /** Of the bytes, hexadecimal. */
  sha256: string;
  sniffed: Sniffed;
  /** The part's own resolution, such as MEDIA_RESOLUTION_ULTRA_HIGH. */
  mediaResolution: string | undefined;
}

/**
 * Reads a request whose body has come whole.
 * @param stored the file of that address, if the sender of the request may see one
 */
export function readRequest(
  sequence: number,
  head: { method: string; url: string; headers: IncomingHttpHeaders },
  body: Buffer,
  stored: (uri: string, key: string) => StoredFile | undefined,
  onWeb: (address: string) => Buffer | undefined,
): ReceivedRequest {
  const url = new URL(head.url, 'http://localhost');
  const json = parse(body.toString('utf8'));
  const camel = camelNames(json) as Partial<GenerateContentRequest> | undefined;
  const parts = requestParts(camel);
  return {
    sequence,
    method: head.method,
    path: url.pathname,
    query: url.searchParams,
    headers: head.headers,
    ...route(head.method, url),
    bytes: body.length,
    json,
    body: camel,
    text: parts.flatMap((part) => (typeof part.text === 'string' ? [part.text] : [])).join('\n'),
    images: [...parts, ...segmentedPart(json)].flatMap(
      (part) => readImage(part, (uri) => stored(uri, String(head.headers['x-goog-api-key'])), onWeb) ?? [],
    ),
    aborted: false,
  };
}

/** The picture of a request for a mask, as a part like any other; the body need not be valid. */
function segmentedPart(json: unknown): RequestPart[] {
  const { image } = (json as { instances?: { image?: SegmentedImage }[] } | undefined)?.instances?.[0] ?? {};
  const { bytesBase64Encoded: data, mimeType = '' } = image ?? {};
  return typeof data === 'string' ? [{ inlineData: { data, mimeType } }] : [];
}

interface SegmentedImage {
  bytesBase64Encoded?: string;
  mimeType?: string;
}

/** All parts of the contents that are objects; the body need not be valid. */
export function requestParts(body: Partial<GenerateContentRequest> | undefined): RequestPart[] {
  const contents = Array.isArray(body?.contents) ? body.contents : [];
  return contents.flatMap((content) =>
    Array.isArray(content?.parts) ? content.parts.filter((part) => part && typeof part === 'object') : [],
  );
}

function route(method: string, { pathname, searchParams }: URL): Pick<ReceivedRequest, 'endpoint' | 'vertex' | 'model' | 'file' | 'batch'> {
  const nothing = { vertex: undefined, model: undefined, file: undefined, batch: undefined };
  const [, vertex, called, does] =
    /^\/v1beta1\/(projects\/[^/]+\/locations\/[^/]+)\/publishers\/google\/models\/([^/:]+):(\w+)$/.exec(pathname) ?? [];
  if (method === 'POST' && (does === 'generateContent' || does === 'streamGenerateContent' || does === 'countTokens'))
    return { ...nothing, endpoint: does, vertex, model: called };
  const [, model, action] = /^\/v1beta\/models\/([^/:]+)(?::(\w+))?$/.exec(pathname) ?? [];
  if (method === 'POST' && (action === 'generateContent' || action === 'streamGenerateContent' || action === 'countTokens')) {
    return { ...nothing, endpoint: action, model };
  }
  if (method === 'POST' && action === 'batchGenerateContent') return { ...nothing, endpoint: 'createBatch', model };
  const predicting = does === 'predict' ? { vertex, model: called } : action === 'predict' ? { model } : undefined;
  if (method === 'POST' && predicting) return { ...nothing, endpoint: 'predict', ...predicting };
  if (method === 'POST' && pathname === '/v1beta/decisions') return { ...nothing, endpoint: 'decisions' };
  const batches = routeBatch(method, pathname);
  if (batches) return { ...nothing, ...batches };
  const [, wanted] = /^(?:\/download)?\/v1beta\/(files\/[^/:]+):download$/.exec(pathname) ?? [];
  if (wanted !== undefined && method === 'GET' && searchParams.get('alt') === 'media')
    return { ...nothing, endpoint: 'downloadFile', file: wanted };
  const [, file] = /^\/v1beta\/(files\/[^/]+)$/.exec(pathname) ?? [];
  if (file !== undefined && method === 'GET') return { ...nothing, endpoint: 'getFile', file };
  if (file !== undefined && method === 'DELETE') return { ...nothing, endpoint: 'deleteFile', file };
  if (method === 'GET' && pathname === '/v1beta/files') return { ...nothing, endpoint: 'listFiles' };
  if (method === 'POST' && pathname === '/upload/v1beta/files') {
    return { ...nothing, endpoint: searchParams.has('upload_id') ? 'continueUpload' : 'startUpload' };
  }
  if (method === 'GET' && pathname === '/v1beta/models') return { ...nothing, endpoint: 'listModels' };
  if (method === 'GET' && model !== undefined && action === undefined) return { ...nothing, endpoint: 'getModel', model };
  return { ...nothing, endpoint: 'unknown' };
}

function routeBatch(method: string, pathname: string): Pick<ReceivedRequest, 'endpoint' | 'batch'> | undefined {
  if (method === 'GET' && pathname === '/v1beta/batches') return { endpoint: 'listBatches', batch: undefined };
  const [, batch, action] = /^\/v1beta\/(batches\/[^/:]+)(:cancel)?$/.exec(pathname) ?? [];
  if (batch === undefined) return undefined;
  if (action !== undefined) return method === 'POST' ? { endpoint: 'cancelBatch', batch } : undefined;
  if (method === 'GET') return { endpoint: 'getBatch', batch };
  return method === 'DELETE' ? { endpoint: 'deleteBatch', batch } : undefined;
}

function readImage(
  part: RequestPart,
  stored: (uri: string) => StoredFile | undefined,
  onWeb: (address: string) => Buffer | undefined,
): ReceivedImage | undefined {
  const { data, mimeType } = part.inlineData ?? {};
  const mediaResolution = part.mediaResolution?.level;
  if (typeof data === 'string') {
    const bytes = Buffer.from(data, 'base64');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { via: 'inline', mimeType: String(mimeType ?? ''), bytes, sha256, sniffed: sniff(bytes), mediaResolution };
  }
  const address = String(part.fileData?.fileUri);
  const fetched = onWeb(address);
  if (fetched !== undefined) {
    const sha256 = createHash('sha256').update(fetched).digest('hex');
    return {
      via: 'url',
      mimeType: String(part.fileData?.mimeType ?? ''),
      bytes: fetched,
      sha256,
      sniffed: sniff(fetched),
      mediaResolution,
    };
  }
  const file = stored(address);
  if (file === undefined) return undefined;
  const { bytes, sha256 } = file;
  return { via: 'file', mimeType: String(part.fileData?.mimeType ?? ''), bytes, sha256, sniffed: sniff(bytes), mediaResolution };
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The API takes `inline_data` for `inlineData`. Free-form values (arguments, schemas) are renamed too, which no check looks at. */
export function camelNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelNames);
  if (typeof value !== 'object' || value === null) return value;
  const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [camel(name), camelNames(inner)]));
}
