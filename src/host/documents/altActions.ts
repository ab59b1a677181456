import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { writeDecorative } from '../../core/documents/altEdit.ts';
import { imagesAt, rangeOf } from './imagesIn.ts';

/** What the light bulb offers on an image: a fix where its alternative text is missing, else a refactoring. What code says is left alone. */
export async function altActions(
  document: vscode.TextDocument,
  range: vscode.Range,
  token: vscode.CancellationToken,
): Promise<vscode.CodeAction[]> {
  const found = await imagesAt(document, range.start, token);
  const use = found?.images.find(({ span }) => rangeOf(document, span).contains(range.start));
  if (use === undefined || use.slot === undefined) return [];
  const isMissing = use.alt.kind === 'missing';
  const kind = isMissing ? vscode.CodeActionKind.QuickFix : vscode.CodeActionKind.RefactorRewrite;
  const actions: vscode.CodeAction[] = [];
  if (use.source !== undefined) {
    const write = new vscode.CodeAction(use.alt.kind === 'text' ? t('Improve Alt Text') : t('Write Alt Text'), kind);
    const { line, character } = document.positionAt(use.span.start);
    // The place travels in the address: options would make it a call from code, whose failures nobody sees.
    const place = document.uri.with({ fragment: `${line},${character}` });
    write.command = { command: 'imageInspector.insertAltText', title: write.title, arguments: [place] };
    write.isPreferred = isMissing;
    actions.push(write);
  }
  const edit = writeDecorative(use);
  if (edit !== undefined) {
    const mark = new vscode.CodeAction(t('Mark as Decorative'), kind);
    mark.edit = new vscode.WorkspaceEdit();
    mark.edit.replace(document.uri, rangeOf(document, edit), edit.text);
    actions.push(mark);
  }
  return actions;
}
