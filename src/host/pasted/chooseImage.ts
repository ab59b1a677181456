import * as vscode from 'vscode';
import { isImageName } from '../../core/base/imageNames.ts';
import { t } from '../../core/base/l10n.ts';
import { imagesNamedIn } from '../../core/pasted/imagesNamedIn.ts';
import { activeImage } from '../base/activeImage.ts';
import { browseForImages, type ImageItem, imageItem, workspaceImages } from '../editor/pickImages.ts';
import type { ReplyText } from './selectedReply.ts';

/** So many names of a text are looked up. */
const MOST_NAMED = 10;
/** Of a folder. */
const MOST_LISTED = 300;

/** The image that a reply is drawn on: the user chooses. Those that the text names come first, then open ones, those of its folder, those of the workspace. */
export async function chooseImage(reply: ReplyText): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showQuickPick<ImageItem>(itemsFor(reply), {
    title: t('Show on Image'),
    placeHolder: t('The image that the reply is about'),
    matchOnDescription: true,
  });
  if (chosen === undefined) return undefined;
  return chosen.uri ?? (await browseForImages(false))[0];
}

async function itemsFor({ text, before, document }: ReplyText): Promise<ImageItem[]> {
  const open = openImages();
  const folder = folderOf(document) ?? folderOf(open[0]);
  const named = await Promise.all(
    [...imagesNamedIn(text), ...imagesNamedIn(before).toReversed()].slice(0, MOST_NAMED).map((path) => findNamed(path, folder)),
  );
  const listed = folder === undefined ? [] : await imagesIn(folder);
  const everywhere = await workspaceImages();
  const known = new Set<string>();
  const group = (title: string, uris: readonly vscode.Uri[]): ImageItem[] => {
    const fresh = uris.filter((uri) => !known.has(uri.toString()) && known.add(uri.toString()));
    return fresh.length === 0 ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...fresh.map(imageItem)];
  };
  return [
    ...group(t('named in the text'), named.flat()),
    ...group(t('open'), open),
    ...group(t('in this folder'), listed),
    ...group(t('in the workspace'), everywhere),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: `$(folder-opened) ${t('Browse…')}`, alwaysShow: true },
  ];
}

/** Of all tabs, that of the active one first. */
function openImages(): vscode.Uri[] {
  const active = activeImage();
  const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  const shown = inputs.flatMap((input) => (input instanceof vscode.TabInputCustom && isImageName(input.uri.path) ? [input.uri] : []));
  return active === undefined ? shown : [active, ...shown];
}

/** Output channels and unsaved texts stand in no folder: there that of the workspace counts. */
function folderOf(file: vscode.Uri | undefined): vscode.Uri | undefined {
  if (file !== undefined && vscode.workspace.fs.isWritableFileSystem(file.scheme) !== undefined) return vscode.Uri.joinPath(file, '..');
  return vscode.workspace.workspaceFolders?.[0]?.uri;
}

async function imagesIn(folder: vscode.Uri): Promise<vscode.Uri[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    const names = entries.filter(([name, type]) => (type & vscode.FileType.Directory) === 0 && isImageName(name)).map(([name]) => name);
    return names
      .toSorted((a, b) => a.localeCompare(b))
      .slice(0, MOST_LISTED)
      .map((name) => vscode.Uri.joinPath(folder, name));
  } catch {
    return [];
  }
}

/** The file that a text means: by its whole path, from the text's folder or a workspace folder on, or anywhere in the workspace by its name. */
async function findNamed(path: string, folder: vscode.Uri | undefined): Promise<vscode.Uri[]> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return path.startsWith('file:') ? existing([vscode.Uri.parse(path)]) : [];
  const isAbsolute = /^(?:\/|[a-z]:\/)/i.test(path);
  const bases = [folder, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)].filter((base) => base !== undefined);
  const found = await existing([...(isAbsolute ? [vscode.Uri.file(path)] : []), ...bases.map((base) => vscode.Uri.joinPath(base, path))]);
  if (found.length > 0) return found;
  const name = path.slice(path.lastIndexOf('/') + 1);
  // Such signs mean something else in a pattern.
  return /[*?[\]{}]/.test(name) ? [] : vscode.workspace.findFiles(`**/${name}`, undefined, 5);
}

async function existing(uris: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const found = await Promise.all(
    uris.map(async (uri) => {
      try {
        return (await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File ? [uri] : [];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
}
