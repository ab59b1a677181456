import * as vscode from 'vscode';
import { InspectorError } from '../core/failure.ts';
import { t } from '../core/l10n.ts';
import type { PlannedFile } from './exportFiles.ts';

/** What happens where files of the same names are already there; undefined: nothing is written. */
export type Conflict = 'overwrite' | 'keepBoth' | undefined;

/** Where files go and how they are made for there. */
export interface Destination {
  folder: vscode.Uri;
  /** A name for a folder of its own, should one be needed. */
  name: string;
  /** The files, as they are to be in a folder. */
  plan: (folder: vscode.Uri) => Promise<PlannedFile[]>;
  /** Asked when some of them are already there. */
  onConflict: (existing: number) => Promise<Conflict>;
  /** Told after each file. */
  progress: (done: number, of: number) => void;
}

/**
 * Writes the files; resolves to their addresses, to none if they were not to be written. To keep both, a single file takes a free name, several go into
 * a new folder within. What was written anew is taken away when the rest fails.
 */
export async function writeFiles({ folder, name, plan, onConflict, progress }: Destination): Promise<vscode.Uri[]> {
  try {
    const files = await plan(folder);
    const existing = await existingAmong(folder, files);
    const conflict = existing.size === 0 ? 'overwrite' : await onConflict(existing.size);
    if (conflict === undefined) return [];
    if (conflict === 'overwrite') return await write(folder, files, existing, progress);
    const [first, ...others] = files;
    if (first !== undefined && others.length === 0) {
      return await write(folder, [{ ...first, path: await freeName(folder, first.path) }], new Set(), progress);
    }
    const own = vscode.Uri.joinPath(folder, await freeName(folder, name));
    return await write(own, await plan(own), new Set(), progress);
  } catch (error) {
    throw error instanceof vscode.FileSystemError ? notWritten(error) : error;
  }
}

async function write(
  folder: vscode.Uri,
  files: readonly PlannedFile[],
  existing: ReadonlySet<string>,
  progress: Destination['progress'],
): Promise<vscode.Uri[]> {
  const written: vscode.Uri[] = [];
  const added: vscode.Uri[] = [];
  const folders = new Set<string>();
  try {
    for (const [place, { path, make }] of files.entries()) {
      const bytes = await make();
      if (bytes !== undefined) {
        const parent = vscode.Uri.joinPath(folder, ...path.split('/').slice(0, -1));
        if (!folders.has(parent.toString())) await vscode.workspace.fs.createDirectory(parent);
        folders.add(parent.toString());
        const file = vscode.Uri.joinPath(folder, path);
        await vscode.workspace.fs.writeFile(file, bytes);
        written.push(file);
        if (!existing.has(path)) added.push(file);
      }
      progress(place + 1, files.length);
    }
  } catch (error) {
    await Promise.allSettled(added.map((file) => vscode.workspace.fs.delete(file)));
    throw error;
  }
  return written;
}

async function existingAmong(folder: vscode.Uri, files: readonly PlannedFile[]): Promise<Set<string>> {
  const found = await Promise.all(files.map(async ({ path }) => ((await exists(vscode.Uri.joinPath(folder, path))) ? [path] : [])));
  return new Set(found.flat());
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Endings that are kept together when a name gets a number. */
const ENDING = /(?:\.coco|\.inspection)?\.[^.]+$/;

async function freeName(folder: vscode.Uri, name: string): Promise<string> {
  const ending = ENDING.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - ending.length);
  let free = name;
  for (let number = 2; await exists(vscode.Uri.joinPath(folder, free)); number++) free = `${stem}_${number}${ending}`;
  return free;
}

function notWritten(error: vscode.FileSystemError): InspectorError {
  return new InspectorError('permissionDenied', t('The files could not be written.'), {
    detail: error.code === 'NoPermissions' ? t('The folder may not be written to.') : error.message,
    cause: error,
  });
}
