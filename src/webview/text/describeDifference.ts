import { t } from '../../core/base/l10n.ts';
import type { ImageDifference } from '../../core/inspection/imageDifference.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import { formatCount, formatShare } from './format.ts';

/** From here on a share has a figure. */
const LEAST_SHARE = 0.001;

/** Such as "3 regions changed, 1.2 % of pixels". */
export function describeDifference({ changed, share, regions }: ImageDifference): string {
  if (!changed) return t('No differences');
  const pixels = share < LEAST_SHARE ? t('less than {0}', formatShare(LEAST_SHARE)) : formatShare(share);
  return regions.length === 1
    ? t('1 region changed, {0} of pixels', pixels)
    : t('{0} regions changed, {1} of pixels', formatCount(regions.length), pixels);
}

/** What a screen reader says of a region that one has gone to. `place`: from 0. */
export function describeRegion({ x, y, width, height }: Box, place: number, count: number): string {
  return [
    t('Region {0} of {1}', formatCount(place + 1), formatCount(count)),
    t('{0} by {1} pixels', formatCount(width), formatCount(height)),
    t('at {0}, {1}', formatCount(x), formatCount(y)),
  ].join(', ');
}
