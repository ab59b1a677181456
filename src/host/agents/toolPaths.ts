import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { fileFailure } from '../../engine/files/localFiles.ts';

/**
 * The address of the image that an agent names: a path, absolute or relative to a folder of the workspace. Where it really lies outside of these folders,
 * the user is asked each time, by its full path. Rejects with `notConfirmed` for a no.
 */
export async function addressFor(path: string, ask: (file: vscode.Uri) => Promise<vscode.Uri> = allowed): Promise<string> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const candidates = isAbsolute(path) ? [vscode.Uri.file(path)] : folders.map((folder) => vscode.Uri.joinPath(folder, path));
  let failure: unknown = new vscode.FileSystemError(t('Open a folder, or give the whole path of the image.'));
  for (const candidate of candidates) {
    try {
      await vscode.workspace.fs.stat(candidate);
    } catch (error) {
      failure = error;
      continue;
    }
    if (candidate.scheme === 'file' ? await isInside(candidate.fsPath, folders) : folders.some((folder) => liesBelow(folder, candidate)))
      return candidate.toString();
    return (await ask(candidate)).toString();
  }
  throw fileFailure(failure);
}

async function isInside(path: string, folders: readonly vscode.Uri[]): Promise<boolean> {
  const real = await realpath(path);
  const roots = await Promise.all(
    folders.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => realpath(fsPath).catch(() => fsPath)),
  );
  return roots.some((root) => {
    const way = relative(root, real);
    return !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
  });
}

function liesBelow(folder: vscode.Uri, file: vscode.Uri): boolean {
  return folder.scheme === file.scheme && folder.authority === file.authority && file.path.startsWith(`${folder.path.replace(/\/$/, '')}/`);
}

/** The same where nothing may be asked: rejects with `notConfirmed` for what lies outside. */
export function addressInside(path: string): Promise<string> {
  return addressFor(path, async () => {
    throw outside();
  });
}

async function allowed(uri: vscode.Uri): Promise<vscode.Uri> {
  const shown = uri.scheme === 'file' ? await realpath(uri.fsPath) : uri.toString(true);
  const allow = t('Allow Once');
  const asked = vscode.window.showWarningMessage(
    t('Let an agent look at a file outside of this workspace?'),
    { modal: true, detail: sanitizeForUi(shown, 1000) },
    allow,
  );
  // Where no dialog can be shown, nobody has agreed.
  const answer = await Promise.resolve(asked).catch(() => undefined);
  if (answer !== allow) throw outside();
  return uri;
}

function outside(): InspectorError {
  return new InspectorError('notConfirmed', t('The file lies outside of the workspace, and the user did not allow it.'));
}
