import type { OutgoingRequest } from './outgoing.ts';

/**
 * Estimated input tokens of everything that a job sends, words included: of all its images, as often as each request is made. Where an image of the job
 * cannot be estimated, each counts like those of the request at hand.
 */
export async function jobInputTokens({
  job,
  images,
  inputTokens,
}: Pick<OutgoingRequest, 'job' | 'images' | 'inputTokens'>): Promise<number> {
  if (job.imageCount === 1) return inputTokens * job.times;
  const own = images.reduce((sum, { estimate }) => sum + (estimate?.tokens ?? 0), 0);
  const all = (await job.imageTokens) ?? own * job.imageCount;
  return (all + (inputTokens - own) * job.imageCount) * job.times;
}
