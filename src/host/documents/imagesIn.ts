import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { documentKind } from '../../core/documents/documentKind.ts';
import { findImages } from '../../core/documents/findImages.ts';
import type { DocumentImages, ImageUse } from '../../core/documents/imageUse.ts';
import { sourcePlaces } from '../../core/documents/sourcePlaces.ts';

const known = new WeakMap<vscode.TextDocument, { version: number; found: Promise<DocumentImages> }>();

/** The images that a document uses, as it stands now; undefined for a document of another kind. */
export async function imagesIn(document: vscode.TextDocument): Promise<DocumentImages | undefined> {
  const kind = documentKind(document.uri.path, document.languageId);
  if (kind === undefined) return undefined;
  const before = known.get(document);
  if (before?.version === document.version) return before.found;
  const found = findImages(document.getText(), kind, { pause });
  known.set(document, { version: document.version, found });
  return found;
}

/** The images of a document around a place in it; of Markdown and MDX no more is read than that takes. */
export async function imagesAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
): Promise<DocumentImages | undefined> {
  const kind = documentKind(document.uri.path, document.languageId);
  if ((kind !== 'markdown' && kind !== 'mdx') || known.get(document)?.version === document.version) return imagesIn(document);
  const cancelled = new AbortController();
  const listening = token.onCancellationRequested(() => cancelled.abort());
  try {
    return await findImages(document.getText(), kind, { at: document.offsetAt(position), pause, signal: cancelled.signal });
  } catch (error) {
    if (cancelled.signal.aborted) return undefined;
    throw error;
  } finally {
    listening.dispose();
  }
}

/** What of a document could not be read, in words; undefined where all of it was. */
export function leftOut({ tooLong = 0 }: DocumentImages): string | undefined {
  if (tooLong === 0) return undefined;
  return tooLong === 1
    ? t('1 part of this document is too long to be read.')
    : t('{0} parts of this document are too long to be read.', tooLong);
}

/** Lets the other extensions run. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The failure for a document in which no images can be found. */
export function notADocument(): InspectorError {
  return new InspectorError('unreadableFile', t('Alt text is written in Markdown, MDX, HTML, JSX, TSX, and Vue.'));
}

export function rangeOf(document: vscode.TextDocument, { start, end }: { start: number; end: number }): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** The file of an image that a document uses, if it is there; the folder of the project is that of the workspace. */
export async function imageFileOf({ source }: ImageUse, document: vscode.TextDocument): Promise<vscode.Uri | undefined> {
  const places = sourcePlaces(source);
  if (places === undefined || document.isUntitled) return undefined;
  const folder =
    places.below === 'document' ? vscode.Uri.joinPath(document.uri, '..') : vscode.workspace.getWorkspaceFolder(document.uri)?.uri;
  if (folder === undefined) return undefined;
  for (const path of places.paths) {
    const uri = vscode.Uri.joinPath(folder, path);
    if (await isFile(uri)) return uri;
  }
  return undefined;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}
