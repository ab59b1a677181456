import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { activeImage, noImage, toUri } from '../base/activeImage.ts';
import { openImage } from '../base/imageFile.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';
import type { InspectorEditors } from './inspectorEditor.ts';

/** What fetches images that a text names by their address. */
type WebFiles = Pick<VscodeImageFiles, 'web'>;

/** The images of a call, and how their inspectors are opened. */
export interface ChosenImages {
  uris: vscode.Uri[];
  show: vscode.TextDocumentShowOptions;
}

/**
 * The images a call is about: those it names, the one under the cursor of the text it names, the active one, or one that the user picks;
 * none only when the user picked none. `several`: the user is to pick all of them.
 */
export async function imagesOf(files: WebFiles, call: CommandCall, several = false): Promise<ChosenImages> {
  const [first, ...others] = call.uris.map(toUri);
  if (first === undefined) return { uris: await unnamedImages(call, several), show: {} };
  const inText = others.length === 0 ? (await import('./imageInText.ts')).imageUnderCursor(first) : undefined;
  if (inText !== undefined) {
    const uri = typeof inText === 'string' ? await fetchNamed(files, inText, call) : inText;
    return { uris: [uri], show: { viewColumn: vscode.ViewColumn.Beside } };
  }
  return { uris: [first, ...others], show: { preview: others.length === 0 } };
}

/** An image of the web that a text names. */
async function fetchNamed(files: WebFiles, address: string, call: CommandCall): Promise<vscode.Uri> {
  const web = await files.web();
  return call.fromCode ? web.fetchGiven(address) : web.fetchNamed(address);
}

async function unnamedImages(call: CommandCall, several: boolean): Promise<vscode.Uri[]> {
  const active = activeImage();
  if (active !== undefined && (!several || call.fromCode)) return [active];
  if (call.fromCode) throw noImage();
  return (await import('./pickImages.ts')).pickImages(several);
}

/** Opens an image in an inspector and resolves to its session. */
export async function openInspector(editors: InspectorEditors, uri: vscode.Uri, show: vscode.TextDocumentShowOptions) {
  await assertFile(uri);
  const session = await editors.open(uri, show);
  if (session === undefined) throw new InspectorError('unreadableImage', t('The inspector could not open this file.'));
  return session;
}

/** A folder may be named like an image, and a file may be gone by now; no editor can show either. */
async function assertFile(uri: vscode.Uri): Promise<void> {
  await openImage(uri);
}
