/** A price in US dollars for people: four decimals under a cent, two above. */
export function formatUsd(usd: number): string {
  return `$${usd.toFixed(usd < 0.01 ? 4 : 2)}`;
}
