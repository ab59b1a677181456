import { readApiError } from '../../core/failures/apiError.ts';
import { unsupportedType } from '../../core/failures/errorKind.ts';
import type { RemoteFile } from '../files/remoteFile.ts';
import type { FilesAccess } from '../files/remoteFiles.ts';
import { type UploadTiming, upload } from '../files/upload.ts';
import type { UploadContent } from '../files/uploadSession.ts';
import { HttpError } from '../http/httpError.ts';

/** The type of a file of requests, by the documentation; and as others report that it has to be called. */
const TYPES = ['application/jsonl', 'jsonl'] as const;

/** Uploads a file of requests under the first type that the API takes. */
export async function uploadBatchFile(
  access: FilesAccess,
  content: Omit<UploadContent, 'mimeType'>,
  timing: UploadTiming,
  onProgress: (bytes: number) => void,
): Promise<RemoteFile> {
  const [first, second] = TYPES;
  try {
    return await upload(access, { ...content, mimeType: first }, timing, onProgress);
  } catch (error) {
    if (!isRefusedType(error)) throw error;
    return await upload(access, { ...content, mimeType: second }, timing, onProgress);
  }
}

/** The API has said so at the beginning of an upload and at its end, there with a status of 200. */
function isRefusedType(error: unknown): boolean {
  if (!(error instanceof HttpError)) return false;
  const { code, message } = readApiError(error.refused.status, error.refused.body);
  return code === 400 && (unsupportedType(message) !== undefined || /content.type/i.test(message));
}
