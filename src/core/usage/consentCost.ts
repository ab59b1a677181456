import { formatNumber, formatUsd } from '../base/format.ts';
import { t } from '../base/l10n.ts';
import type { Speed } from '../models/speed.ts';
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
  /** Of all requests together, words included. */
  allTokens: number;
  /** Standard if unset. */
  speed?: Speed;
  /** True where it is only counted. */
  isFree: boolean;
}

/** The lines about cost under the question whether something may be sent. */
export function consentCostLines(
  { model, inputTokens, requests, times = 1, allTokens, speed, isFree }: ConsentCost,
  { date, prices }: TokenBasis,
): string[] {
  const priced = (prompt: number) => {
    const tokens = t('about {0} tokens', formatNumber(prompt));
    const usd = costUsd(model, date, { prompt, speed }, prices);
    return usd === undefined ? tokens : `${tokens}, ${formatUsd(usd)}`;
  };
  if (isFree) return [t('Counting the tokens costs nothing.')];
  const count = requests * times;
  if (count === 1) return [t('Input cost: {0} + output', priced(inputTokens))];
  return [t('Total input cost of {0} requests: {1} + output', formatNumber(count), priced(allTokens))];
}
