import type { KnownPrice } from '../models/modelInfo.ts';
import { currentModels, priceAt } from '../models/models.ts';
import type { OwnPrices } from '../models/ownPrices.ts';
import { type Answered, reroutedModel } from '../models/reroutedModel.ts';
import { SPEED_SHARE, type Speed } from '../models/speed.ts';
import type { Usage } from './usage.ts';

/** Tokens of a request and its answer that cost something. */
export type TokenCounts = Omit<Usage, 'image' | 'total'> & {
  /** Standard if unset. */
  speed?: Speed | undefined;
};

/** US dollars for a request, by the price of that day; undefined if none is known. */
export function costUsd(model: string, date: Date, usage: TokenCounts, own: OwnPrices = {}): number | undefined {
  const price = priceAt(model, date, own);
  return price === undefined ? undefined : costAt(price, usage);
}

/** US dollars for a request that must not be thought too cheap: a model without a known price counts as the dearest one. */
export function cautiousCostUsd(model: string, date: Date, usage: TokenCounts, own: OwnPrices = {}): number {
  const known = costUsd(model, date, usage, own);
  if (known !== undefined) return known;
  return Math.max(...currentModels(date).map(({ id }) => costUsd(id, date, usage, own) ?? 0));
}

/** US dollars for a request: the model that answered is billed; where its price is not known, that of the model that was asked stands in. */
export function billedUsd(answered: Answered, date: Date, usage: TokenCounts, own: OwnPrices = {}): number | undefined {
  const other = reroutedModel(answered);
  return (other === undefined ? undefined : costUsd(other, date, usage, own)) ?? costUsd(answered.model, date, usage, own);
}

function costAt(
  price: KnownPrice,
  { prompt = 0, cached = 0, toolUse = 0, output = 0, thoughts = 0, speed = 'standard' }: TokenCounts,
): number {
  const input = prompt + toolUse;
  const { input: inputPrice, output: outputPrice } = price.above !== undefined && input > price.above.tokens ? price.above : price;
  const saved = Math.min(cached, prompt) * (1 - price.cachedShare);
  return (SPEED_SHARE[speed] * ((input - saved) * inputPrice + (output + thoughts) * outputPrice)) / 1e6;
}
