import { t } from './l10n.ts';

/** A number in the way of the language that the texts are in, whatever the computer's: "1,089" within English text, as "1.089" would be read as one. */
export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  // a translation names its own language
  return value.toLocaleString(t('en-US'), options);
}

/** A size for people, such as "8.1 KB": 1 KB is 1,000 bytes. */
export function formatBytes(bytes: number): string {
  const tenths = (value: number) => formatNumber(value, { maximumFractionDigits: 1 });
  if (bytes < 1000) return t('{0} B', bytes);
  return bytes < 999_950 ? t('{0} KB', tenths(bytes / 1000)) : t('{0} MB', tenths(bytes / 1e6));
}

/** A price in US dollars for people: four decimals under a cent, two above. */
export function formatUsd(usd: number): string {
  if (usd > 0 && usd < 0.00005) return '< $0.0001';
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
