import * as vscode from 'vscode';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { imagesOf, openInspector } from '../editor/commandImages.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';

/** Begins to correct the objects of an image, or to annotate it, in its inspector; in the active inspector it ends that too. */
export async function correct(
  { files, editors }: { files: VscodeImageFiles; editors: InspectorEditors },
  call: CommandCall,
): Promise<void> {
  if (call.uris.length === 0 && editors.hasActive) {
    await vscode.commands.executeCommand('imageInspector.view', 'correct');
    return;
  }
  const [uri] = (await imagesOf(files, call)).uris;
  if (uri !== undefined) (await openInspector(editors, uri, {})).correct();
}
