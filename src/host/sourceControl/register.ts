import type { Imaging } from '../../imaging/worker/imageWorker.ts';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import { lazy } from '../base/lazy.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';

/** What comparing with the history takes. */
interface SourceControlFeature {
  commands: CommandRegistry;
  requests: PageRequests;
  files: VscodeImageFiles;
  worker: Imaging;
  editors: InspectorEditors;
}

/** What changed in images: since a commit, or between two of them. */
export function registerSourceControl({ commands, requests, ...services }: SourceControlFeature): void {
  const compare = lazy(async () => new (await import('./compareCommands.ts')).CompareCommands(services));
  commands.register('compareWithHead', async (call) => (await compare()).withHead(call));
  commands.register('compareWithCommit', async (call) => (await compare()).withChosen(call));
  commands.register('compareTwo', async (call) => (await compare()).two(call));
  requests.on('insertIntoCommit', async (session, { run: id }) => {
    const run = session.runOf(id);
    if (run !== undefined) await (await import('./commitMessage.ts')).insertIntoCommit(run);
  });
}
