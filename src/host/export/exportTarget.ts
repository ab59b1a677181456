import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { ExportTarget } from '../../engine/export/exportTarget.ts';
import { isThere, targetAt } from './exportWrite.ts';

/** What happens where files of the same names are already there; undefined: nothing is written. */
export type Conflict = 'overwrite' | 'keepBoth' | undefined;

/** Where files go and how they are made for there. */
export interface Destination {
  folder: vscode.Uri;
  /** A name for a folder of its own, should one be needed. */
  name: string;
  /** The paths of all files that may be written. */
  paths: () => Promise<string[]>;
  /** Makes the files, as they are to be in a folder, and puts them there; resolves to their paths. */
  fill: (folder: vscode.Uri, target: ExportTarget) => Promise<string[]>;
  /** Asked when some of them are already there. */
  onConflict: (existing: number) => Promise<Conflict>;
}

/**
 * Writes the files; resolves to their addresses, to none if they were not to be written. To keep both, a single file takes a free name, several go into
 * a new folder within. When that fails, the folder is left as it was.
 */
export async function writeFiles({ folder, name, paths, fill, onConflict }: Destination): Promise<vscode.Uri[]> {
  try {
    const [first, ...others] = await paths();
    if (first === undefined) return [];
    const existing = await existingAmong(folder, [first, ...others]);
    const conflict = existing === 0 ? 'overwrite' : await onConflict(existing);
    if (conflict === undefined) return [];
    if (conflict === 'overwrite') return await write(fill, folder);
    if (others.length > 0) return await write(fill, vscode.Uri.joinPath(folder, await freeName(folder, name)));
    const free = await freeName(folder, first);
    return await write(fill, folder, () => free);
  } catch (error) {
    throw error instanceof vscode.FileSystemError || isSystemError(error) ? notWritten(error) : error;
  }
}

async function write(fill: Destination['fill'], folder: vscode.Uri, nameOf?: (path: string) => string): Promise<vscode.Uri[]> {
  const written = await fill(folder, targetAt(folder, nameOf));
  return written.map((path) => vscode.Uri.joinPath(folder, path));
}

async function existingAmong(folder: vscode.Uri, paths: readonly string[]): Promise<number> {
  let existing = 0;
  for (let at = 0; at < paths.length; at += AT_A_TIME) {
    const found = await Promise.all(paths.slice(at, at + AT_A_TIME).map((path) => isThere(vscode.Uri.joinPath(folder, path))));
    existing += found.filter(Boolean).length;
  }
  return existing;
}

/** Files that are looked for at a time. */
const AT_A_TIME = 100;

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
