import { priceAt } from './models.ts';

/** US dollars for a request, by the table's price of that day; undefined if none is known. Thoughts are billed as output. */
export function costUsd(model: string, date: Date, usage: { prompt?: number; output?: number; thoughts?: number }): number | undefined {
  const price = priceAt(model, date);
  if (price === undefined) return undefined;
  const { prompt = 0, output = 0, thoughts = 0 } = usage;
  const { input: inputPrice, output: outputPrice } = price.above !== undefined && prompt > price.above.tokens ? price.above : price;
  return (prompt * inputPrice + (output + thoughts) * outputPrice) / 1e6;
}
