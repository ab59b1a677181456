import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { REACH, replyAround } from '../../core/pasted/replyAround.ts';
import { looksLikeReply } from '../../core/pasted/replyKeys.ts';

/** A text that is to be drawn, and what it may say of its image. */
export interface ReplyText {
  text: string;
  /** What stands before it in its document: an image may be named there. */
  before: string;
  /** Of the document; unset where there is none. */
  document?: vscode.Uri;
}

/** How far before a reply its image may be named, in characters. */
const NAMED_BEFORE = 2000;

/** What is selected in the active text editor, also of an output channel; without a selection the reply around the cursor, else the whole text. */
export function selectedReply(): ReplyText {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    throw new InspectorError('unreadableFile', t('No text editor is open.'), {
      detail: t('Select a reply in a text editor, or copy it and use "Show Clipboard on Image…".'),
    });
  }
  const { document, selections } = editor;
  const chosen = selections.filter(({ isEmpty }) => !isEmpty);
  const range = chosen[0] ?? aroundCursor(document, editor.selection.active);
  const text = chosen.length > 1 ? chosen.map((one) => document.getText(one)).join('\n') : document.getText(range);
  return { text, before: textBefore(document, range?.start), document: document.uri };
}

function aroundCursor(document: vscode.TextDocument, cursor: vscode.Position): vscode.Range | undefined {
  const offset = document.offsetAt(cursor);
  const from = Math.max(0, offset - REACH);
  const text = document.getText(new vscode.Range(document.positionAt(from), document.positionAt(offset + REACH)));
  const found = replyAround(text, offset - from);
  // Brackets of anything else are no reply.
  if (found === undefined || !looksLikeReply(text.slice(found.start, found.end))) return undefined;
  return new vscode.Range(document.positionAt(from + found.start), document.positionAt(from + found.end));
}

function textBefore(document: vscode.TextDocument, start = new vscode.Position(0, 0)): string {
  const end = document.offsetAt(start);
  return document.getText(new vscode.Range(document.positionAt(Math.max(0, end - NAMED_BEFORE)), start));
}
