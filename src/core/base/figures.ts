import { t } from './l10n.ts';

/** A number in the way of the language that the texts are in, whatever the computer's: "1,089" within English text, as "1.089" would be read as one. */
export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  // a translation names its own language
  return value.toLocaleString(t('en-US'), options);
}

/** A price in US dollars for people: four decimals under a cent, two above. */
export function formatUsd(usd: number): string {
  return `$${usd.toFixed(usd < 0.01 ? 4 : 2)}`;
}

/** The price of one image in US dollars where prices are compared: five decimals under a cent, two above. */
export function formatFineUsd(usd: number): string {
  return usd < 0.01 ? `$${usd.toFixed(5)}` : formatUsd(usd);
}

/** A price for a million tokens, such as $0.75 or $0.125. */
export function formatRate(usd: number): string {
  return `$${Number(usd.toFixed(2)) === usd ? usd.toFixed(2) : String(usd)}`;
}
