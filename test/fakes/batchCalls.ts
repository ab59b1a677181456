import { type BatchStore, type StoredBatch, type WorkedLine, wireBatch } from './batchStore.ts';
import { batchNotFound, fileForbidden, invalidArgument, modelNotFound, overloaded } from './errors.ts';
import type { FileStore } from './fileStore.ts';
import type { FakeModel } from './models.ts';
import { camelNames, type ReceivedRequest, readRequest } from './receivedRequest.ts';
import { refuseBySchema } from './schemaCheck.ts';
import type { DropAnswer, StatusAnswer } from './script.ts';
import type { BatchRequestLine } from './wire.ts';

const BATCH_CALLS: readonly string[] = ['createBatch', 'listBatches', 'getBatch', 'cancelBatch', 'deleteBatch'];
const MOST_LINES = 200_000;

/** `models.batchGenerateContent` and the methods of `batches`. */
export function answerBatchCall(
  request: ReceivedRequest,
  batches: BatchStore,
  files: FileStore,
  answering: (id: string | undefined) => FakeModel | undefined,
): StatusAnswer | DropAnswer | undefined {
  const { endpoint } = request;
  if (!BATCH_CALLS.includes(endpoint)) return undefined;
  const key = String(request.headers['x-goog-api-key']);
  if (endpoint === 'createBatch') return created(request, key, batches, files, answering);
  if (endpoint === 'listBatches') return listed(batches, key, request.query);
  const batch = batches.get(request.batch ?? '', key);
  if (!batch) return batchNotFound();
  if (endpoint === 'getBatch') {
    const { unavailable = 0 } = batch.course;
    if (unavailable > 0) {
      batch.course = { ...batch.course, unavailable: unavailable - 1 };
      return overloaded();
    }
    batches.look(batch);
    return { status: 200, body: wireBatch(batch) };
  }
  if (endpoint === 'cancelBatch') batches.cancel(batch);
  else batches.delete(batch);
  return { status: 200, body: {} };
}

function created(
  request: ReceivedRequest,
  key: string,
  batches: BatchStore,
  files: FileStore,
  answering: (id: string | undefined) => FakeModel | undefined,
): StatusAnswer | DropAnswer {
  const { model = '' } = request;
  if (request.json === undefined) return invalidArgument('Invalid JSON payload received. Unexpected end of string.');
  const refusal = refuseBySchema('CreateBatchRequest', request.body);
  if (refusal) return refusal;
  if (!answering(model)) return modelNotFound(model, 'batchGenerateContent');
  const { displayName, inputConfig } = (request.body as unknown as { batch: { displayName: string; inputConfig: { fileName: string } } })
    .batch;
  const file = files.get(inputConfig.fileName, key);
  if (!file) return fileForbidden(inputConfig.fileName.split('/').at(-1));
  if (file.processing > 0 || file.failed)
    return invalidArgument(`The File ${file.name} is not in an ACTIVE state and usage is not allowed.`);
  if (file.mimeType !== files.jsonlType) return invalidArgument(`Unsupported MIME type: ${file.mimeType}`);
  if (file.bytes.length !== file.size) throw new Error('The file of requests is too large for the stand-in.');
  const lines = linesIn(file.bytes.toString('utf8'));
  if (!Array.isArray(lines)) return lines;
  const batch = batches.create({ key, model, displayName, fileName: file.name, lines });
  return batch.course.losesAnswer ? { drop: true } : { status: 200, body: wireBatch(batch) };
}

/** The requests of a file, or the refusal of the first that is none. Each key stands once. */
function linesIn(text: string): BatchRequestLine[] | StatusAnswer {
  const texts = text.split('\n').filter((line) => line.trim() !== '');
  if (texts.length === 0) return invalidArgument('The input file holds no requests.');
  if (texts.length > MOST_LINES) return invalidArgument(`The input file holds more than ${MOST_LINES} requests.`);
  const lines: BatchRequestLine[] = [];
  const keys = new Set<string>();
  for (const [index, line] of texts.entries()) {
    const json = parsed(line);
    if (json === undefined) return invalidArgument(`Line ${index + 1} of the input file is not valid JSON.`);
    const refusal = refuseBySchema('BatchRequestLine', camelNames(json) as object);
    if (refusal) return refusal;
    const { key, request } = json as BatchRequestLine;
    if (keys.has(key)) return invalidArgument(`The key of line ${index + 1} is not unique: ${key}`);
    keys.add(key);
    lines.push({ key, request });
  }
  return lines;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A line as the request that it would be by itself. */
export function lineRequest(
  sequence: number,
  { key: apiKey, model }: StoredBatch,
  { request }: BatchRequestLine,
  stored: Parameters<typeof readRequest>[3],
  onWeb: Parameters<typeof readRequest>[4],
): ReceivedRequest {
  const head = { method: 'POST', url: `/v1beta/models/${model}:generateContent`, headers: { 'x-goog-api-key': apiKey } };
  return readRequest(sequence, head, Buffer.from(JSON.stringify(request)), stored, onWeb);
}

/** Numbers of Google's own for what HTTP says by its status. */
const RPC_CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 429: 8, 500: 13, 503: 14 };

/** The line of an error, out of the answer that the request would have had by itself. */
export function errorLine(key: string, { status, body }: StatusAnswer): WorkedLine {
  const { message } = (body as { error: { message: string } }).error;
  return { text: JSON.stringify({ key, error: { code: RPC_CODES[status] ?? 2, message } }), isError: true };
}

/** A page holds 10 unless the query says otherwise, 100 at most. */
function listed(batches: BatchStore, key: string, query: URLSearchParams): StatusAnswer {
  const size = Number(query.get('pageSize') || 10);
  const start = Number(Buffer.from(query.get('pageToken') ?? '', 'base64').toString() || 0);
  if (!Number.isInteger(size) || size < 0 || size > 100) return invalidArgument('* ListBatchesRequest.page_size: must be from 0 to 100.\n');
  if (!Number.isInteger(start)) return invalidArgument('* ListBatchesRequest.page_token: The page token is invalid.\n');
  const all = batches.all(key);
  const operations = all.slice(start, start + size).map(wireBatch);
  const more = start + size < all.length && { nextPageToken: Buffer.from(String(start + size)).toString('base64') };
  return { status: 200, body: { ...(operations.length > 0 && { operations }), ...more } };
}
