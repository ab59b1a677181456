import { formatNumber, formatUsd } from '../base/format.ts';
import { t } from '../base/l10n.ts';
import type { AskedSpeed } from '../models/speed.ts';
import { costUsd } from './cost.ts';
import type { TokenBasis } from './estimate.ts';

/** What is about to be sent, as far as its cost goes. */
export interface ConsentCost {
  model: string;
  /** Of the request at hand, its words included. */
  inputTokens: number;
  /** How many requests like it the user has asked for. */
  requests: number;
  /** How often that one is made, if not once. */
  times?: number;
  /** Image tokens of all of them; undefined if one cannot be estimated. */
  imageTokens: number | undefined;
  /** Standard if unset. */
  speed?: AskedSpeed;
  /** True where it is only counted. */
  isFree: boolean;
}

/** The lines about cost under the question whether something may be sent. */
export function consentCostLines(
  { model, inputTokens, requests, times = 1, imageTokens, speed, isFree }: ConsentCost,
  { date, prices }: TokenBasis,
): string[] {
  const priced = (prompt: number) => {
    const tokens = t('about {0} tokens', formatNumber(prompt));
    const usd = costUsd(model, date, { prompt, speed }, prices);
    return usd === undefined ? tokens : `${tokens}, ${formatUsd(usd)}`;
  };
  if (isFree) return [t('Counting the tokens costs nothing.')];
  if (times > 1)
    return [
      t('Cost of each: {0} and the answer', priced(inputTokens)),
      t('All {0} together: {1} and the answers', times, priced(inputTokens * times)),
    ];
  if (requests === 1) return [t('Cost: {0} and the answer', priced(inputTokens))];
  return [
    t('Cost of each: {0} and the answer', priced(inputTokens)),
    ...(imageTokens === undefined ? [] : [t('All images together: {0}', priced(imageTokens))]),
  ];
}
