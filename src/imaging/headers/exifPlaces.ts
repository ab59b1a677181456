import type { HeaderBytes } from '../reading/headerBytes.ts';
import { exifOrientation } from './tiffHeader.ts';

const WEBP_EXTENDED = 0x56503858; // VP8X
const WEBP_EXIF = 0x45584946; // EXIF
const HAS_EXIF = 0x08;

/** The orientation by the EXIF of a WEBP, 1 to 8. It stands behind the pixels; a flag at the beginning says whether there is any. */
export async function webpOrientation(bytes: HeaderBytes): Promise<number> {
  const extended = await bytes.at(12, 9);
  if (extended.getUint32(0) !== WEBP_EXTENDED || (extended.getUint8(8) & HAS_EXIF) === 0) return 1;
  for (let at = 12; at + 8 <= bytes.size; ) {
    const head = await bytes.at(at, 8);
    const length = head.getUint32(4, true);
    if (head.getUint32(0) === WEBP_EXIF) {
      // Some programs put JPEG's prefix before the block.
      const prefixed = length >= 14 && (await bytes.at(at + 8, 4)).getUint32(0) === 0x45786966;
      return exifOrientation(bytes, at + (prefixed ? 14 : 8));
    }
    at += 8 + length + (length % 2);
  }
  return 1;
}
