import { SCALE } from './place.ts';

/**
 * What the numbers of a reply are fractions of: 1000, or 1 where every number of the reply lies in 0..1 and some are not whole. While a reply comes
 * that is open until a number above 1 (or below 0) has come.
 */
export class ReplyScale {
  #unit: number | undefined;
  #hasFraction = false;

  /** 1000 or 1; undefined while it cannot be told. */
  get unit(): number | undefined {
    return this.#unit;
  }

  /** Takes the numbers of an item. */
  see(numbers: readonly number[]): void {
    if (numbers.some((number) => number < 0 || number > 1)) this.#unit ??= SCALE;
    this.#hasFraction ||= numbers.some((number) => !Number.isInteger(number));
  }

  /** No more numbers come. */
  end(): void {
    this.#unit ??= this.#hasFraction ? 1 : SCALE;
  }
}
