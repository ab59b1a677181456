import { t } from '../../core/base/l10n.ts';
import type { Detection } from '../../core/inspection/inspection.ts';

/** Left, top, width, height in pixels. */
export function formatPixelBox({ pixelBox: { x, y, width, height } }: Detection): string {
  return `${x}, ${y}, ${width}, ${height}`;
}

/** Left, top, width, height in fractions of the picture. */
export function formatFractionBox({ box: { x, y, width, height } }: Detection): string {
  return [x, y, width, height].map((fraction) => Number(fraction.toFixed(4))).join(', ');
}

/** In the order of the reply: top, left, bottom, right; of a point: down, across. */
export function boxOfReply({ box, point }: Detection): string {
  const edges = point ? [point.y, point.x] : [box.y, box.x, box.y + box.height, box.x + box.width];
  return `[${edges.map((fraction) => Math.round(fraction * 1000)).join(', ')}]`;
}

/** A label for the eye. */
export function shownLabel(label: string): string {
  return label.trim() === '' ? t('no label') : label;
}

/** What Ctrl+C takes of an object: label and box. */
export function copyOfObject(detection: Detection): string {
  return `${detection.label} ${boxOfReply(detection)}`.trim();
}
