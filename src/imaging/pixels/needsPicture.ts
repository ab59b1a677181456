import type { ImageType } from '../formats/imageType.ts';
import type { ImageHeader } from '../formats/probe.ts';

/** Browsers cannot decode these. */
const UNSHOWN: readonly ImageType[] = ['image/heic', 'image/heif', 'image/tiff'];
/** Browsers pass over the EXIF of WEBP and the crop of AVIF. */
const SHOWN_OTHERWISE: readonly ImageType[] = ['image/webp', 'image/avif'];

/** True if a page cannot show the file itself upright. */
export function needsPicture({ mimeType, turned }: ImageHeader): boolean {
  return UNSHOWN.includes(mimeType) || (turned && SHOWN_OTHERWISE.includes(mimeType));
}
