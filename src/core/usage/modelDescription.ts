import { utcDay } from '../base/dates.ts';
import { formatNumber, formatRate } from '../base/format.ts';
import { t } from '../base/l10n.ts';
import type { ModelInfo, PlaceKind } from '../models/modelInfo.ts';
import { modelInfo, nextPrice, priceAt, reroutedTo, retiredSince } from '../models/models.ts';
import { TABLE_DATE } from '../models/modelTable.ts';
import { lifeOf, type ReportedLife, type ReportedLives } from '../models/reportedLife.ts';
import type { TokenBasis } from './estimate.ts';

/**
 * What a model can do and what it costs, by the table: what matters most comes first, since a list cuts off what is too long. Such as
 * "boxes, masks, points · $0.75 in, $3.75 out per 1M · thinks · image addresses · up to 3,000 images".
 */
export function modelDescription(id: string, basis: Pick<TokenBasis, 'date' | 'prices'>): string {
  const info = modelInfo(id, basis.date);
  const price = describePrice(id, basis);
  // Of what is not in the table only its generation speaks, and that may be wrong.
  if (info.status === 'unknown') return [t('not in the table'), price].join(' · ');
  const { thinking, takesAddresses, mostImages } = info;
  const words = [
    describePlaces(info, basis.date),
    price,
    thinking.kind !== 'none' && t('thinks'),
    takesAddresses && t('image addresses'),
    t('up to {0} images', formatNumber(mostImages)),
  ];
  return words.filter((word) => word !== false).join(' · ');
}

/** The places that a model names. What ends with a reroute to come is told with its last day, so that nobody chooses the model for it. */
function describePlaces({ finds, reroute }: ModelInfo, date: Date): string {
  const names = { boxes: t('boxes'), masks: t('masks'), outlines: t('outlines'), points: t('points') };
  const after = reroute && modelInfo(reroute.to, new Date(reroute.from)).finds;
  const ends = (place: PlaceKind) => reroute !== undefined && reroute.from > utcDay(date) && !after?.includes(place);
  return finds.map((place) => (ends(place) ? t('{0} until {1}', names[place], dayBefore(reroute?.from ?? '')) : names[place])).join(', ');
}

function dayBefore(day: string): string {
  return utcDay(new Date(Date.parse(day) - 86_400_000));
}

/** The price on that day, and the one that follows. */
export function describePrice(id: string, { date, prices }: Pick<TokenBasis, 'date' | 'prices'>): string {
  const price = priceAt(id, date, prices);
  if (price === undefined) return t('price unknown');
  const rates = t('{0} in, {1} out per 1M', formatRate(price.input), formatRate(price.output));
  if (price.source === 'user') return t('{0} (your price)', rates);
  if (price.old) return t('{0} (price of {1}, may be old)', rates, TABLE_DATE);
  const next = nextPrice(id, date);
  return next === undefined ? rates : t('{0}, from {1} {2}, {3}', rates, next.from, formatRate(next.input), formatRate(next.output));
}

/** What is to be known of the life of a model before it is chosen. */
export function describeLife(id: string, date: Date, lives?: ReportedLives): string[] {
  return [...(modelInfo(id, date).status === 'preview' ? [t('preview')] : []), ...describeEnd(id, date, lives)];
}

/** That a model is to be switched off or answered by another, or is so already; empty for most. What Gemini has said of its end stands in place of the table's. */
export function describeEnd(id: string, date: Date, lives?: ReportedLives): string[] {
  const info = modelInfo(id, date);
  const { retires, reroute } = info;
  const life = lifeOf(id, lives);
  const said = life && describeReportedLife(life, date);
  const since = said === undefined ? retiredSince(info, date) : undefined;
  if (since !== undefined) return [since === '' ? t('retired') : t('retired on {0}', since)];
  const hasBegun = reroutedTo(info, date) !== undefined;
  return [
    ...(reroute === undefined
      ? []
      : [hasBegun ? t('since {0} answered by {1}', reroute.from, reroute.to) : t('from {0} answered by {1}', reroute.from, reroute.to)]),
    ...(said !== undefined ? [said] : retires === undefined ? [] : [t('retires on {0}', retires)]),
  ];
}

/** The end of a model by Gemini's own word; undefined where it has none to tell. */
function describeReportedLife({ stage, retires }: ReportedLife, date: Date): string | undefined {
  if (retires !== undefined)
    return retires <= utcDay(date) ? t('retired on {0}, says Gemini', retires) : t('retires on {0}, says Gemini', retires);
  if (stage === 'RETIRED') return t('retired, says Gemini');
  return stage === 'DEPRECATED' ? t('deprecated, says Gemini') : undefined;
}
