import type { Size } from '../../core/base/geometry.ts';

const END_OF_LINE = 0;
const END = 1;
const MOVE = 2;

/**
 * Decodes the runs of a bitmap, of 8 or 4 bits an index; `line` counts from the bottom. Indices beyond the picture are passed over.
 * Throws RangeError when the runs break off.
 */
export function bmpRuns(
  runs: Uint8Array,
  bits: 8 | 4,
  { width, height }: Size,
  put: (x: number, line: number, index: number) => void,
): void {
  let at = 0;
  const next = (): number => {
    const byte = runs[at++];
    if (byte === undefined) throw new RangeError('The runs of the bitmap break off.');
    return byte;
  };
  let x = 0;
  let line = 0;
  const add = (index: number) => {
    if (x < width && line < height) put(x, line, index);
    x += 1;
  };
  const nibble = (byte: number, isSecond: boolean) => (isSecond ? byte & 15 : byte >> 4);
  while (line < height) {
    const count = next();
    const value = next();
    if (count > 0) {
      for (let k = 0; k < count; k++) add(bits === 8 ? value : nibble(value, k % 2 === 1));
    } else if (value === END_OF_LINE) {
      x = 0;
      line += 1;
    } else if (value === END) {
      return;
    } else if (value === MOVE) {
      x += next();
      line += next();
    } else {
      // So many indices as they are, padded to an even number of bytes.
      const bytes = Math.ceil((value * bits) / 8);
      for (let k = 0, byte = 0; k < value; k++) {
        if (bits === 8 || k % 2 === 0) byte = next();
        add(bits === 8 ? byte : nibble(byte, k % 2 === 1));
      }
      if (bytes % 2 === 1) next();
    }
  }
}
