import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { assertReadable, type ByteSource, fileSource, memorySource, outOfReach } from '../../imaging/reading/byteSource.ts';

/** The bytes of a file: in pieces from disk, whole from any other file system. Rejects with `unreadableImage` for a folder or a file that is gone. */
export async function openImage(uri: vscode.Uri): Promise<ByteSource> {
  try {
    if (uri.scheme === 'file') {
      // Node's own: VS Code's asks the window, which is busy opening an editor for just this file.
      return await fileSource(uri.fsPath);
    }
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.Directory) !== 0) throw outOfReach(t('It is a folder.'));
    assertReadable({ size });
    return memorySource(new Uint8Array(await vscode.workspace.fs.readFile(uri)));
  } catch (error) {
    throw fileFailure(error);
  }
}

/** Turns what a file system throws into a failure for people. */
export function fileFailure(error: unknown): Error {
  if (error instanceof InspectorError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'FileNotFound' || code === 'ENOENT') return outOfReach(t('It no longer exists.'), error);
  if (code === 'NoPermissions' || code === 'EACCES' || code === 'EPERM') return outOfReach(t('It may not be read by this user.'), error);
  if (code === 'FileIsADirectory' || code === 'EISDIR') return outOfReach(t('It is a folder.'), error);
  return outOfReach(t('It could not be read.'), error);
}

/** The file's name, for people. Foreign text. */
export function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
