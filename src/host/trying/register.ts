import type * as vscode from 'vscode';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { Tasks } from '../session/tasks.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';

/** What Try Models takes at the start. */
interface TryFeature {
  context: vscode.ExtensionContext;
  commands: CommandRegistry;
  tasks: Tasks;
  files: VscodeImageFiles;
  editors: InspectorEditors;
}

/** Try Models: several ways to ask the same, compared on a few images. */
export function registerTrying({ context, commands, tasks, files, editors }: TryFeature): void {
  commands.register('tryModels', async (call) => {
    const { tryModels } = await import('./tryCommand.ts');
    return tryModels(call, { extension: context.extensionUri, tasks, files, editors, report: commands.report });
  });
}
