import { formatNumber, formatUsd } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import type { SetSpeed } from '../../core/sets/inspectionSet.ts';
import { endedOf } from '../../core/sets/setEnded.ts';
import type { SetRunView } from '../../setProtocol.ts';
import { formatCount, usdRange } from '../text/format.ts';

/** The name of a speed. */
export function speedName(speed: SetSpeed): string {
  return { standard: t('Standard'), flex: 'Flex', batch: 'Batch' }[speed];
}

/** A range of hours, in minutes where it is short. */
export function hoursRange([least, most]: readonly [number, number]): string {
  const [from, to] = [describeHours(least), describeHours(most)];
  return from === to ? from : t('{0} to {1}', from, to);
}

/** A span of time as people say it. */
export function describeHours(hours: number): string {
  const minutes = Math.ceil(hours * 60);
  if (minutes <= 1) return t('1 min');
  if (minutes < 60) return t('{0} min', formatCount(minutes));
  return t('{0} h', formatNumber(hours, { maximumFractionDigits: hours < 10 ? 1 : 0 }));
}

/** How a set stands, in a line: for the eye, and now and then for the ear. */
export function progressText(run: SetRunView): string {
  const { ended, all } = endedOf(run.counts);
  const { failed, skipped, cancelled } = run.counts;
  return [
    t('{0} of {1} images', formatCount(ended), formatCount(all)),
    failed > 0 && t('{0} failed', formatCount(failed)),
    skipped > 0 && t('{0} skipped', formatCount(skipped)),
    cancelled > 0 && t('{0} cancelled', formatCount(cancelled)),
  ]
    .filter((part) => part !== false)
    .join(' · ');
}

/** Pace, rest and cost, as far as they are known. */
export function figuresText({ state, perMinute, secondsLeft, costUsd, forecastUsd }: SetRunView): string {
  const isRunning = state === 'running' || state === 'elsewhere';
  return [
    isRunning && perMinute !== undefined && t('{0} images/min', formatNumber(perMinute, { maximumFractionDigits: perMinute < 10 ? 1 : 0 })),
    isRunning && secondsLeft !== undefined && t('{0} left', describeHours(secondsLeft / 3600)),
    costUsd !== undefined && (isRunning ? t('{0} so far', formatUsd(costUsd)) : formatUsd(costUsd)),
    isRunning && forecastUsd !== undefined && t('{0} in total', usdRange(forecastUsd)),
  ]
    .filter((part) => part !== false)
    .join(' · ');
}
