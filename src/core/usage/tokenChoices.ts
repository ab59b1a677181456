import { formatFineUsd, formatNumber } from '../base/format.ts';
import type { Size } from '../base/geometry.ts';
import { t } from '../base/l10n.ts';
import { currentModels, modelInfo, reroutedTo } from '../models/models.ts';
import { costUsd } from './cost.ts';
import { estimateFor, type TokenBasis } from './estimate.ts';
import { describeLife } from './modelDescription.ts';
import { MEDIA_RESOLUTIONS, type MediaResolution } from './tokens.ts';

/** Something that can be chosen in place of what holds, with what the image would then cost. */
export interface TokenChoice<Value extends string> {
  value: Value;
  /** Image tokens; undefined without an image. */
  tokens: number | undefined;
  /** US dollars for these; undefined where no price is known. */
  usd: number | undefined;
  /** What else there is to say, for people. */
  remarks: string[];
}

/** The resolutions that a model takes. `size`: of the image as sent; undefined without one. */
export function resolutionChoices(size: Size | undefined, model: string, basis: TokenBasis): TokenChoice<MediaResolution>[] {
  const { tokenRule } = modelInfo(model, basis.date);
  const offered = MEDIA_RESOLUTIONS.filter((resolution) => tokenRule === 'budget' || resolution !== 'ultraHigh');
  return offered.map((value) => ({
    value,
    ...costOf(size, model, value, basis),
    remarks:
      tokenRule === 'tiles' && value !== 'default'
        ? [t('no difference with this model')]
        : value === 'default' && tokenRule === 'budget'
          ? [t('same as high')]
          : value === 'ultraHigh'
            ? [t('this image only')]
            : [],
  }));
}

/** What is to be said of models, with the cost of the image. */
export function modelChoices(
  size: Size | undefined,
  ids: readonly string[],
  resolution: MediaResolution,
  basis: TokenBasis,
): TokenChoice<string>[] {
  const choices = ids.map((value) => ({ value, ...costOf(size, value, resolution, basis) }));
  const known = choices.flatMap(({ usd }) => usd ?? []);
  const cheapest = known.length > 1 && size !== undefined ? Math.min(...known) : undefined;
  return choices.map((choice) => ({
    ...choice,
    remarks: [
      ...(choice.usd !== undefined && choice.usd === cheapest ? [t('cheapest that takes images')] : []),
      ...describeLife(choice.value, basis.date, basis.lives),
    ],
  }));
}

/** Models of the table other than the one that holds, without those that another one answers for, with what the image costs there: the cheapest first, few of them. */
export function otherModels(size: Size, model: string, resolution: MediaResolution, basis: TokenBasis): TokenChoice<string>[] {
  const ids = currentModels(basis.date)
    .filter((info) => info.id !== model && info.status === 'ga' && reroutedTo(info, basis.date) === undefined)
    .map(({ id }) => id);
  const priced = modelChoices(size, ids, resolution, basis).filter(({ usd }) => usd !== undefined);
  return priced.sort((a, b) => (a.usd ?? 0) - (b.usd ?? 0)).slice(0, 3);
}

function costOf(size: Size | undefined, model: string, resolution: MediaResolution, basis: TokenBasis) {
  const { prices, date } = basis;
  const tokens = size && estimateFor(size, model, resolution, basis).tokens;
  return { tokens, usd: tokens === undefined ? undefined : costUsd(model, date, { prompt: tokens }, prices) };
}

/** Such as "≈ 529 tok · $0.00040 · preview". */
export function describeChoice({ tokens, usd, remarks }: TokenChoice<string>): string {
  const parts = [
    tokens !== undefined && `≈ ${formatNumber(tokens)} ${t('tok')}`,
    tokens !== undefined && usd !== undefined && formatFineUsd(usd),
    tokens !== undefined && usd === undefined && t('price unknown'),
    ...remarks,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

/** The name of a resolution in a list. */
export function resolutionName(resolution: MediaResolution): string {
  const names = { default: t('Default'), low: t('Low'), medium: t('Medium'), high: t('High'), ultraHigh: t('Ultra High') };
  return names[resolution];
}
