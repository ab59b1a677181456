import type { Imaging } from '../../imaging/worker/imageWorker.ts';
import { lazy } from '../base/lazy.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';

/** What of two pictures in a page has changed. Nothing is sent for it. */
export function registerDifference({
  requests,
  files,
  worker,
}: {
  requests: PageRequests;
  files: VscodeImageFiles;
  worker: Imaging;
}): void {
  const differences = lazy(async () => {
    const { PageDifferences } = await import('./pageDifferences.ts');
    return new PageDifferences({ files, worker });
  });
  requests.answer('difference', async (session, message) => (await differences()).answer(session, message));
}
