import { t } from '../base/l10n.ts';
import { recordOf } from '../base/shape.ts';
import type { Price } from './modelInfo.ts';

/** US dollars for one million tokens by the id of a model, as the user has set them. */
export type OwnPrices = Readonly<Record<string, Price>>;

/** More than this for a million tokens is a slip of the pen. */
const MOST = 10_000;

/** Reads the setting. What cannot be used is left out, and said. */
export function readOwnPrices(setting: unknown): { prices: OwnPrices; problems: string[] } {
  const prices: Record<string, Price> = {};
  const problems: string[] = [];
  const entries = Object.entries(recordOf(setting));
  for (const [name, value] of entries) {
    const id = name.trim().replace(/^models\//, '');
    const { input, output } = recordOf(value);
    if (id !== '' && isPrice(input) && isPrice(output)) prices[id] = { input, output };
    else problems.push(t('The price set for "{0}" is not used: input and output must be numbers from 0 to {1}.', name, MOST));
  }
  return { prices, problems };
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MOST;
}
