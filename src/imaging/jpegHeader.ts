import type { Size } from '../core/geometry.ts';
import type { HeaderBytes } from './headerBytes.ts';
import { exifOrientation } from './tiffHeader.ts';

/** Markers of a frame, with the size in it (ITU T.81, table B.1): C0 to CF without tables and reserved ones. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const APP1 = 0xe1;

/** The size of a JPEG as stored, and its EXIF orientation, 1 to 8. Goes from segment to segment without reading them. */
export async function readJpegHeader(bytes: HeaderBytes): Promise<{ stored: Size; orientation: number }> {
  let orientation: number | undefined;
  for (let at = 2; ; ) {
    const head = await bytes.at(at, 10);
    const marker = head.getUint8(1);
    if (head.getUint8(0) !== 0xff || marker === 0xd9 || marker === 0xda) throw new Error('a JPEG without a frame');
    if (isFrame(marker)) return { stored: { width: head.getUint16(7), height: head.getUint16(5) }, orientation: orientation ?? 1 };
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const isExif = marker === APP1 && head.getUint32(4) === 0x45786966; // Exif
    if (isExif) orientation ??= await exifOrientation(bytes, at + 10);
    at += 2 + head.getUint16(2);
  }
}
