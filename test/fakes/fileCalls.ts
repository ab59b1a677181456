import { fileForbidden, googleError, invalidArgument } from './errors.ts';
import { type FileStore, wireFile } from './fileStore.ts';
import type { ReceivedRequest } from './receivedRequest.ts';
import type { RawAnswer, StatusAnswer } from './script.ts';
import type { ListFilesReply } from './wire.ts';

/** `files.list`, `files.get` and `files.delete`. */
export function answerFileCall({ endpoint, file, query, headers }: ReceivedRequest, store: FileStore): StatusAnswer | undefined {
  const key = String(headers['x-goog-api-key']);
  if (endpoint === 'listFiles') return listed(store, key, query);
  if (endpoint !== 'getFile' && endpoint !== 'deleteFile') return undefined;
  const isLong = (file ?? '').length > 'files/'.length + LONGEST_ID;
  // Recorded, of the results of a batch.
  if (isLong && endpoint === 'getFile') return fileIdTooLong('Get');
  if (isLong && store.keepsLongNames) return fileIdTooLong('Delete');
  const stored = store.get(file ?? '', key);
  if (!stored) return fileForbidden(file?.split('/').at(-1));
  if (endpoint === 'deleteFile') {
    store.delete(stored.name);
    return { status: 200, body: {} };
  }
  const body = wireFile(stored);
  stored.processing -= 1;
  return { status: 200, body };
}

const LONGEST_ID = 40;

function fileIdTooLong(call: 'Get' | 'Delete'): StatusAnswer {
  return invalidArgument(`* ${call}FileRequest.name: File ID (name excluding 'files/') cannot be more than ${LONGEST_ID} characters.\n`);
}

/** Bytes of a file that are sent at a time. */
const DOWNLOAD_PIECE = 64 * 1024;

/** A file as it is; only one that the API made can be had. */
export function answerDownload({ file, path, headers }: ReceivedRequest, store: FileStore): StatusAnswer | RawAnswer {
  const stored = store.get(file ?? '', String(headers['x-goog-api-key']));
  if (!stored) return fileForbidden(file?.split('/').at(-1));
  if (!stored.generated) return googleError(400, 'FAILED_PRECONDITION', 'Only generated files can be downloaded.');
  const isPlain = !path.startsWith('/download/');
  if (isPlain && store.downloads === 'elsewhere') return fileIdTooLong('Get');
  if (isPlain && store.downloads === 'redirected') return { status: 302, body: '', headers: { location: `/download${path}?alt=media` } };
  if (store.missedDownloads > 0) {
    store.missedDownloads -= 1;
    return fileForbidden(file?.split('/').at(-1));
  }
  const { bytes } = stored;
  if (store.brokenDownloads > 0) {
    store.brokenDownloads -= 1;
    return { raw: [bytes.subarray(0, bytes.length / 2), bytes], cutAfterChunks: 1, contentType: 'application/octet-stream' };
  }
  const pieces = Array.from({ length: Math.ceil(bytes.length / DOWNLOAD_PIECE) }, (_, index) =>
    bytes.subarray(index * DOWNLOAD_PIECE, (index + 1) * DOWNLOAD_PIECE),
  );
  return { raw: pieces, contentType: 'application/octet-stream' };
}

/** A page holds 10 unless the query says otherwise, 100 at most; its token is the place of the first. An empty list is an empty object. */
function listed(store: FileStore, key: string, query: URLSearchParams): StatusAnswer {
  const size = Number(query.get('pageSize') || 10);
  const start = Number(Buffer.from(query.get('pageToken') ?? '', 'base64').toString() || 0);
  if (!Number.isInteger(size) || size < 0 || size > 100) return invalidArgument('* ListFilesRequest.page_size: must be from 0 to 100.\n');
  if (!Number.isInteger(start)) return invalidArgument('* ListFilesRequest.page_token: The page token is invalid.\n');
  const all = store.all(key);
  const files = all.slice(start, start + size).map(wireFile);
  const more = start + size < all.length;
  const body: ListFilesReply = {
    ...(files.length > 0 && { files }),
    ...(more && { nextPageToken: Buffer.from(String(start + size)).toString('base64') }),
  };
  return { status: 200, body };
}
