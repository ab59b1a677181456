import { fileForbidden, invalidArgument } from './errors.ts';
import { type FileStore, wireFile } from './fileStore.ts';
import type { ReceivedRequest } from './receivedRequest.ts';
import type { StatusAnswer } from './script.ts';
import type { ListFilesReply } from './wire.ts';

/** `files.list`, `files.get` and `files.delete`. */
export function answerFileCall({ endpoint, file, query, headers }: ReceivedRequest, store: FileStore): StatusAnswer | undefined {
  const key = String(headers['x-goog-api-key']);
  if (endpoint === 'listFiles') return listed(store, key, query);
  if (endpoint !== 'getFile' && endpoint !== 'deleteFile') return undefined;
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
