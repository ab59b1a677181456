import type { HeaderBytes } from './headerBytes.ts';
import { exifOnItsSide } from './tiffHeader.ts';

const EXIF = 0x65584966; // eXIf
const PIXELS = 0x49444154; // IDAT

/** Whether EXIF before the pixels of a PNG says that it lies on its side. Goes from chunk to chunk without reading them. */
export async function isPngOnItsSide(bytes: HeaderBytes): Promise<boolean> {
  for (let at = 8; at + 12 <= bytes.size; ) {
    const head = await bytes.at(at, 8);
    const type = head.getUint32(4);
    if (type === PIXELS) return false;
    if (type === EXIF) return exifOnItsSide(bytes, at + 8);
    at += 12 + head.getUint32(0);
  }
  return false;
}
