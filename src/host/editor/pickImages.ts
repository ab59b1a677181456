import * as vscode from 'vscode';
import { titleOfAddress } from '../../core/base/addresses.ts';
import { IMAGE_EXTENSIONS } from '../../core/base/imageNames.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';

/** More are not listed: who has so many knows which one it is, and can browse for it. */
const MOST_LISTED = 2000;

/** An image in a picker. */
export interface ImageItem extends vscode.QuickPickItem {
  /** Unset: a file is to be chosen in a dialog. */
  uri?: vscode.Uri;
}

/**
 * Lets the user choose an image, or several: those of the workspace first, or any file. Empty when nothing was chosen. What VS Code hides of the
 * workspace's files is not listed.
 */
export async function pickImages(several = false): Promise<vscode.Uri[]> {
  const browse: ImageItem = { label: `$(folder-opened) ${t('Browse…')}`, alwaysShow: true };
  const items = (await workspaceImages()).map(imageItem);
  if (items.length === 0) return browseForImages(several);
  const list = [...items, { label: '', kind: vscode.QuickPickItemKind.Separator }, browse];
  const options = { title: several ? t('Choose Images') : t('Choose an Image'), matchOnDescription: true };
  const chosen = several
    ? await vscode.window.showQuickPick<ImageItem>(list, { ...options, canPickMany: true })
    : await vscode.window.showQuickPick<ImageItem>(list, options).then((item) => item && [item]);
  if (chosen === undefined) return [];
  const listed = chosen.flatMap(({ uri }) => (uri === undefined ? [] : [uri]));
  return chosen.some(({ uri }) => uri === undefined) ? [...listed, ...(await browseForImages(several))] : listed;
}

/** All images of the workspace but those that VS Code hides. */
export async function workspaceImages(): Promise<vscode.Uri[]> {
  if (vscode.workspace.workspaceFolders === undefined) return [];
  // A glob has no way to leave the case of letters aside.
  const endings = IMAGE_EXTENSIONS.flatMap((extension) => [extension, extension.toUpperCase()]);
  const found = await vscode.workspace.findFiles(`**/*.{${endings.join(',')}}`, '**/node_modules/**', MOST_LISTED);
  return found.sort((a, b) => a.path.localeCompare(b.path, undefined, { numeric: true }));
}

/** An image by its name and, where that says more, its folder. */
export function imageItem(uri: vscode.Uri): ImageItem {
  const folder = vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..'));
  const isTop = vscode.workspace.workspaceFolders?.some((top) => top.uri.toString() === vscode.Uri.joinPath(uri, '..').toString()) ?? false;
  return {
    label: sanitizeForUi(titleOfAddress(uri.toString())),
    iconPath: new vscode.ThemeIcon('file-media'),
    ...(isTop ? {} : { description: sanitizeForUi(folder) }),
    uri,
  };
}

/** Lets the user choose files in a dialog. */
export async function browseForImages(several: boolean): Promise<vscode.Uri[]> {
  const filters = { [t('Images')]: [...IMAGE_EXTENSIONS] };
  const title = several ? t('Choose Images') : t('Choose an Image');
  return (await vscode.window.showOpenDialog({ title, filters, canSelectMany: several })) ?? [];
}
