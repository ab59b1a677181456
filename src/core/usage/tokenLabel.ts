import { formatNumber, formatUsd } from '../base/format.ts';
import { t } from '../base/l10n.ts';

/** How sure a number of tokens is: estimated, counted by the API, billed. */
export type TokenSign = '≈' | '=' | '✓';

/** What the status bar says about the image at hand. */
export interface TokenLabel {
  sign: TokenSign;
  /** Image tokens; undefined where the file has no readable size. */
  tokens: number | undefined;
  /** What they cost as input; undefined where no price is known. */
  usd: number | undefined;
  /** Of how many images it is the sum. */
  images: number;
  show: 'tokens' | 'cost' | 'both';
  /** A count or a task at work; `found` is how many objects it has so far. */
  work?: { found: number };
  /** True when a budget of the user's stops tasks. */
  overBudget: boolean;
}

/** The text of the status bar, in VS Code's notation for icons. */
export function formatTokenLabel(label: TokenLabel): string {
  const { sign, images, work, overBudget } = label;
  const parts = [
    `${sign} ${figures(label)}`,
    images > 1 && t('{0} images', images),
    work !== undefined && work.found > 0 && t('{0} found', formatNumber(work.found)),
    overBudget && t('over budget'),
  ].filter((part) => part !== false);
  return `${overBudget ? '$(warning) ' : work === undefined ? '' : '$(loading~spin) '}${parts.join(' · ')}`;
}

function figures({ tokens, usd, show }: TokenLabel): string {
  const count = `${tokens === undefined ? '?' : formatNumber(tokens)} ${t('tok')}`;
  if (usd === undefined || show === 'tokens') return count;
  return show === 'cost' ? `${formatUsd(usd)} (${count})` : `${count} · ${formatUsd(usd)}`;
}

/** The same for a screen reader. `name`: of the file, fit to be shown. */
export function describeTokens({ sign, tokens, images, overBudget }: TokenLabel, name: string): string {
  const what = images > 1 ? t('{0} images', images) : name;
  if (tokens === undefined) return t('The tokens of {0} cannot be estimated', what);
  const count = formatNumber(tokens);
  const words = {
    '≈': t('About {0} tokens for {1}, estimated', count, what),
    '=': t('{0} tokens for {1}, counted by Gemini', count, what),
    '✓': t('{0} tokens for {1}, billed', count, what),
  }[sign];
  return overBudget ? `${words}, ${t('over budget')}` : words;
}
