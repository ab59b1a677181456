import * as vscode from 'vscode';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';

/** Results of a person: corrections of a run, and what several runs agree on. */
export function registerEditing({ requests, store }: { requests: PageRequests; store: InspectionStore }): vscode.Disposable {
  requests.on('saveCorrections', async (...asked) => (await import('./personResults.ts')).saveCorrections(store, ...asked));
  requests.on('keepConsensus', async (...asked) => (await import('./personResults.ts')).keepConsensus(store, ...asked));
  return vscode.commands.registerCommand('imageInspector.correct', () => vscode.commands.executeCommand('imageInspector.view', 'correct'));
}
