import * as vscode from 'vscode';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import { lazy } from '../base/lazy.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { SetServices } from './setCommands.ts';

/** Sets of images: their commands, their panels, and those that were at work when VS Code ended. */
export function registerSets({
  commands,
  ...services
}: SetServices & { commands: CommandRegistry; requests: PageRequests }): vscode.Disposable {
  const { globalStorageUri } = services.context;
  const sets = lazy(async () => new (await import('./setCommands.ts')).SetCommands({ commands, ...services }));
  commands.register('inspectFolder', async (call) => (await sets()).inspectFolder(call));
  commands.register('openSet', async (call) => (await sets()).openSet(call));
  commands.register('clearResults', async () => {
    await services.store.clear();
    await (await sets()).clear();
  });
  services.requests.on('stepInSet', async (session, { step }) =>
    (await import('./openFromSet.ts')).stepInSet(services.editors, session, step),
  );
  void vscode.workspace.fs.readFile(vscode.Uri.joinPath(globalStorageUri, 'sets', 'running.json')).then(
    // Nothing is loaded where no set is named.
    async (list) => list.length > '{"sets":[]}'.length && (await sets()).pickUp(),
    () => undefined,
  );
  return vscode.window.registerWebviewPanelSerializer('imageInspector.set', {
    deserializeWebviewPanel: async (panel, kept) => (await sets()).restore(panel, kept),
  });
}
