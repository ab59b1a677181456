import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { failureView } from '../../core/base/failure.ts';
import { formatNumber } from '../../core/base/format.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { estimateImage } from '../../core/request/estimateImage.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { fileFailure } from '../../engine/files/localFiles.ts';
import type { ImageType } from '../../imaging/formats/imageType.ts';
import { probe } from '../../imaging/formats/probe.ts';
import { openImage } from '../base/imageFile.ts';
import { readSettings } from '../base/settings.ts';
import { imageInText } from '../editor/imageInText.ts';

/** Longest side of a thumbnail, in CSS pixels. */
const THUMBNAIL = 240;
/** More would take VS Code long to draw. */
const MOST_PIXELS = 50e6;
/** The types that VS Code can draw. */
const DRAWN: readonly ImageType[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif', 'image/bmp', 'image/svg+xml'];

/**
 * What is shown over an image path in a text: a thumbnail, the size and the estimated tokens. Only for files of the workspace, of which no more
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

/** All words are ours: the file's name stands in the text already. */
async function factsOf(uri: vscode.Uri, basis: TokenBasis): Promise<vscode.MarkdownString> {
  const text = new vscode.MarkdownString();
  try {
    const header = await probe(await openImage(uri));
    const { mimeType, upright } = header;
    const { tokens } = estimateImage(header, readSettings(uri), basis).estimate;
    if (DRAWN.includes(mimeType) && upright.width * upright.height <= MOST_PIXELS) text.appendMarkdown(`${thumbnail(uri, upright)}\n\n`);
    const size = t('{0} × {1} pixels', upright.width, upright.height);
    return text.appendMarkdown(`${size} · ≈ ${formatNumber(tokens)} ${t('tok')}`);
  } catch (error) {
    const { message, detail } = failureView(fileFailure(error));
    return text.appendMarkdown(`${message} ${detail}`);
  }
}

/** An address written by VS Code holds nothing that ends a link or begins markup. */
function thumbnail(uri: vscode.Uri, { width, height }: Size): string {
  const scale = Math.min(1, THUMBNAIL / Math.max(width, height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return `![](${uri.toString()}|width=${side(width)},height=${side(height)})`;
}
