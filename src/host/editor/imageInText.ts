import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { TEXT_LANGUAGES } from '../../core/base/imageNames.ts';
import { imageReferenceAt } from '../../core/base/imagePaths.ts';
import { t } from '../../core/base/l10n.ts';

/** An image that a text names. */
export interface ImageInText {
  /** Where its path stands. */
  range: vscode.Range;
  /** The file, whether it is there or not; unset for an image on the web, and where there is no folder to start from. */
  uri: vscode.Uri | undefined;
  /** Of an image on the web. */
  address: string | undefined;
}

/** How many characters before and behind a place are looked at: enough for names over several lines, and little of a text in one line. */
const REACH = 4096;

/** The image that a text names at a place. */
export function imageInText(document: vscode.TextDocument, position: vscode.Position): ImageInText | undefined {
  const offset = document.offsetAt(position);
  const start = document.positionAt(Math.max(0, offset - REACH));
  const from = document.offsetAt(start);
  const text = document.getText(new vscode.Range(start, document.positionAt(offset + REACH)));
  const found = imageReferenceAt(text, offset - from, document.languageId);
  if (found === undefined) return undefined;
  const range = new vscode.Range(document.positionAt(from + found.start), document.positionAt(from + found.end));
  if (!found.remote) return { range, uri: fileOf(found.path, document), address: undefined };
  return { range, uri: undefined, address: found.path.replace(/^\/\//, 'https://') };
}

/** From the document's folder, or from the workspace folder for a path that begins with a slash. */
function fileOf(path: string, document: vscode.TextDocument): vscode.Uri | undefined {
  if (document.isUntitled) return undefined;
  const base = path.startsWith('/') ? vscode.workspace.getWorkspaceFolder(document.uri)?.uri : vscode.Uri.joinPath(document.uri, '..');
  return base && vscode.Uri.joinPath(base, path);
}

/**
 * The image under the cursor, a file or an address of the web, where `text` is the text of the active editor; undefined where it is not.
 * Throws `noImage` where the text names no image there.
 */
export function imageUnderCursor(text: vscode.Uri): vscode.Uri | string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.toString() !== text.toString()) return undefined;
  if (!TEXT_LANGUAGES.some((language) => language === editor.document.languageId)) return undefined;
  const image = imageInText(editor.document, editor.selection.active);
  if (image === undefined) throw new InspectorError('noImage', t('There is no image path under the cursor.'));
  const named = image.uri ?? image.address;
  if (named === undefined) {
    throw new InspectorError('noImage', t('The image under the cursor cannot be found.'), {
      detail: t('Save the text first: its folder is where the path starts.'),
    });
  }
  return named;
}
