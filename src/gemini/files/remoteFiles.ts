import { recordOf } from '../../core/base/shape.ts';
import { FILE_NAME, type RemoteFile, readRemoteFile } from './remoteFile.ts';

/** What a call of the Files API needs. */
export interface FilesAccess {
  /** Without a slash at the end. */
  baseUrl: string;
  apiKey: string;
  /** Of `createTransport`: throws for all answers but good ones. */
  transport: typeof globalThis.fetch;
  signal: AbortSignal;
}

/** What is known of a file. Rejects with a HttpError of 403 or 404 when there is none of that name. */
export async function getFile(access: FilesAccess, name: string): Promise<RemoteFile> {
  return readRemoteFile(await (await request(access, pathOf(name))).json());
}

/** All files of the key's project. */
export async function listFiles(access: FilesAccess): Promise<RemoteFile[]> {
  const files: RemoteFile[] = [];
  const seen = new Set<string>();
  for (let page = ''; ; ) {
    const query = new URLSearchParams({ pageSize: '100', ...(page === '' ? {} : { pageToken: page }) });
    const { files: listed, nextPageToken } = recordOf(await (await request(access, `files?${query}`)).json());
    if (Array.isArray(listed)) files.push(...listed.map(readRemoteFile));
    // A server that hands out the same page again has no end.
    if (typeof nextPageToken !== 'string' || nextPageToken === '' || seen.has(nextPageToken)) return files;
    seen.add(nextPageToken);
    page = nextPageToken;
  }
}

export async function deleteFile(access: FilesAccess, name: string): Promise<void> {
  await (await request(access, pathOf(name), 'DELETE')).arrayBuffer();
}

function pathOf(name: string): string {
  if (!FILE_NAME.test(name)) throw new Error(`not the name of a file: ${name}`);
  return name;
}

async function request({ baseUrl, apiKey, transport, signal }: FilesAccess, path: string, method = 'GET'): Promise<Response> {
  return transport(`${baseUrl}/v1beta/${path}`, { method, headers: { 'x-goog-api-key': apiKey }, signal });
}
