import type { Size } from '../../core/base/geometry.ts';
import { bmpRuns } from './bmpRuns.ts';

/** Kinds of storage: plain, in runs of 8 or 4 bits, by masks of colour bits. */
const PLAIN = 0;
const RUNS_8 = 1;
const RUNS_4 = 2;
const MASKS = 3;
const MASKS_WITH_ALPHA = 6;

type Rgba = readonly [number, number, number, number];

/**
 * Decodes a Windows bitmap into `target` (RGBA, row by row from the top, of the header's size). All depths and both run-length codes.
 * Throws Error for a kind that does not exist, RangeError when the file ends before the pixels do.
 */
export function decodeBmp(bytes: Uint8Array, { width, height }: Size, target: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerSize = view.getUint32(14, true);
  const isOld = headerSize === 12;
  const bits = view.getUint16(isOld ? 24 : 28, true);
  const storage = isOld ? PLAIN : view.getUint32(30, true);
  const fromTop = !isOld && view.getInt32(22, true) < 0;
  const start = view.getUint32(10, true);
  const rowOf = (line: number) => (fromTop ? line : height - 1 - line) * width * 4;
  const put = (at: number, [red, green, blue, alpha]: Rgba) => {
    target[at] = red;
    target[at + 1] = green;
    target[at + 2] = blue;
    target[at + 3] = alpha;
  };

  if (storage === RUNS_8 || storage === RUNS_4) {
    const colours = palette(view, headerSize, bits, start);
    const background = colours(0);
    for (let at = 0; at < width * height * 4; at += 4) put(at, background);
    bmpRuns(bytes.subarray(start), storage === RUNS_8 ? 8 : 4, { width, height }, (x, line, index) =>
      put(rowOf(line) + x * 4, colours(index)),
    );
    return;
  }
  if (![PLAIN, MASKS, MASKS_WITH_ALPHA].includes(storage)) throw new Error(`a bitmap stored in way ${storage}`);
  const colourAt = pixelReader(view, { bits, storage, headerSize, start });
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > bytes.length) throw new RangeError('The bitmap ends before its pixels do.');
  for (let line = 0; line < height; line++) {
    const row = start + line * stride;
    for (let x = 0, at = rowOf(line); x < width; x++, at += 4) put(at, colourAt(row, x));
  }
}

interface Layout {
  bits: number;
  storage: number;
  headerSize: number;
  start: number;
}

/** Reads the colour of pixel `x` of the row that begins at `row`. */
function pixelReader(view: DataView, { bits, storage, headerSize, start }: Layout): (row: number, x: number) => Rgba {
  switch (bits) {
    case 1:
    case 4:
    case 8: {
      const colours = palette(view, headerSize, bits, start);
      const inByte = 8 / bits;
      return (row, x) => colours((view.getUint8(row + Math.floor(x / inByte)) >> (8 - bits * ((x % inByte) + 1))) & (2 ** bits - 1));
    }
    case 16:
    case 32: {
      const byDefault = bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
      const hasAlpha = storage === MASKS_WITH_ALPHA || headerSize >= 56;
      const mask = (index: number) => (index < 3 || hasAlpha ? view.getUint32(54 + index * 4, true) : 0);
      const [red, green, blue, alpha] = (storage === PLAIN ? byDefault : [0, 1, 2, 3].map(mask)).map(channel);
      const value = (row: number, x: number) => (bits === 16 ? view.getUint16(row + x * 2, true) : view.getUint32(row + x * 4, true));
      return (row, x) => {
        const pixel = value(row, x);
        return [red?.(pixel) ?? 0, green?.(pixel) ?? 0, blue?.(pixel) ?? 0, alpha?.(pixel) ?? 255];
      };
    }
    case 24:
      return (row, x) => [view.getUint8(row + x * 3 + 2), view.getUint8(row + x * 3 + 1), view.getUint8(row + x * 3), 255];
    default:
      throw new Error(`a bitmap of ${bits} bits`);
  }
}

/** Reads the bits under a mask as 0 to 255; undefined for an empty mask. */
function channel(mask: number): ((pixel: number) => number) | undefined {
  if (mask === 0) return undefined;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / most);
}

/** Colours by index; those that the file does not hold are black. */
function palette(view: DataView, headerSize: number, bits: number, end: number): (index: number) => Rgba {
  const entry = headerSize === 12 ? 3 : 4;
  const colours: Rgba[] = [];
  for (let at = 14 + headerSize; at + entry <= end && colours.length < 2 ** bits; at += entry)
    colours.push([view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at), 255]);
  return (index) => colours[index] ?? [0, 0, 0, 255];
}
