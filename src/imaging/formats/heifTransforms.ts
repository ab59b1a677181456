import type { Size } from '../../core/base/geometry.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import type { FileBox } from './heif.ts';
import type { HeifContent, HeifItem } from './heifItems.ts';
import { transformsOf } from './heifSupport.ts';

/**
 * A copy of a HEIF or AVIF file whose pictures are neither cut, turned nor mirrored: crops leave all of the picture, turns are by nothing, and what mirrored is such a
 * turn, of the same length. Source: ISO/IEC 14496-12, 12.1.4 (clap) and 23008-12, 6.5.10 (irot), 6.5.12 (imir).
 */
export function withoutTransforms({ bytes, items }: HeifContent): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (const item of items) {
    for (const { type, start } of transformsOf(item)) {
      if (type === 'imir') copy.set([0x69, 0x72, 0x6f, 0x74], start - 4); // irot
      if (type !== 'clap') copy[start] = 0;
      const { width, height } = type === 'clap' ? storedSize(bytes, item) : { width: 0, height: 0 };
      for (const [index, value] of [width, 1, height, 1, 0, 1, 0, 1].entries())
        if (type === 'clap') view.setUint32(start + index * 4, value);
    }
  }
  return copy;
}

/** Pixels, four bytes each, cut, turned and mirrored as the file says of its primary picture. `pixels` begins where four bytes do. */
export function transformed(pixels: Uint8Array, size: Size, { bytes, primary }: HeifContent): { pixels: Uint8Array; size: Size } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let shown = { origin: 0, right: 1, down: size.width, ...size };
  for (const { type, start } of transformsOf(primary)) {
    const value = view.getUint8(start);
    if (type === 'clap') shown = cut(shown, cropAt(view, start, shown));
    for (let quarter = 0; type === 'irot' && quarter < value % 4; quarter++) shown = quarterTurned(shown);
    if (type === 'imir') shown = mirrored(shown, (value & 1) === 1);
  }
  const from = new Uint32Array(pixels.buffer, pixels.byteOffset, size.width * size.height);
  const { width, height, origin, right, down } = shown;
  const to = new Uint32Array(width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0, place = origin + y * down; x < width; x++, place += right) to[at++] = from[place] as number;
  return { pixels: new Uint8Array(to.buffer), size: { width, height } };
}

/** Where the pixels of a picture are among those that are stored: the first one, and how far it is to the next at the right and below. */
interface Shown extends Size {
  origin: number;
  right: number;
  down: number;
}

function cut({ origin, right, down }: Shown, { x, y, width, height }: Box): Shown {
  return { origin: origin + x * right + y * down, right, down, width, height };
}

/** Against the clock: what was at the right is at the top. */
function quarterTurned({ origin, right, down, width, height }: Shown): Shown {
  return { origin: origin + (width - 1) * right, right: down, down: -right, width: height, height: width };
}

function mirrored({ origin, right, down, width, height }: Shown, isSideways: boolean): Shown {
  return isSideways
    ? { origin: origin + (width - 1) * right, right: -right, down, width, height }
    : { origin: origin + (height - 1) * down, right, down: -down, width, height };
}

/** The crop by its size and the distance of its middle from that of the picture, all as fractions. */
function cropAt(view: DataView, at: number, size: Size): Box {
  const ratio = (place: number) => view.getInt32(place) / view.getInt32(place + 4);
  const [width, height] = [Math.round(ratio(at)), Math.round(ratio(at + 8))];
  const x = Math.round((size.width - width) / 2 + ratio(at + 16));
  const y = Math.round((size.height - height) / 2 + ratio(at + 24));
  const isInside = width > 0 && height > 0 && x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height;
  if (!isInside) throw new Error('a crop beyond the picture');
  return { x, y, width, height };
}

function storedSize(bytes: Uint8Array, { properties }: HeifItem): Size {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ispe = properties.find(({ type }: FileBox) => type === 'ispe');
  if (ispe === undefined) throw new Error('no size');
  return { width: view.getUint32(ispe.start + 4), height: view.getUint32(ispe.start + 8) };
}
