import * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import type { SetCommands } from './setCommands.ts';

/** What sets take at the start. */
interface SetFeature {
  context: vscode.ExtensionContext;
  commands: CommandRegistry;
  requests: PageRequests;
  editors: InspectorEditors;
  store: InspectionStore;
  sets: () => Promise<SetCommands>;
}

/** Sets of images: their commands, their panels, and those that were at work when VS Code ended. */
export function registerSets({ context, commands, requests, editors, store, sets }: SetFeature): vscode.Disposable {
  commands.register('inspectFolder', async (call) => (await sets()).inspectFolder(call));
  commands.register('openSet', async (call) => (await sets()).openSet(call));
  commands.register('clearResults', async () => {
    await (await sets()).clear();
    // Inspectors read anew then, also from sets.
    await store.clear();
  });
  const inspectors = () => import('./openFromSet.ts');
  requests.on('stepInSet', async (session, { step, judged }) => (await inspectors()).stepInSet(editors, session, step, judged));
  requests.on('backToSet', async (session) => (await inspectors()).backToSet(session));
  const ofPerson = (then: (inspection: Inspection) => Promise<void>) => (inspection: Inspection) =>
    inspection.source === 'person' ? then(inspection).catch(commands.report) : undefined;
  context.subscriptions.push(
    store.onDidAdd(ofPerson(async (inspection) => (await inspectors()).takeCorrection(editors, inspection))),
    store.onDidDelete(ofPerson(async (inspection) => (await inspectors()).dropCorrection(editors, inspection))),
  );
  void vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.globalStorageUri, 'sets', 'running.json')).then(
    // Nothing is loaded where no set is named.
    async (list) => list.length > '{"sets":[]}'.length && (await sets()).pickUp(),
    () => undefined,
  );
  return vscode.window.registerWebviewPanelSerializer('imageInspector.set', {
    deserializeWebviewPanel: async (panel, kept) => (await sets()).restore(panel, kept),
  });
}
