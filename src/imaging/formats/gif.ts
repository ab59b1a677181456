import type { HeaderBytes } from '../reading/headerBytes.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;

/** How far the first frame of a GIF reaches to the right and down, in pixels; undefined if there is no frame. Goes from block to block. */
export async function firstGifFrame(bytes: HeaderBytes): Promise<{ right: number; bottom: number } | undefined> {
  const flags = (await bytes.at(10, 1)).getUint8(0);
  let at = 13 + ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)); // a palette of 2 to 256 colours
  for (;;) {
    const kind = (await bytes.at(at, 1)).getUint8(0);
    if (kind === IMAGE) {
      const frame = await bytes.at(at + 1, 8);
      return { right: frame.getUint16(0, true) + frame.getUint16(4, true), bottom: frame.getUint16(2, true) + frame.getUint16(6, true) };
    }
    if (kind !== EXTENSION) return undefined;
    at += 2;
    for (let length = -1; length !== 0; at += 1 + length) length = (await bytes.at(at, 1)).getUint8(0);
  }
}
