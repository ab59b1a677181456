import * as vscode from 'vscode';
import { TEXT_LANGUAGES } from '../../core/base/imageNames.ts';
import { namesImage } from '../../core/base/imagePaths.ts';

/**
 * For menus: whether the lines in sight of texts name an image. That the cursor is on a path would say it better, but a right-click opens the menu before an
 * extension hears that it has moved the cursor.
 */
const KEY = 'imageInspector.imagePathInSight';
/** Of longer lines only so much is looked at, in characters. */
const MOST_TEXT = 8192;

let known: boolean | undefined;

/** Tells menus whether an editor shows the path of an image: any of them, since a right-click also moves from one to the other. */
export function tellImagePath(editors: readonly vscode.TextEditor[]): void {
  const isInSight = editors.some(showsImagePath);
  if (isInSight === known) return;
  known = isInSight;
  void vscode.commands.executeCommand('setContext', KEY, isInSight);
}

function showsImagePath({ document, visibleRanges }: vscode.TextEditor): boolean {
  if (!TEXT_LANGUAGES.some((language) => language === document.languageId)) return false;
  return visibleRanges.some(({ start, end }) => {
    const from = document.offsetAt(start.with(undefined, 0));
    const to = document.offsetAt(document.lineAt(end.line).range.end);
    const last = document.positionAt(Math.min(to, from + MOST_TEXT));
    return namesImage(document.getText(new vscode.Range(document.positionAt(from), last)), document.languageId);
  });
}
