import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { PictureRequest } from '../../protocol.ts';
import { confirm } from './confirm.ts';

/** Of a text that was copied, enough to know it by, in characters. */
const LONGEST = 50;

/** Says for a moment which text is in the clipboard now. */
export function confirmCopiedText(text: string): void {
  const words = sanitizeForUi(text.trimStart(), LONGEST);
  confirm(words === '' ? t('Copied') : t('Copied: {0}', words));
}

/** Says for a moment which picture is in the clipboard now. `runOf`: finds a run by its id. */
export function confirmCopiedPicture(picture: PictureRequest, runOf: (id: string) => Pick<Inspection, 'detections'> | undefined): void {
  confirm(describePicture(picture, runOf));
}

function describePicture(picture: PictureRequest, runOf: (id: string) => Pick<Inspection, 'detections'> | undefined): string {
  if (picture.kind === 'whole') return t('Image copied');
  if (picture.kind === 'overlay') return t('Image with overlay copied');
  if (picture.kind === 'part') return t('Part of the image copied');
  const label =
    runOf(picture.run)
      ?.detections?.find(({ id }) => id === picture.detection)
      ?.label.trim() || t('no label');
  return picture.kind === 'crop'
    ? t('Crop of "{0}" copied', sanitizeForUi(label, LONGEST))
    : t('Cut-out of "{0}" copied', sanitizeForUi(label, LONGEST));
}
