import * as vscode from 'vscode';
import { titleOfAddress } from '../../core/base/addresses.ts';
import { t } from '../../core/base/l10n.ts';
import { fileFailure, openLocalFile } from '../../engine/files/localFiles.ts';
import { assertReadable, type ByteSource, memorySource, outOfReach } from '../../imaging/reading/byteSource.ts';

/** The bytes of a file: in pieces from disk, whole from any other file system. Rejects with `unreadableImage` for a folder or a file that is gone. */
export async function openImage(uri: vscode.Uri): Promise<ByteSource> {
  // Node's own: VS Code's asks the window, which is busy opening an editor for just this file.
  if (uri.scheme === 'file') return openLocalFile(uri.fsPath);
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.Directory) !== 0) throw outOfReach(t('It is a folder.'));
    assertReadable({ size });
    const bytes = new Uint8Array(await vscode.workspace.fs.readFile(uri));
    return memorySource((uri.scheme === 'git' && (await lfsBytes(bytes, uri))) || bytes);
  } catch (error) {
    throw fileFailure(error);
  }
}

/** What a committed pointer of Git LFS stands for, if it is one and the repository has that. */
async function lfsBytes(bytes: Uint8Array, { fsPath }: vscode.Uri): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { lfsObject } = await import('../../engine/files/lfsObject.ts');
  return lfsObject(bytes, fsPath);
}

/** What a file is called where people read it: of a fetched image with where it is from. Untrusted text. */
export function titleOf(uri: vscode.Uri): string {
  return titleOfAddress(uri.toString());
}

/** The file's name, for people. Untrusted text. */
export function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
