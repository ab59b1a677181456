import * as vscode from 'vscode';
import { shortRef } from '../../core/base/addresses.ts';
import { InspectorError } from '../../core/base/failure.ts';
import { isImageName } from '../../core/base/imageNames.ts';
import { t } from '../../core/base/l10n.ts';
import { lfsObject } from '../../engine/files/lfsObject.ts';
import { isLfsPointer, LONGEST_POINTER } from '../../imaging/reading/lfsPointer.ts';
import { nameOf } from '../base/imageFile.ts';
import { type GitApi, type Repository, repositoryOf } from './gitApi.ts';

/** Two versions of an image; null for one that is not there. */
export interface Versions {
  older: vscode.Uri | null;
  newer: vscode.Uri | null;
  /** Where the older one lies, if it is not the same path: its address. */
  renamedFrom?: vscode.Uri;
}

/** What names a version. Nothing that git would read as an option, as a path, or as several. */
const REF = /^(?!-)[^\s:?*[\\\p{Cc}]{1,250}$/u;

/** An image in a version and as it is now. Rejects where either of them is something else than a picture, or the version is not known. */
export async function versionsOf(api: GitApi, uri: vscode.Uri, ref: string): Promise<Versions> {
  const file = fileOf(uri);
  if (!isImageName(file.path)) throw noPicture(t('"{0}" is not an image.', nameOf(file)));
  if (!REF.test(ref)) throw unknownRef(ref);
  const repository = await repositoryOf(api, file);
  await assertKnown(repository, ref);
  const newer = (await isThere(uri)) ? uri : null;
  const before = await pathIn(repository, ref, file);
  if (before === undefined && newer === null)
    throw new InspectorError('notFound', t('"{0}" is not there, and not in {1} either.', nameOf(file), shortRef(ref)));
  const older = before === undefined ? null : api.toGitUri(before, ref);
  if (older !== null) await assertWhole(older, shortRef(ref));
  if (newer !== null) await assertWhole(newer, t('the working tree'));
  return { older, newer, ...(before === undefined || before.path === file.path ? {} : { renamedFrom: before }) };
}

/** The file on disk that an address stands for: of a `git:` address the one that it is a version of. */
export function fileOf(uri: vscode.Uri): vscode.Uri {
  const { path } = gitQuery(uri);
  return path === undefined ? uri : vscode.Uri.file(path);
}

function gitQuery({ scheme, query }: vscode.Uri): { path?: string } {
  if (scheme !== 'git') return {};
  try {
    const { path } = JSON.parse(query) as { path?: unknown };
    return typeof path === 'string' ? { path } : {};
  } catch {
    return {};
  }
}

async function assertKnown(repository: Repository, ref: string): Promise<void> {
  try {
    await repository.getCommit(ref);
  } catch (error) {
    throw ref === 'HEAD'
      ? new InspectorError('notFound', t('This repository has no commit yet.'), { cause: error })
      : unknownRef(ref, error);
  }
}

function unknownRef(ref: string, cause?: unknown): InspectorError {
  return new InspectorError('notFound', t('This repository has no commit, branch or tag "{0}".', ref), { cause });
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Where a file was in a version, also under another name; undefined where it was not. */
async function pathIn(repository: Repository, ref: string, file: vscode.Uri): Promise<vscode.Uri | undefined> {
  if (await isFileIn(repository, ref, file)) return file;
  const changes = await repository.diffWith(ref).catch(() => []);
  const renamed = changes.find(({ renameUri, originalUri }) => renameUri?.path === file.path && originalUri.path !== file.path);
  return renamed !== undefined && (await isFileIn(repository, ref, renamed.originalUri)) ? renamed.originalUri : undefined;
}

/** Rejects with `unsupported` for a link, a folder or a submodule in its place. */
async function isFileIn(repository: Repository, ref: string, file: vscode.Uri): Promise<boolean> {
  const details = await repository.getObjectDetails(ref, file.fsPath).catch(() => undefined);
  if (details === undefined) return false;
  const { mode } = details;
  if (mode.startsWith('100')) return true;
  const what = mode === '120000' ? t('a symbolic link') : mode === '160000' ? t('a submodule') : t('a folder');
  throw new InspectorError('unsupported', t('The type of "{0}" has changed: in {1} it is {2}.', nameOf(file), shortRef(ref), what));
}

/** Rejects for what stands in the place of a picture: a pointer of Git LFS to what is not here, or nothing. */
async function assertWhole(uri: vscode.Uri, where: string): Promise<void> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > LONGEST_POINTER) return;
  const bytes = await vscode.workspace.fs.readFile(uri);
  if (bytes.length === 0) throw noPicture(t('"{0}" is empty in {1}.', nameOf(uri), where));
  if (!isLfsPointer(bytes)) return;
  // What is committed is read from where Git LFS keeps it.
  if (uri.scheme === 'git' && (await lfsObject(bytes, uri.fsPath)) !== undefined) return;
  throw new InspectorError(
    'unreadableImage',
    t('"{0}" is a Git LFS pointer in {1}: the picture itself is not on this computer.', nameOf(uri), where),
    { detail: t('Run "git lfs pull" or "git lfs fetch" to get it.') },
  );
}

function noPicture(message: string): InspectorError {
  return new InspectorError('unreadableImage', message);
}
