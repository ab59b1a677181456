import type { Size } from '../core/geometry.ts';
import type { Box } from '../core/inspection.ts';
import { primaryProperties } from './bmff.ts';

/**
 * A HEIF file with a crop (`clap`) that leaves all of the picture, since the decoder refuses larger ones, and where in the upright picture the crop that it had
 * is, in pixels. Undefined for a file without a crop. Source: ISO/IEC 14496-12, 12.1.4; the crop comes before `irot` and `imir` (ISO/IEC 23000-22).
 */
export function withoutCrop(file: Uint8Array): { file: Uint8Array; crop: Box } | undefined {
  const properties = primaryProperties(file);
  const clap = properties.find(({ type }) => type === 'clap');
  const ispe = properties.find(({ type }) => type === 'ispe');
  if (clap === undefined || ispe === undefined) return undefined;
  const copy = file.slice();
  const view = new DataView(copy.buffer);
  let size: Size = { width: view.getUint32(ispe.start + 4), height: view.getUint32(ispe.start + 8) };
  const ratio = (at: number) => view.getInt32(at) / view.getInt32(at + 4);
  const [width, height] = [Math.round(ratio(clap.start)), Math.round(ratio(clap.start + 8))];
  let crop: Box = {
    x: Math.round((size.width - width) / 2 + ratio(clap.start + 16)),
    y: Math.round((size.height - height) / 2 + ratio(clap.start + 24)),
    width,
    height,
  };
  for (const [index, value] of [size.width, 1, size.height, 1, 0, 1, 0, 1].entries()) view.setUint32(clap.start + index * 4, value);
  for (const { type, start } of properties) {
    const value = view.getUint8(start);
    // Against the clock: what was at the right is at the top.
    for (let quarter = 0; type === 'irot' && quarter < value % 4; quarter++) {
      crop = { x: crop.y, y: size.width - crop.x - crop.width, width: crop.height, height: crop.width };
      size = { width: size.height, height: size.width };
    }
    if (type === 'imir' && (value & 1) === 1) crop = { ...crop, x: size.width - crop.x - crop.width };
    if (type === 'imir' && (value & 1) === 0) crop = { ...crop, y: size.height - crop.y - crop.height };
  }
  const isInside = crop.x >= 0 && crop.y >= 0 && crop.x + crop.width <= size.width && crop.y + crop.height <= size.height;
  if (!isInside) throw new Error('a crop beyond the picture');
  return { file: copy, crop };
}

/** Copies a part of RGBA pixels, row by row, into `target`. */
export function copyPart(pixels: Uint8Array, { width }: Size, part: Box, target: Uint8Array): void {
  for (let row = 0; row < part.height; row++) {
    const from = ((part.y + row) * width + part.x) * 4;
    target.set(pixels.subarray(from, from + part.width * 4), row * part.width * 4);
  }
}
