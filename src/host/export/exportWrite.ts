import { lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { PlannedFile } from '../../engine/export/exportFiles.ts';
import { writePart, writeWhole } from '../../engine/files/wholeFile.ts';

/** Puts files into a folder; resolves to the paths of those that there were. */
export type FolderWriter = (files: readonly PlannedFile[], progress: (done: number, of: number) => void) => Promise<string[]>;

/** The way to write into a folder: on this computer all files or none, elsewhere as far as that can be had. */
export function writerFor(folder: vscode.Uri): FolderWriter {
  return (files, progress) => (folder.scheme === 'file' ? onDisk(folder.fsPath, files, progress) : elsewhere(folder, files, progress));
}

/** True if there is something of that name, be it a link that leads nowhere. */
export async function isThere(uri: vscode.Uri): Promise<boolean> {
  return (uri.scheme === 'file' ? lstat(uri.fsPath) : vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}

/** Writes one file where the user has said; a link that the user chose is followed. */
export async function saveFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
  if (uri.scheme !== 'file') return vscode.workspace.fs.writeFile(uri, content);
  await writeWhole(await realpath(uri.fsPath).catch(() => uri.fsPath), content);
}

/** Everything is written beside its place first: what goes wrong until then leaves the folder as it was. */
async function onDisk(folder: string, ...[files, progress]: Parameters<FolderWriter>): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const root = await realpath(folder);
  const parts: { part: string; file: string; path: string; isNew: boolean }[] = [];
  const added: string[] = [];
  try {
    for (const [place, { path, make }] of files.entries()) {
      const content = await make();
      if (content !== undefined) {
        const file = join(await folderWithin(root, path.split('/').slice(0, -1)), path.split('/').at(-1) ?? '');
        const isNew = !(await isThere(vscode.Uri.file(file)));
        parts.push({ part: await writePart(file, content), file, path, isNew });
      }
      progress(place + 1, files.length);
    }
    for (const { part, file, isNew } of parts) {
      await rename(part, file);
      if (isNew) added.push(file);
    }
    return parts.map(({ path }) => path);
  } catch (error) {
    await Promise.allSettled([...parts.map(({ part }) => part), ...added].map((path) => rm(path, { force: true })));
    throw error;
  }
}

/** Makes a folder in a folder, which may be there and may be a link, as long as that leads nowhere else. */
async function folderWithin(root: string, names: readonly string[]): Promise<string> {
  let folder = root;
  for (const name of names) {
    const path = join(folder, name);
    await mkdir(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    const real = await realpath(path).catch(() => undefined);
    const way = real === undefined ? '..' : relative(root, real);
    // On Windows a way to another drive is a whole path.
    if (real === undefined || way === '..' || way.startsWith(`..${sep}`) || join(root, way) !== real) throw leadsOut(name);
    folder = real;
  }
  return folder;
}

/** Such a file system may not be able to rename; what it wrote anew is taken away when the rest fails. Its links are not followed, since nobody can say where they lead. */
async function elsewhere(folder: vscode.Uri, ...[files, progress]: Parameters<FolderWriter>): Promise<string[]> {
  const { fs } = vscode.workspace;
  const written: string[] = [];
  const added: vscode.Uri[] = [];
  try {
    for (const [place, { path, make }] of files.entries()) {
      const content = await make();
      if (content !== undefined) {
        const file = vscode.Uri.joinPath(folder, path);
        await refuseLinks(folder, path);
        await fs.createDirectory(vscode.Uri.joinPath(folder, dirname(path)));
        if (!(await isThere(file))) added.push(file);
        await fs.writeFile(file, content);
        written.push(path);
      }
      progress(place + 1, files.length);
    }
    return written;
  } catch (error) {
    await Promise.allSettled(added.map((file) => fs.delete(file)));
    throw error;
  }
}

async function refuseLinks(folder: vscode.Uri, path: string): Promise<void> {
  const names = path.split('/');
  for (const [place, name] of names.entries()) {
    const found = await Promise.resolve(vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, ...names.slice(0, place + 1)))).catch(
      () => undefined,
    );
    if (found !== undefined && (found.type & vscode.FileType.SymbolicLink) !== 0) throw leadsOut(name);
  }
}

function leadsOut(name: string): InspectorError {
  return new InspectorError('permissionDenied', t('The files could not be written.'), {
    detail: t('"{0}" is a link that leads out of the folder.', sanitizeForUi(name, 80)),
  });
}
