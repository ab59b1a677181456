import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { SessionImage } from '../../protocol.ts';
import { objectCount } from '../text/counts.ts';

/** What a screen reader calls the picture, such as "cupcakes.png, 620 by 620 pixels, 15 objects". */
export function viewerName(image: SessionImage | undefined, size: Size | undefined, objects: number): string {
  if (!image) return t('No image');
  return [image.name, size && t('{0} by {1} pixels', size.width, size.height), objects > 0 && objectCount(objects)]
    .filter(Boolean)
    .join(', ');
}
