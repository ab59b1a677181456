import { BodyBuilder } from './body.ts';
import type { ByteWindow } from './byteWindow.ts';
import type { Structure } from './structure.ts';

const JFIF = 'JFIF\0';
/** Length of a JFIF segment without a preview, marker included (JFIF 1.02). */
const JFIF_LENGTH = 18;

/**
 * Walks the segments, and through the entropy-coded data, to the end-of-image marker (ITU T.81, annex B). EXIF, XMP, comments, previews and whatever follows
 * the end are left out. Segments that say how to read the pixels stay: JFIF, the colour profile, and Adobe's, which tells the colour transform.
 */
export async function jpegStructure(window: ByteWindow): Promise<Structure> {
  const bare = new BodyBuilder();
  bare.keep(0, 2);
  let scans = 0;
  for (let at = 2; ; ) {
    const [first, marker] = await window.at(at, 2);
    if (first === undefined || marker === undefined) return { problem: 'truncated' };
    if (first !== 0xff) return { problem: 'damaged' };
    if (marker === 0xff) {
      bare.keep(at, at + 1); // fill byte
      at += 1;
      continue;
    }
    if (marker === 0xd9) {
      bare.keep(at, at + 2);
      return scans > 0 ? { bare: bare.body() } : { problem: 'damaged' };
    }
    const length = (await window.view(at + 2, 2))?.getUint16(0);
    if (length === undefined) return { problem: 'truncated' };
    if (length < 2) return { problem: 'damaged' };
    let end = at + 2 + length;
    if (marker === 0xda) {
      scans += 1;
      end = await endOfScan(window, end);
    }
    await keepSegment(bare, window, marker, { at, end });
    at = end;
  }
}

/** The next marker that is neither a stuffed zero nor a restart; the end of the file if there is none. */
async function endOfScan(window: ByteWindow, from: number): Promise<number> {
  let start = from;
  let isMarker = false;
  for await (const piece of window.pieces(from, window.size)) {
    // A marker may begin with the last byte of the piece before.
    if (isMarker && !isData(piece[0] ?? 0)) return start - 1;
    for (let at = piece.indexOf(0xff); at !== -1; at = piece.indexOf(0xff, at + 1)) {
      const next = piece[at + 1];
      if (next !== undefined && !isData(next)) return start + at;
    }
    isMarker = piece.at(-1) === 0xff;
    start += piece.length;
  }
  return window.size;
}

/** Whether 0xff and this byte stand for data or a restart within it. */
function isData(next: number): boolean {
  return next === 0 || (next >= 0xd0 && next <= 0xd7);
}

async function keepSegment(bare: BodyBuilder, window: ByteWindow, marker: number, { at, end }: { at: number; end: number }): Promise<void> {
  const begins = async (text: string) => String.fromCharCode(...(await window.at(at + 4, text.length))) === text;
  if (marker === 0xe0) {
    if (!(await begins(JFIF))) return;
    if (end - at === JFIF_LENGTH) bare.keep(at, end);
    else bare.add(withoutPreview(await window.at(at, JFIF_LENGTH)));
    return;
  }
  const isKept =
    (marker === 0xe2 && (await begins('ICC_PROFILE\0'))) ||
    (marker === 0xee && (await begins('Adobe'))) ||
    !((marker >= 0xe1 && marker <= 0xef) || marker === 0xfe);
  if (isKept) bare.keep(at, end);
}

function withoutPreview(jfif: Uint8Array): Uint8Array {
  const short = new Uint8Array(JFIF_LENGTH);
  short.set(jfif);
  short.set([0, JFIF_LENGTH - 2], 2); // its length without the marker
  short.set([0, 0], 16); // a preview of 0 by 0 pixels
  return short;
}
