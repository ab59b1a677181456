/** A number with a unit. The sign of percent makes thousandths of it, as boxes are written in. */
const WITH_UNIT = /^([-+]?[\d.]{1,20})\s?(px|%)$/i;

/** A finite number, or one written as a string; undefined for everything else. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' ? numberIn(value.trim()) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function numberIn(text: string): number {
  if (text === '') return Number.NaN;
  const [, digits, unit] = WITH_UNIT.exec(text) ?? [];
  return digits === undefined ? Number(text) : Number(digits) * (unit === '%' ? 10 : 1);
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
