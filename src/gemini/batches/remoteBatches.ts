import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { recordOf } from '../../core/base/shape.ts';
import { FILE_NAME } from '../files/remoteFile.ts';
import type { FilesAccess } from '../files/remoteFiles.ts';
import { HttpError } from '../http/httpError.ts';
import { BATCH_NAME, type NewBatch, type RemoteBatch, readRemoteBatch } from './remoteBatch.ts';

/*
 * The operations of batches by requests of our own: the SDK tells neither the error of a batch nor its statistics.
 */

/** Starts a batch over a file of requests. What this call has started may not be known where its answer is lost: look for its name then. */
export async function createBatch(access: FilesAccess, { model, fileName, displayName }: NewBatch): Promise<RemoteBatch> {
  if (!FILE_NAME.test(fileName)) throw new Error(`not the name of a file: ${fileName}`);
  const body = JSON.stringify({ batch: { displayName, inputConfig: { fileName } } });
  const answer = await request(access, `models/${encodeURIComponent(model)}:batchGenerateContent`, { method: 'POST', body });
  return readRemoteBatch(await answer.json());
}

/** How a batch stands. Rejects with `notFound` when there is none of that name. */
export async function getBatch(access: FilesAccess, name: string): Promise<RemoteBatch> {
  return readRemoteBatch(await (await ofBatch(access, name)).json());
}

/** The batches of the key's project, page by page. */
export async function* batchPages(access: FilesAccess): AsyncGenerator<RemoteBatch[], void, void> {
  const seen = new Set<string>();
  for (let page = ''; ; ) {
    const query = new URLSearchParams({ pageSize: '100', ...(page === '' ? {} : { pageToken: page }) });
    const { operations, nextPageToken } = recordOf(await (await request(access, `batches?${query}`)).json());
    // Other operations may stand among them.
    const batches = Array.isArray(operations) ? operations.filter((operation) => BATCH_NAME.test(String(recordOf(operation).name))) : [];
    yield batches.map(readRemoteBatch);
    // A server that hands out the same page again has no end.
    if (typeof nextPageToken !== 'string' || nextPageToken === '' || seen.has(nextPageToken)) return;
    seen.add(nextPageToken);
    page = nextPageToken;
  }
}

/** Asks the API to stop a batch; what is done by then is kept and billed. Rejects with `notFound` when there is none of that name. */
export async function cancelBatch(access: FilesAccess, name: string): Promise<void> {
  await (await ofBatch(access, name, ':cancel', { method: 'POST', body: '{}' })).arrayBuffer();
}

/** Removes a batch, not its files. Rejects with `notFound` when there is none of that name. */
export async function deleteBatch(access: FilesAccess, name: string): Promise<void> {
  await (await ofBatch(access, name, '', { method: 'DELETE' })).arrayBuffer();
}

async function ofBatch(access: FilesAccess, name: string, action = '', options: RequestInit = {}): Promise<Response> {
  if (!BATCH_NAME.test(name)) throw new Error(`not the name of a batch: ${name}`);
  try {
    return await request(access, name + action, options);
  } catch (error) {
    if (!(error instanceof HttpError && error.refused.status === 404)) throw error;
    throw new InspectorError('notFound', t('The batch no longer exists.'), { actions: ['openLog'], cause: error });
  }
}

async function request({ baseUrl, apiKey, transport, signal }: FilesAccess, path: string, options: RequestInit = {}): Promise<Response> {
  const headers = { 'x-goog-api-key': apiKey, ...(options.body === undefined ? {} : { 'content-type': 'application/json' }) };
  return transport(`${baseUrl}/v1beta/${path}`, { ...options, headers, signal });
}
