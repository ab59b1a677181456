import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { PlannedFile } from '../../engine/export/exportFiles.ts';
import { isThere, writerFor } from './exportWrite.ts';

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
  /** Called after each file. */
  progress: (done: number, of: number) => void;
}

/**
 * Writes the files; resolves to their addresses, to none if they were not to be written. To keep both, a single file takes a free name, several go into
 * a new folder within. When that fails, the folder is left as it was.
 */
export async function writeFiles({ folder, name, plan, onConflict, progress }: Destination): Promise<vscode.Uri[]> {
  try {
    const files = await plan(folder);
    const existing = await existingAmong(folder, files);
    const conflict = existing === 0 ? 'overwrite' : await onConflict(existing);
    if (conflict === undefined) return [];
    if (conflict === 'overwrite') return await write(folder, files, progress);
    const [first, ...others] = files;
    if (first !== undefined && others.length === 0) {
      return await write(folder, [{ ...first, path: await freeName(folder, first.path) }], progress);
    }
    const own = vscode.Uri.joinPath(folder, await freeName(folder, name));
    return await write(own, await plan(own), progress);
  } catch (error) {
    throw error instanceof vscode.FileSystemError || isSystemError(error) ? notWritten(error) : error;
  }
}

async function write(folder: vscode.Uri, files: readonly PlannedFile[], progress: Destination['progress']): Promise<vscode.Uri[]> {
  const written = await writerFor(folder)(files, progress);
  return written.map((path) => vscode.Uri.joinPath(folder, path));
}

async function existingAmong(folder: vscode.Uri, files: readonly PlannedFile[]): Promise<number> {
  const found = await Promise.all(files.map(({ path }) => isThere(vscode.Uri.joinPath(folder, path))));
  return found.filter(Boolean).length;
}

/** Endings that are kept together when a name gets a number. */
const ENDING = /(?:\.coco|\.inspection)?\.[^.]+$/;

async function freeName(folder: vscode.Uri, name: string): Promise<string> {
  const extension = ENDING.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length);
  let free = name;
  for (let number = 2; await isThere(vscode.Uri.joinPath(folder, free)); number++) free = `${stem}_${number}${extension}`;
  return free;
}

/** The codes of a system that will not have it written, those of VS Code and those of Node. */
const FORBIDDEN = new Set(['NoPermissions', 'EACCES', 'EPERM', 'EROFS']);

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

function notWritten(error: Error & { code: string }): InspectorError {
  const detail = FORBIDDEN.has(error.code)
    ? t('You do not have permission to write to this folder.')
    : error.code === 'ENOSPC'
      ? t('There is no space left on the disk.')
      : sanitizeForUi(isSystemError(error) ? error.code : error.message, 300);
  return new InspectorError('permissionDenied', t('The files could not be written.'), { detail, cause: error });
}
