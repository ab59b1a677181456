import { endOfScan } from './integrity.ts';
import { joined } from './joined.ts';

const JFIF = 'JFIF\0';
/** Length of a JFIF segment without a preview, marker included (JFIF 1.02). */
const JFIF_LENGTH = 18;

/**
 * A JPEG without EXIF, XMP, comments, previews and whatever follows its end. Segments that say how to read the pixels stay: JFIF, the colour
 * profile, and Adobe's, which tells the colour transform. `bytes`: a whole JPEG without structural problems.
 */
export function bareJpeg(bytes: Uint8Array): Uint8Array {
  const kept = [bytes.subarray(0, 2)];
  for (let at = 2; at < bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      kept.push(bytes.subarray(at, at + 1)); // fill byte
      at += 1;
      continue;
    }
    if (marker === 0xd9) {
      kept.push(bytes.subarray(at, at + 2));
      break;
    }
    const end = at + 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    const segmentEnd = marker === 0xda ? endOfScan(bytes, end) : end;
    const segment = keptSegment(marker, bytes.subarray(at, segmentEnd));
    if (segment !== undefined) kept.push(segment);
    at = segmentEnd;
  }
  return joined(bytes, kept);
}

function keptSegment(marker: number, segment: Uint8Array): Uint8Array | undefined {
  const begins = (text: string) => [...text].every((letter, index) => segment[4 + index] === letter.charCodeAt(0));
  if (marker === 0xe0) return begins(JFIF) ? withoutPreview(segment) : undefined;
  if (marker === 0xe2) return begins('ICC_PROFILE\0') ? segment : undefined;
  if (marker === 0xee) return begins('Adobe') ? segment : undefined;
  const isMetadata = (marker >= 0xe1 && marker <= 0xef) || marker === 0xfe;
  return isMetadata ? undefined : segment;
}

function withoutPreview(jfif: Uint8Array): Uint8Array {
  if (jfif.length === JFIF_LENGTH) return jfif;
  const short = jfif.slice(0, JFIF_LENGTH);
  short.set([0, JFIF_LENGTH - 2], 2); // its length without the marker
  short.set([0, 0], 16); // a preview of 0 by 0 pixels
  return short;
}
