/** Transfer functions of ISO/IEC 23091-2 (CICP): PQ and HLG. */
export const HDR_TRANSFERS: readonly number[] = [16, 18];

/** Bytes of a profile's header, and of an entry of the table of tags behind it (ICC.1:2022, section 7). */
const HEADER = 128;
const ENTRY = 12;
/** More than any profile has. */
const MOST_TAGS = 100;
const CICP = 0x63696370; // cicp

/**
 * Whether an ICC profile says that its colours are in PQ or HLG (section 9.2.17): readers that pass over that show such a picture washed out.
 * `read`: so many bytes from an offset in the profile. `size`: of the profile. A damaged profile says nothing.
 */
export async function hasHdrTransfer(read: (from: number, length: number) => Promise<DataView>, size: number): Promise<boolean> {
  if (size < HEADER + 4) return false;
  const count = Math.min(MOST_TAGS, (await read(HEADER, 4)).getUint32(0), Math.floor((size - HEADER - 4) / ENTRY));
  const table = await read(HEADER + 4, count * ENTRY);
  for (let at = 0; at < table.byteLength; at += ENTRY) {
    const offset = table.getUint32(at + 4);
    // The type, four empty bytes, then primaries, transfer, matrix and range.
    if (table.getUint32(at) === CICP && offset + 12 <= size) return HDR_TRANSFERS.includes((await read(offset, 12)).getUint8(9));
  }
  return false;
}
