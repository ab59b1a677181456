import type { JournalState, SetImage } from './journal.ts';
import { isSettled } from './setEnded.ts';

/** What the jobs of a batch have not answered. */
export interface LeftOver {
  /** Images that have no answer, twins included. */
  images: number;
  /** How many of them may have been billed. */
  mayBeBilled: number;
  /** True where a job is still there that may answer some. */
  isAtWork: boolean;
}

/** What is left of a batch, to be asked about otherwise. */
export function leftOver({ images, parts }: Pick<JournalState, 'images' | 'parts'>): LeftOver {
  const jobs = [...parts.values()].filter(({ step }) => step !== 'ended');
  const begun = new Set(jobs.flatMap((job) => (job.begun === true ? job.images : [])));
  const open = images.filter((image) => !isSettled(image));
  const lost = lostImages(images);
  const atWork = open.filter(({ image, state }) => state === 'sent' && begun.has(image));
  return {
    images: open.length + lost.length,
    mayBeBilled: atWork.length + lost.filter(({ mayBeBilled }) => mayBeBilled === true).length,
    isAtWork: jobs.length > 0,
  };
}

/** What has failed and may have been billed, with the images that wait for the same answer. */
export function lostImages(images: readonly SetImage[]): SetImage[] {
  const isLost = (image: SetImage | undefined) => image?.state === 'failed' && image.mayBeBilled === true;
  return images.filter((image) => isLost(image) || (image.state === 'failed' && image.twin !== undefined && isLost(images[image.twin])));
}
