import { type Answered, otherModel } from './answeredModel.ts';
import { currentModels, type Price, priceAt } from './models.ts';
import type { OwnPrices } from './ownPrices.ts';

/** Tokens of a request and its answer. Thoughts are billed as output. */
export interface TokenCounts {
  prompt?: number;
  output?: number;
  thoughts?: number;
}

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
  const other = otherModel(answered);
  return (other === undefined ? undefined : costUsd(other, date, usage, own)) ?? costUsd(answered.model, date, usage, own);
}

function costAt(price: Price, { prompt = 0, output = 0, thoughts = 0 }: TokenCounts): number {
  const { input: inputPrice, output: outputPrice } = price.above !== undefined && prompt > price.above.tokens ? price.above : price;
  return (prompt * inputPrice + (output + thoughts) * outputPrice) / 1e6;
}
