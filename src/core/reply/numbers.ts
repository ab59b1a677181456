/** A finite number, or one written as a string; undefined for everything else. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The list as numbers; undefined if anything in it is none. */
export function numbersOf(values: readonly unknown[]): number[] | undefined {
  const numbers: number[] = [];
  for (const value of values) {
    const number = numberOf(value);
    if (number === undefined) {
      return undefined;
    }
    numbers.push(number);
  }
  return numbers;
}
