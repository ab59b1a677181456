import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { looksLikeReply } from '../../core/pasted/replyKeys.ts';

/** Lines before and behind the cursor in which a piece of a reply is looked for, and how much of a line, in characters. */
const LINES = 8;
const LONGEST_LINE = 1000;
const LONGEST_SELECTION = 20_000;
/** No refactoring and no fix: it changes nothing in the text. */
const KIND = vscode.CodeActionKind.Empty.append('showOnImage');

/** What the light bulb offers where a text looks like a reply with places. */
export function replyActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
  if (!looksLikeReply(textAt(document, range))) return [];
  const action = new vscode.CodeAction(t('Show on Image…'), KIND);
  action.command = { command: 'imageInspector.showReply', title: action.title, arguments: [document.uri] };
  return [action];
}

/** The selected text, or what stands around the cursor. */
function textAt(document: vscode.TextDocument, range: vscode.Range): string {
  if (!range.isEmpty) return document.getText(range).slice(0, LONGEST_SELECTION);
  const { line } = range.start;
  const lines: string[] = [];
  for (let at = Math.max(0, line - LINES); at <= Math.min(document.lineCount - 1, line + LINES); at++) {
    const { text } = document.lineAt(at);
    const start = at === line ? Math.max(0, range.start.character - LONGEST_LINE / 2) : 0;
    lines.push(text.slice(start, start + LONGEST_LINE));
  }
  return lines.join('\n');
}
