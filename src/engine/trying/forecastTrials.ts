import type { Task } from '../../core/inspection/inspection.ts';
import { estimateImage } from '../../core/request/estimateImage.ts';
import type { SendSource } from '../../core/request/sentSize.ts';
import type { Trial } from '../../core/scoring/trials.ts';
import { expectedCost, expectedOutputRange } from '../../core/sets/forecast.ts';
import type { TaskRules } from '../task/settings.ts';
import { wordTokensOf } from '../task/taskPlanner.ts';

/** What the requests of trials come to before any is sent. */
export interface TrialsForecast {
  requests: number;
  /** Of all images. */
  imageTokens: number;
  /** US dollars, least and most, of those whose model has a known price. */
  costUsd: [number, number];
  /** Models without a known price. */
  unpriced: string[];
}

/** An image, and what its header says. */
export interface TriedImage {
  address: string;
  header: SendSource;
}

/** What asking all of these ways about all of these images would cost. Sends nothing. */
export function forecastTrials(
  task: Task,
  trials: readonly Trial[],
  images: readonly TriedImage[],
  rules: Pick<TaskRules, 'settingsFor' | 'tokenBasis' | 'sendOptionsFor'>,
): TrialsForecast {
  const basis = rules.tokenBasis();
  const settings = rules.settingsFor(images[0]?.address);
  const unpriced = new Set<string>();
  const sum: TrialsForecast = { requests: trials.length * images.length, imageTokens: 0, costUsd: [0, 0], unpriced: [] };
  for (const { model, mediaResolution, query } of trials) {
    const words = wordTokensOf({ task, query, options: { model, mediaResolution } }, settings, basis.date);
    let tokens = 0;
    for (const { address, header } of images) {
      const maxDimension = rules.sendOptionsFor(address).maxDimension ?? rules.settingsFor(address).maxDimension;
      tokens += estimateImage(header, { model, mediaResolution, maxDimension }, basis).estimate.tokens;
    }
    sum.imageTokens += tokens;
    const cost = expectedCost(
      { model, speed: settings.speed },
      {
        spent: 0,
        waiting: images.length,
        inputTokens: tokens + words * images.length,
        output: expectedOutputRange({ task, model }, basis.date),
      },
      basis,
    );
    if (cost === undefined) unpriced.add(model);
    else sum.costUsd = [sum.costUsd[0] + cost[0], sum.costUsd[1] + cost[1]];
  }
  return { ...sum, unpriced: [...unpriced] };
}
