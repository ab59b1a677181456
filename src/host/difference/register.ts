import type { Imaging } from '../../imaging/worker/imageWorker.ts';
import { lazy } from '../base/lazy.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { Tasks } from '../session/tasks.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';

/** What of two pictures in a page has changed. Nothing is sent for it but where objects are asked for. */
export function registerDifference({
  requests,
  files,
  worker,
  tasks,
}: {
  requests: PageRequests;
  files: VscodeImageFiles;
  worker: Imaging;
  tasks: Tasks;
}): void {
  const differences = lazy(async () => {
    const { PageDifferences } = await import('./pageDifferences.ts');
    return new PageDifferences({ files, worker });
  });
  requests.on('detectInBoth', async (session) => (await import('./detectInBoth.ts')).detectInBoth(tasks, session));
  requests.answer('difference', async (session, message) => (await differences()).answer(session, message));
}
