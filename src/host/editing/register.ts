import type { CommandRegistry } from '../base/commandRegistry.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import type { WorkspaceMemory } from '../session/workspaceMemory.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';

/** What corrections take at the start. */
interface EditingFeature {
  requests: PageRequests;
  store: InspectionStore;
  memory: WorkspaceMemory;
  commands: CommandRegistry;
  files: VscodeImageFiles;
  editors: InspectorEditors;
}

/** Results of a person: corrections of a run, and what several runs agree on. */
export function registerEditing({ requests, store, memory, commands, files, editors }: EditingFeature): void {
  requests.on('saveCorrections', async (...asked) => (await import('./personResults.ts')).saveCorrections(store, memory, ...asked));
  requests.on('drafts', (session, { drafts }) => memory.keepDrafts(session.uri.toString(), drafts));
  requests.on('keepConsensus', async (...asked) => (await import('./personResults.ts')).keepConsensus(store, ...asked));
  commands.register('correct', async (call) => (await import('./correctCommand.ts')).correct({ files, editors }, call));
}
