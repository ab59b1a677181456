import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { fileTooLarge, googleError, invalidArgument, storageFull, unsupportedMimeType } from './errors.ts';
import { type FileStore, type OpenUpload, wireFile } from './fileStore.ts';
import type { ReceivedRequest } from './receivedRequest.ts';
import { refuseBySchema } from './schemaCheck.ts';
import type { StatusAnswer } from './script.ts';
import type { Exchange } from './send.ts';

/** What goes wrong with an upload, once the server has `at` bytes of it. Faults happen in the order they were scripted. */
export type UploadFault = { at: number } & (
  | { kind: 'reset' }
  /** Nothing more is read until the client goes away. */
  | { kind: 'stall' }
  /** The rest of the piece is read and thrown away, then this is the answer. */
  | { kind: 'answer'; answer: StatusAnswer }
  /** The piece is taken, and the connection breaks before the answer. */
  | { kind: 'loseAnswer' }
  /** The server has lost what came after `to`, and breaks the connection. */
  | { kind: 'lose'; to: number }
  /** The server has lost the upload. */
  | { kind: 'forget' }
);

/** Of every piece but the last, as recorded. */
export const GRANULARITY = 8 * 1024 * 1024;
const LARGEST_FILE = 2 * 1024 ** 3;
const NAME = /^files\/[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** `POST /upload/v1beta/files` with the command `start`. */
export function startUpload(request: ReceivedRequest, store: FileStore, origin: string): StatusAnswer {
  const { headers } = request;
  if (headers['x-goog-upload-protocol'] !== 'resumable') return invalidArgument('Unsupported upload protocol.');
  if (headers['x-goog-upload-command'] !== 'start') return invalidArgument('Unexpected upload command.');
  const declared = headers['x-goog-upload-header-content-length'];
  const size = count(declared);
  const mimeType = String(headers['x-goog-upload-header-content-type'] ?? '');
  // The SDK for Go, given a stream, does not know it.
  if (declared !== undefined && (size === undefined || size === 0)) return invalidArgument('Invalid X-Goog-Upload-Header-Content-Length.');
  if (size !== undefined && size > LARGEST_FILE) return fileTooLarge();
  if (mimeType !== 'jsonl' && !/^\w+\/[\w.+-]+$/.test(mimeType)) return invalidArgument('Invalid X-Goog-Upload-Header-Content-Type.');
  if (size !== undefined && store.isFull(String(headers['x-goog-api-key']), size)) return storageFull(store.quota);
  if (request.json === undefined) return invalidArgument('Invalid JSON payload received. Unexpected end of string.');
  const refusal = refuseBySchema('StartUploadRequest', request.body);
  if (refusal) return refusal;
  const { name, displayName = '', sizeBytes, ...file } = (request.body as { file?: Partial<Record<string, string>> }).file ?? {};
  if (name !== undefined && !NAME.test(name)) return invalidArgument(`* CreateFileRequest.file.name: Invalid name: ${name}\n`);
  if (name !== undefined && store.isTaken(name)) return googleError(409, 'ALREADY_EXISTS', `File ${name} already exists.`);
  if (Array.from(displayName).length > 512) return invalidArgument('* CreateFileRequest.file.display_name: too long\n');
  if (sizeBytes !== undefined && Number(sizeBytes) !== size) return invalidArgument('File size does not match the declared length.');
  if (file.mimeType !== undefined && file.mimeType !== mimeType) return invalidArgument('MIME types do not match.');
  const upload = store.begin({ key: String(headers['x-goog-api-key']), name, displayName, mimeType, size });
  const address = `${origin}/upload/v1beta/files?upload_id=${upload.id}&upload_protocol=resumable`;
  return {
    status: 200,
    body: '',
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-goog-upload-status': 'active',
      'x-goog-upload-url': address,
      'x-goog-upload-control-url': address,
      'x-goog-upload-chunk-granularity': String(GRANULARITY),
    },
  };
}

