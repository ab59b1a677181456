import { unfaithful } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { type BmpHeader, RUNS_4, RUNS_8 } from '../formats/bmp.ts';
import { bmpRuns } from './bmpRuns.ts';

/** Bytes in front of the header. */
const FILE_HEADER = 14;
/** The size of the oldest header, whose palette has three bytes a colour. */
const OLDEST = 12;

type Rgba = readonly [number, number, number, number];

const BLACK: Rgba = [0, 0, 0, 255];

/**
 * Decodes a Windows bitmap into `target` (RGBA, row by row from the top, of the header's size), as browsers do. All depths and both run-length codes.
 * Throws RangeError when the file ends before the pixels do, `unsupportedImage` when it leaves out pixels of which programs make different ones.
 */
export function decodeBmp(bytes: Uint8Array, header: BmpHeader, { width, height }: Size, target: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { bits, storage, fromTop, start } = header;
  const rowOf = (line: number) => (fromTop ? line : height - 1 - line) * width * 4;
  const put = (at: number, [red, green, blue, alpha]: Rgba) => {
    target[at] = red;
    target[at + 1] = green;
    target[at + 2] = blue;
    target[at + 3] = alpha;
  };

  if (storage === RUNS_8 || storage === RUNS_4) {
    const colours = palette(view, header);
    for (let at = 3; at < width * height * 4; at += 4) target[at] = 255;
    let left = width * height;
    bmpRuns(bytes.subarray(start), storage === RUNS_8 ? 8 : 4, { width, height }, (x, line, index) => {
      put(rowOf(line) + x * 4, colours(index));
      left -= 1;
    });
    // To browsers they are black, to others the first colour of the palette.
    if (left > 0 && colours(0).some((value, channel) => value !== BLACK[channel])) throw unfaithful('BMP', t('it leaves out pixels'));
    return;
  }
  const colourAt = pixelReader(view, header);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > bytes.length) throw new RangeError('The bitmap ends before its pixels do.');
  for (let line = 0; line < height; line++) {
    const row = start + line * stride;
    for (let x = 0, at = rowOf(line); x < width; x++, at += 4) put(at, colourAt(row, x));
  }
}

/** Reads the colour of pixel `x` of the row that begins at `row`. */
function pixelReader(view: DataView, header: BmpHeader): (row: number, x: number) => Rgba {
  const { bits } = header;
  if (bits <= 8) {
    const colours = palette(view, header);
    const inByte = 8 / bits;
    return (row, x) => colours((view.getUint8(row + Math.floor(x / inByte)) >> (8 - bits * ((x % inByte) + 1))) & (2 ** bits - 1));
  }
  if (bits === 24) return (row, x) => [view.getUint8(row + x * 3 + 2), view.getUint8(row + x * 3 + 1), view.getUint8(row + x * 3), 255];
  const [red, green, blue, alpha] = header.masks.map(channel);
  const value = (row: number, x: number) => (bits === 16 ? view.getUint16(row + x * 2, true) : view.getUint32(row + x * 4, true));
  return (row, x) => {
    const pixel = value(row, x);
    return [red?.(pixel) ?? 0, green?.(pixel) ?? 0, blue?.(pixel) ?? 0, alpha?.(pixel) ?? 255];
  };
}

/** Reads the bits under a mask as 0 to 255; undefined for an empty mask. */
function channel(mask: number): ((pixel: number) => number) | undefined {
  if (mask === 0) return undefined;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / most);
}

/**
 * Colours by index; those that the file does not hold are black. So many as the header gives follow it, wherever it says that the pixels begin: some
 * programs write files in which these lie within the palette. The oldest header gives no number: there the palette ends where the pixels begin.
 */
function palette(view: DataView, { headerSize, colours: count, start }: BmpHeader): (index: number) => Rgba {
  const entry = headerSize === OLDEST ? 3 : 4;
  const end = headerSize === OLDEST ? start : view.byteLength;
  const colours: Rgba[] = [];
  for (let at = FILE_HEADER + headerSize; at + entry <= end && colours.length < count; at += entry)
    colours.push([view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at), 255]);
  return (index) => colours[index] ?? BLACK;
}
