import { fileURLToPath } from 'node:url';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { type ByteSource, fileSource, outOfReach } from '../../imaging/reading/byteSource.ts';
import type { ImageFiles } from './imageFiles.ts';

/** Images as a program without an editor sees them: files of this computer by their `file:` addresses. */
export const LOCAL_FILES: ImageFiles = {
  open: (address) => openLocalFile(fileURLToPath(address)),
  fileOf: (address) => address,
  originOf: async () => undefined,
  isPublic: async () => false,
};

/** Opens a file on this computer by its path, to be read in pieces. Rejects with `unreadableImage` for a folder or a file that is gone. */
export async function openLocalFile(path: string): Promise<ByteSource> {
  try {
    return await fileSource(path);
  } catch (error) {
    throw fileFailure(error);
  }
}

/** Turns what a file system throws, Node's or VS Code's, into a failure for people. */
export function fileFailure(error: unknown): Error {
  if (error instanceof InspectorError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'FileNotFound' || code === 'ENOENT') return outOfReach(t('It no longer exists.'), error);
  if (code === 'NoPermissions' || code === 'EACCES' || code === 'EPERM')
    return outOfReach(t('You do not have permission to read it.'), error);
  if (code === 'FileIsADirectory' || code === 'EISDIR') return outOfReach(t('It is a folder.'), error);
  return outOfReach(t('It could not be read.'), error);
}