/** A request to the address of an upload: takes the body as it comes. Undefined where a fault has ended the connection. */
export async function continueUpload(
  message: IncomingMessage,
  request: ReceivedRequest,
  store: FileStore,
  faults: UploadFault[],
  exchange: Exchange,
): Promise<StatusAnswer | undefined> {
  const { headers } = request;
  const upload = store.upload(request.query.get('upload_id') ?? '');
  if (!upload) return drained(message, googleError(404, 'NOT_FOUND', 'Requested entity was not found.'));
  const commands = String(headers['x-goog-upload-command'] ?? '').split(/,\s*/);
  if (commands.join() === 'query') return drained(message, told(upload, {}, true));
  if (commands.join() === 'cancel') {
    upload.status = 'cancelled';
    return drained(message, told(upload));
  }
  const refusal = refusePart(commands, headers, upload);
  if (refusal) return drained(message, refusal);
  let faulty: StatusAnswer | undefined;
  for await (const piece of message as AsyncIterable<Buffer>) {
    if (faulty) continue;
    const fault = faults[0];
    const reached = upload.received + piece.length;
    if (fault === undefined || fault.kind === 'loseAnswer' || reached < fault.at) {
      store.take(upload, piece);
      request.bytes += piece.length;
      continue;
    }
    faults.shift();
    store.take(upload, piece.subarray(0, Math.max(0, fault.at - upload.received)));
    if (fault.kind === 'stall') {
      message.pause();
      await new Promise((resolve) => exchange.gone.addEventListener('abort', resolve, { once: true }));
      return undefined;
    }
    if (fault.kind === 'lose') lose(upload, fault.to);
    if (fault.kind === 'forget') {
      store.forgetUploads();
      faulty = googleError(404, 'NOT_FOUND', 'Requested entity was not found.');
      continue;
    }
    if (fault.kind === 'answer') {
      faulty = fault.answer;
      continue;
    }
    exchange.breakOff('reset');
    return undefined;
  }
  if (faulty) return faulty;
  if (upload.received > (upload.size ?? LARGEST_FILE)) return invalidArgument('More bytes were sent than were declared.');
  if (commands.includes('finalize')) {
    if (upload.size !== undefined && upload.received < upload.size) return told(upload, { status: 400, body: 'Bytes are missing.' });
    // Recorded: the status is 200, and the error stands where the file should.
    if (isOtherJsonl(upload.mimeType, store)) return { ...told(upload), body: unsupportedMimeType(upload.mimeType).body };
    const file = store.finish(upload);
    if (losesAnswer(upload, faults, exchange)) return undefined;
    return { ...told(upload), body: { file: wireFile(file) } };
  }
  return losesAnswer(upload, faults, exchange) ? undefined : told(upload);
}

function isOtherJsonl(mimeType: string, { jsonlType }: FileStore): boolean {
  return (mimeType === 'jsonl' || mimeType === 'application/jsonl') && mimeType !== jsonlType;
}

function losesAnswer(upload: OpenUpload, faults: UploadFault[], exchange: Exchange): boolean {
  const [fault] = faults;
  if (fault?.kind !== 'loseAnswer' || upload.received < fault.at) return false;
  faults.shift();
  exchange.breakOff('reset');
  return true;
}

/** A hash cannot go back: what was kept is taken in anew. */
function lose(upload: OpenUpload, to: number): void {
  const kept = Buffer.concat(upload.kept).subarray(0, to);
  upload.hash = createHash('sha256').update(kept);
  upload.kept = [kept];
  upload.received = to;
}

function refusePart(commands: readonly string[], headers: IncomingMessage['headers'], upload: OpenUpload): StatusAnswer | undefined {
  const known = ['upload', 'finalize', 'upload,finalize'].includes(commands.join());
  if (!known) return invalidArgument('Unexpected upload command.');
  if (upload.status !== 'active') return told(upload, { status: 400, body: 'The upload is not active.' });
  const length = count(headers['content-length']);
  if (length === undefined) return told(upload, { status: 411, body: 'A length is required.' });
  if (count(headers['x-goog-upload-offset']) !== upload.received)
    return told(upload, { status: 400, body: `Invalid offset: the server has ${upload.received} bytes.` });
  if (!commands.includes('finalize') && length % GRANULARITY !== 0)
    return told(upload, { status: 400, body: `Pieces must be multiples of ${GRANULARITY} bytes.` });
  return undefined;
}

/** Every answer says how the upload stands; only a query is told how many bytes have come. */
function told(upload: OpenUpload, answer: Partial<StatusAnswer> = {}, size = false): StatusAnswer {
  return {
    status: 200,
    body: '',
    ...answer,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-goog-upload-status': upload.status,
      ...(size && upload.status === 'active' && { 'x-goog-upload-size-received': String(upload.received) }),
    },
  };
}

async function drained(message: IncomingMessage, answer: StatusAnswer): Promise<StatusAnswer> {
  for await (const _ of message);
  return answer;
}

function count(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : undefined;
}
