import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { HeaderBytes } from '../reading/headerBytes.ts';
import { hasHdrTransfer } from './iccProfile.ts';
import { APP1, APP2, bytesToMarker, END_OF_IMAGE, isAlone, isForeign, isFrame, isImpossible, START_OF_SCAN } from './jpegMarkers.ts';
import { exifOrientation } from './tiffHeader.ts';
import { unfaithful } from './unfaithful.ts';

/** What stands before the pixels of a JPEG. */
export interface JpegHeader {
  stored: Size;
  /** Of EXIF, 1 to 8. */
  orientation: number;
  /** Of the frame: how it is encoded. */
  marker: number;
  /** Bits of a sample. */
  precision: number;
  components: number;
  /** Where the profile of its colours begins, of several parts the first; its length. */
  profile: { at: number; length: number } | undefined;
}

/** Bytes that are looked through at a time for the next marker. */
const STRIDE = 512;
const EXIF = 0x45786966; // Exif
const ICC = 0x4943435f; // ICC_
/** Of the name and the numbers of its part, in front of a profile. */
const ICC_HEAD = 14;

/** Reads the header up to the frame, from segment to segment without reading them; passes over stray bytes between them, as decoders do. */
export async function readJpegHeader(bytes: HeaderBytes): Promise<JpegHeader> {
  let orientation: number | undefined;
  let profile: JpegHeader['profile'];
  for (let at = 2; ; ) {
    at = await nextMarker(bytes, at);
    const marker = (await bytes.at(at, 2)).getUint8(1);
    if (marker === END_OF_IMAGE || marker === START_OF_SCAN || isImpossible(marker)) throw new Error('a JPEG without a frame');
    if (isAlone(marker)) {
      at += 2;
      continue;
    }
    const length = (await bytes.at(at + 2, 2)).getUint16(0);
    if (isFrame(marker)) {
      const head = await bytes.at(at + 4, 6);
      return {
        stored: { width: head.getUint16(3), height: head.getUint16(1) },
        orientation: orientation ?? 1,
        marker,
        precision: head.getUint8(0),
        components: head.getUint8(5),
        profile,
      };
    }
    const name = (marker === APP1 || marker === APP2) && length >= 8 ? (await bytes.at(at + 4, 4)).getUint32(0) : 0;
    if (marker === APP1 && name === EXIF) orientation ??= await exifOrientation(bytes, at + 10);
    if (marker === APP2 && name === ICC) profile ??= { at: at + 4 + ICC_HEAD, length: length - 2 - ICC_HEAD };
    // Of foreign data, a length that is none is passed over.
    at += 2 + (isForeign(marker) ? Math.max(2, length) : length);
  }
}

/** Lets through what all decoders read alike; all else is refused with `unsupportedImage`. */
export async function assertKnownJpeg({ marker, precision, components, profile }: JpegHeader, bytes: HeaderBytes): Promise<void> {
  const way = NOT_DECODED[marker];
  if (way !== undefined) throw unfaithful('JPEG', t('its compression is {0}', way));
  if (precision !== 8) throw unfaithful('JPEG', t('it has {0} bits a sample', precision));
  if (![1, 3, 4].includes(components)) throw unfaithful('JPEG', t('it has {0} samples a pixel', components));
  if (profile !== undefined && (await hasHdrTransfer((from, length) => bytes.at(profile.at + from, length), profile.length)))
    throw unfaithful('JPEG', t('it is in high dynamic range'));
}

/** Frames but those of Huffman codes, in one go (C0, C1) or progressive (C2). */
const NOT_DECODED: Readonly<Record<number, string>> = {
  195: 'lossless JPEG', // C3
  197: 'hierarchical JPEG', // C5 to C7
  198: 'hierarchical JPEG',
  199: 'hierarchical JPEG',
  201: 'arithmetic JPEG', // C9 and CA
  202: 'arithmetic JPEG',
  203: 'lossless JPEG', // CB
  205: 'hierarchical JPEG', // CD to CF
  206: 'hierarchical JPEG',
  207: 'hierarchical JPEG',
};

/** Where the next marker stands. Rejects with RangeError if none does. */
async function nextMarker(bytes: HeaderBytes, from: number): Promise<number> {
  for (let at = from; ; ) {
    const view = await bytes.at(at, Math.min(STRIDE, Math.max(2, bytes.size - at)));
    const found = bytesToMarker(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    if (found !== undefined) return at + found;
    // The last byte may be the first of a marker.
    at += view.byteLength - 1;
  }
}
