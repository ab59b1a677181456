import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { failureView } from '../../core/base/failure.ts';
import { formatNumber } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { estimateImage } from '../../core/request/estimateImage.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { fileFailure } from '../../engine/files/localFiles.ts';
import { probe } from '../../imaging/formats/probe.ts';
import { openImage } from '../base/imageFile.ts';
import { readSettings } from '../base/settings.ts';
import { imageInText } from '../editor/imageInText.ts';

/**
 * What is shown over an image path in a text: the size, the estimated tokens, and what can be done. VS Code shows the picture itself. Only for files of the workspace, of which no more
 * than the header is read; undefined for everything else.
 */
export async function imageHover(
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
  basis: TokenBasis,
): Promise<vscode.Hover | undefined> {
  const image = imageInText(document, position);
  if (image?.uri === undefined || !(await isInWorkspace(image.uri)) || token.isCancellationRequested) return undefined;
  const facts = await factsOf(image.uri, basis);
  return token.isCancellationRequested ? undefined : new vscode.Hover(facts, image.range);
}

/** True if the file is there and in a folder of the workspace, also after every link on the way has been followed. */
async function isInWorkspace(uri: vscode.Uri): Promise<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (uri.scheme !== 'file' || folder === undefined) return false;
  try {
    const way = relative(await realpath(folder.uri.fsPath), await realpath(uri.fsPath));
    return way.split(sep)[0] !== '..' && !isAbsolute(way);
  } catch {
    return false;
  }
}

/** What can be done from a hover. */
const ACTIONS: readonly (readonly [command: string, title: () => string])[] = [
  ['imageInspector.open', () => t('Open in Inspector')],
  ['imageInspector.caption', () => t('Describe Image')],
];

function link(command: string, uri: vscode.Uri): string {
  // Parentheses end a link, and are left as they are by the encoding of addresses.
  const args = encodeURIComponent(JSON.stringify([uri.toJSON()]))
    .replaceAll('(', '%28')
    .replaceAll(')', '%29');
  return `command:${command}?${args}`;
}

/** All words are ours: the file's name stands in the text already. */
async function factsOf(uri: vscode.Uri, basis: TokenBasis): Promise<vscode.MarkdownString> {
  const text = new vscode.MarkdownString();
  try {
    const header = await probe(await openImage(uri));
    const { upright } = header;
    const { tokens } = estimateImage(header, readSettings(uri), basis).estimate;
    const size = t('{0} × {1} pixels', upright.width, upright.height);
    text.appendMarkdown(`${size} · ≈ ${formatNumber(tokens)} ${t('tok')}\n\n`);
    // No words of others stand in this text, and its links run nothing but these.
    text.isTrusted = { enabledCommands: ACTIONS.map(([command]) => command) };
    return text.appendMarkdown(ACTIONS.map(([command, title]) => `[${title()}](${link(command, uri)})`).join(' · '));
  } catch (error) {
    const { message, detail } = failureView(fileFailure(error));
    return text.appendMarkdown(`${message} ${detail}`);
  }
}
