/** Kinds of JPEG markers (ITU T.81, table B.1), by the byte behind 0xff. */

export const END_OF_IMAGE = 0xd9;
export const START_OF_SCAN = 0xda;
export const APP0 = 0xe0;
export const APP1 = 0xe1;
export const APP2 = 0xe2;
export const APP14 = 0xee;
export const COMMENT = 0xfe;

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
