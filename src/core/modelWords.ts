import { formatRate } from './figures.ts';
import { t } from './l10n.ts';
import { type ModelInfo, modelInfo, priceAt, retiredSince } from './models.ts';
import { TABLE_DATE } from './modelTable.ts';
import type { TokenBasis } from './tokenChoices.ts';

/** What a model can do and what it costs, such as "boxes, masks, points · takes addresses · $0.75 in, $3.75 out for 1M tokens (2026-11-21)". */
export function modelWords(id: string, basis: Pick<TokenBasis, 'date' | 'prices'>): string {
  const info = modelInfo(id);
  // Of what is not in the table only its generation speaks, and that may be wrong.
  const known = info.status === 'unknown' ? [t('not in the table of {0}', TABLE_DATE)] : abilities(info);
  return [...known, priceWords(id, basis)].join(' · ');
}

function abilities({ finds, takesAddresses, thinking, mostImages }: ModelInfo): string[] {
  const names = { boxes: t('boxes'), masks: t('masks'), points: t('points') };
  return [
    finds.map((place) => names[place]).join(', '),
    ...(thinking.kind === 'none' ? [] : [t('thinks')]),
    ...(takesAddresses ? [t('image addresses')] : []),
    t('up to {0} images', mostImages.toLocaleString()),
  ];
}

/** The price on that day, with the day on which it was looked up, and the price that follows. */
function priceWords(id: string, { date, prices }: Pick<TokenBasis, 'date' | 'prices'>): string {
  const price = priceAt(id, date, prices);
  if (price === undefined) return t('price unknown');
  const rates = t('{0} in, {1} out for 1M tokens', formatRate(price.input), formatRate(price.output));
  if (price.source === 'user') return t('{0} (your price)', rates);
  if (price.old) return t('{0} (price of {1}, may be old)', rates, TABLE_DATE);
  const next = modelInfo(id).prices.find(({ from = '' }) => from > date.toISOString().slice(0, 10));
  const dated = t('{0} ({1})', rates, TABLE_DATE);
  return next?.from === undefined
    ? dated
    : t('{0}, from {1} {2} and {3}', dated, next.from, formatRate(next.input), formatRate(next.output));
}

/** What is to be known of the life of a model before it is chosen. */
export function lifeWords(id: string, date: Date): string[] {
  return [...(modelInfo(id).status === 'preview' ? [t('preview')] : []), ...endWords(id, date)];
}

/** That a model is to be switched off or answered by another, or is so already; empty for most. */
export function endWords(id: string, date: Date): string[] {
  const info = modelInfo(id);
  const { retires, reroute } = info;
  const since = retiredSince(info, date);
  if (since !== undefined) return [since === '' ? t('switched off') : t('switched off since {0}', since)];
  const hasBegun = reroute !== undefined && reroute.from <= date.toISOString().slice(0, 10);
  return [
    ...(reroute === undefined
      ? []
      : [hasBegun ? t('since {0} answered by {1}', reroute.from, reroute.to) : t('from {0} answered by {1}', reroute.from, reroute.to)]),
    ...(retires === undefined ? [] : [t('switched off on {0}', retires)]),
  ];
}
