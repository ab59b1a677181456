import type * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import type { WorkspaceMemory } from '../session/workspaceMemory.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';
import { imagesOf, openInspector } from './commandImages.ts';
import type { InspectorEditors } from './inspectorEditor.ts';
import type { PageRequests } from './pageRequests.ts';
import type { Sample } from './sample.ts';

/** What the inspector takes. */
interface EditorServices {
  commands: CommandRegistry;
  requests: PageRequests;
  editors: InspectorEditors;
  files: VscodeImageFiles;
  memory: WorkspaceMemory;
  sample: Sample;
}

/** The inspector: its editors, how they are opened, and what its pages ask for at any time. */
export function registerInspector({ commands, requests, editors, files, memory, sample }: EditorServices): vscode.Disposable {
  commands.register('open', async (call) => {
    const { uris, show } = await imagesOf(files, call);
    for (const uri of uris) await openInspector(editors, uri, show);
  });
  commands.register('openSample', (call) => openSample(editors, sample, call));
  requests.on('appearance', (_, { appearance }) => memory.rememberAppearance(appearance));
  requests.on('act', async (session, message) => (await import('./pageActions.ts')).actForPage(session, message));
  return editors.register();
}

/** Shows the sample. From code it opens no editor unless that is asked for. */
async function openSample(editors: InspectorEditors, sample: Sample, call: CommandCall): Promise<Inspection | undefined> {
  const inspection = (await sample.inspections()).at(-1);
  if (inspection !== undefined && (!call.fromCode || call.options.reveal === true)) {
    (await openInspector(editors, sample.uri, {})).show(inspection.id);
  }
  return inspection;
}
