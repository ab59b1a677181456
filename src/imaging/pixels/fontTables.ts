import { inflateSync } from 'node:zlib';

/** What a font is in, by its first four bytes; of a collection, the fonts in it. */
const WOFF = 0x774f4646;
const COLLECTION = 0x74746366;

/** A TrueType or OpenType font from its WOFF (W3C, WOFF File Format 1.0): the same tables, each deflated. */
export function unpackWoff(woff: Uint8Array): Uint8Array {
  const from = viewOf(woff);
  if (from.getUint32(0) !== WOFF) throw new Error('not a WOFF');
  const count = from.getUint16(12);
  const tables = Array.from({ length: count }, (_, index) => {
    const at = 44 + index * 20;
    const [offset, packed, length] = [from.getUint32(at + 4), from.getUint32(at + 8), from.getUint32(at + 12)];
    const bytes = woff.subarray(offset, offset + packed);
    return { tag: from.getUint32(at), checksum: from.getUint32(at + 16), bytes: packed < length ? inflateSync(bytes) : bytes };
  });
  const font = new Uint8Array(12 + count * 16 + tables.reduce((sum, { bytes }) => sum + padded(bytes.length), 0));
  const to = viewOf(font);
  const power = Math.floor(Math.log2(count));
  to.setUint32(0, from.getUint32(4));
  to.setUint16(4, count);
  to.setUint16(6, 2 ** power * 16);
  to.setUint16(8, power);
  to.setUint16(10, count * 16 - 2 ** power * 16);
  let offset = 12 + count * 16;
  for (const [index, { tag, checksum, bytes }] of tables.entries()) {
    const at = 12 + index * 16;
    to.setUint32(at, tag);
    to.setUint32(at + 4, checksum);
    to.setUint32(at + 8, offset);
    to.setUint32(at + 12, bytes.length);
    font.set(bytes, offset);
    offset += padded(bytes.length);
  }
  return font;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** Of these code points, those that none of the fonts has a glyph for. A font that cannot be read has none. */
export function withoutGlyph(codePoints: Iterable<number>, fonts: readonly Uint8Array[]): Set<number> {
  const missing = new Set(codePoints);
  for (const font of fonts) {
    if (missing.size === 0) break;
    try {
      for (const { has } of characterMaps(viewOf(font))) for (const codePoint of missing) if (has(codePoint)) missing.delete(codePoint);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return missing;
}

interface CharacterMap {
  has: (codePoint: number) => boolean;
}

const TAG_CMAP = 0x636d6170;

/** The `cmap` tables of a font, or of all fonts of a collection, in the formats that are in use (OpenType, cmap: 4 and 12). */
function characterMaps(font: DataView): CharacterMap[] {
  const starts =
    font.getUint32(0) === COLLECTION ? Array.from({ length: font.getUint32(8) }, (_, index) => font.getUint32(12 + index * 4)) : [0];
  return starts.flatMap((start) => {
    for (let at = start + 12; at < start + 12 + font.getUint16(start + 4) * 16; at += 16)
      if (font.getUint32(at) === TAG_CMAP) return subtables(font, font.getUint32(at + 8));
    return [];
  });
}

function subtables(font: DataView, cmap: number): CharacterMap[] {
  return Array.from({ length: font.getUint16(cmap + 2) }, (_, index) => cmap + font.getUint32(cmap + 4 + index * 8 + 4)).flatMap((at) => {
    const format = font.getUint16(at);
    if (format === 4) return [{ has: (codePoint: number) => hasSegment(font, at, codePoint) }];
    return format === 12 ? [{ has: (codePoint: number) => hasGroup(font, at, codePoint) }] : [];
  });
}

function hasSegment(font: DataView, at: number, codePoint: number): boolean {
  const length = font.getUint16(at + 6);
  for (let end = at + 14; end < at + 14 + length; end += 2) {
    if (font.getUint16(end) < codePoint) continue;
    const start = font.getUint16(end + length + 2);
    if (start > codePoint) return false;
    const delta = font.getUint16(end + 2 * length + 2);
    const rangeAt = end + 3 * length + 2;
    const range = font.getUint16(rangeAt);
    const glyph = range === 0 ? codePoint : font.getUint16(rangeAt + range + 2 * (codePoint - start));
    return range !== 0 && glyph === 0 ? false : ((glyph + delta) & 0xffff) !== 0;
  }
  return false;
}

function hasGroup(font: DataView, at: number, codePoint: number): boolean {
  for (let low = 0, high = font.getUint32(at + 12); low < high; ) {
    const middle = (low + high) >> 1;
    const group = at + 16 + middle * 12;
    if (codePoint < font.getUint32(group)) high = middle;
    else if (codePoint > font.getUint32(group + 4)) low = middle + 1;
    else return true;
  }
  return false;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
