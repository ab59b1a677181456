import { unfaithful } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { hasHdrTransfer } from '../colours/iccProfile.ts';
import type { HeaderBytes } from '../reading/headerBytes.ts';
import { exifOrientation } from './tiff.ts';

// Kinds of markers (ITU T.81, table B.1), by the byte behind 0xff.
export const END_OF_IMAGE = 0xd9;
export const START_OF_SCAN = 0xda;
export const APP0 = 0xe0;
const APP1 = 0xe1;
export const APP2 = 0xe2;
export const APP14 = 0xee;

/** Of a frame, with the size in it: C0 to CF without tables and reserved ones. */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Stands alone, without a length: restarts, and one for arithmetic coding. */
export function isAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/** Cannot stand between the start and the end: reserved ones, and a second start. Decoders give up. */
export function isImpossible(marker: number): boolean {
  return (marker > 0x01 && marker < 0xc0) || marker === 0xc8 || marker === 0xd8;
}

/** Of application data and comments, which may say of themselves what they want: decoders only step over them. */
export function isForeign(marker: number): boolean {
  return (marker >= APP0 && marker <= 0xef) || marker >= 0xf0;
}

/**
 * How many bytes have to be left out to stand before the next marker, whatever lies in front of it: decoders pass over it. `bytes`: from where a marker
 * should begin. Undefined if there is none among them.
 */
export function bytesToMarker(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(0xff); at !== -1 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== 0 && next !== 0xff) return at;
  }
  return undefined;
}

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
