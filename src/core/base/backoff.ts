/**
 * How long to wait after so many failures in a row, in the unit of `first`: doubled with each, with jitter, so that many clients do not come back at
 * once. `random`: from 0 to 1.
 */
export function backoff(first: number, failures: number, random: number): number {
  return first * 2 ** (failures - 1) * (1 + random / 2);
}
