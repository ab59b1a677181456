import { t } from '../../core/base/l10n.ts';
import { formatCount } from './format.ts';

export function labelCount(detections: readonly { label: string }[]): string {
  const labels = new Set(detections.map(({ label }) => label)).size;
  return labels === 1 ? t('1 label') : t('{0} labels', formatCount(labels));
}

export function objectCount(count: number): string {
  return count === 1 ? t('1 object') : t('{0} objects', formatCount(count));
}

export function imageCount(count: number): string {
  return count === 1 ? t('1 image') : t('{0} images', formatCount(count));
}
