import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { type MaskBitmap, maskBitmap } from '../../core/exports/maskBitmap.ts';
import type { Detection } from '../../core/inspection/inspection.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';
import { BAND_ROWS, type Band, bandsOf, pngOf, type Raster } from './pngBands.ts';

/** Of white over an object, 0..255. Source: ai.google.dev/gemini-api/docs/image-understanding. */
const HIGHLIGHT = 200;

/** The last image of which an object was highlighted, decoded and encoded: the objects of an export come one after the other. It goes with the thread. */
let latest: { key: string; raster: Promise<Raster>; bands?: Promise<Band[]> } | undefined;

/** The pixels of an image, decoded once for all of its objects. */
async function pixelsOf(source: ByteSource, decode: (source: ByteSource) => Promise<Raster>) {
  const key = await contentKey(source);
  if (latest?.key !== key) latest = { key, raster: decode(source) };
  const current = latest;
  try {
    return { current, raster: await current.raster };
  } catch (error) {
    latest = undefined;
    throw error;
  }
}

/** Tells one content from another: of a file by what the disk says of it, of bytes by their hash. */
async function contentKey(source: ByteSource): Promise<string> {
  if (source.path === undefined)
    return createHash('sha256')
      .update(await readWhole(source))
      .digest('hex');
  const { ino, size, mtimeMs } = await stat(source.path);
  return [source.path, ino, size, mtimeMs].join(' ');
}

/** An image with an object in white, as a PNG. Only the bands of rows that the object touches are compressed for it. */
export async function highlight(
  source: ByteSource,
  { detection, threshold }: { detection: Detection; threshold: number },
  decode: (source: ByteSource) => Promise<Raster>,
): Promise<Uint8Array> {
  const { current, raster } = await pixelsOf(source, decode);
  current.bands ??= bandsOf(raster);
  const bands = [...(await current.bands)];
  const bitmap = maskBitmap(detection, raster.size, threshold);
  if (bitmap !== undefined) {
    const { y, height } = bitmap.region;
    const first = Math.floor(y / BAND_ROWS);
    const touched = bands.slice(first, Math.floor((y + height - 1) / BAND_ROWS) + 1).map((_, place) => first + place);
    // Only these rows are copied: what lies above them is not looked at.
    const top = first * BAND_ROWS;
    const stride = raster.size.width * raster.channels;
    const rows = Math.min(raster.size.height - top, touched.length * BAND_ROWS);
    const part: Raster = {
      ...raster,
      data: raster.data.slice(top * stride, (top + rows) * stride),
      size: { width: raster.size.width, height: rows },
    };
    paint(part, bitmap, top);
    for (const [place, band] of (await bandsOf(part)).entries()) bands[first + place] = band;
  }
  return pngOf(raster, bands);
}

/** Lays white over the pixels of an object. `top`: the row of the image with which the raster begins. */
function paint({ data, size, channels }: Raster, { region, data: isObject }: MaskBitmap, top: number): void {
  for (let row = 0; row < region.height; row++) {
    let at = ((region.y + row - top) * size.width + region.x) * channels;
    for (let column = 0; column < region.width; column++, at += channels) {
      if (isObject[row * region.width + column] === 0) continue;
      const below = (channels === 4 ? (data[at + 3] as number) : 255) * (255 - HIGHLIGHT);
      const total = HIGHLIGHT * 255 + below;
      for (let channel = at; channel < at + 3; channel++)
        data[channel] = Math.round((255 * HIGHLIGHT * 255 + (data[channel] as number) * below) / total);
      if (channels === 4) data[at + 3] = Math.round(total / 255);
    }
  }
}
