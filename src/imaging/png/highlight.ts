import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Size } from '../../core/base/geometry.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';
import { type ObjectSpans, spansBetween } from './objectSpans.ts';
import { type BandedPicture, changedBands, inBands, wholePng } from './pngBands.ts';
import type { Raster } from './raster.ts';

/** Of white over an object, 0..255. Source: ai.google.dev/gemini-api/docs/image-understanding. */
const HIGHLIGHT = 200;

/** The last image of which an object was highlighted, decoded and encoded: the objects of an export come one after the other. It goes with the thread. */
let latest: { key: string; picture: Promise<BandedPicture> } | undefined;

/** An image, decoded and encoded once for all of its objects. */
async function pictureOf(source: ByteSource, decode: (source: ByteSource) => Promise<Raster>): Promise<BandedPicture> {
  const key = await contentKey(source);
  if (latest?.key !== key) latest = { key, picture: decode(source).then(inBands) };
  try {
    return await latest.picture;
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

/**
 * An image with an object in white, as a PNG in pieces. Only the bands of rows that the object touches are compressed for it.
 * @param spansIn its pixels in an image of a size, if it has any
 */
export async function highlight(
  source: ByteSource,
  spansIn: (size: Size) => ObjectSpans | undefined,
  decode: (source: ByteSource) => Promise<Raster>,
): Promise<Uint8Array[]> {
  const picture = await pictureOf(source, decode);
  const spans = spansIn(picture.raster.size);
  if (spans === undefined) return wholePng(picture);
  const { x, y, width, height } = spans.region;
  return changedBands(picture, { row: y, rows: height, left: x, right: x + width }, (rows, top) => paint(rows, spans, top));
}

/** What becomes of a sample under white, where the image is opaque. */
const UNDER_WHITE = Uint8Array.from({ length: 256 }, (_, sample) => Math.round((255 * HIGHLIGHT + sample * (255 - HIGHLIGHT)) / 255));

/** Lays white over the pixels of an object. `top`: the row of the image with which the raster begins. */
function paint({ data, size, channels }: Raster, spans: ObjectSpans, top: number): void {
  spansBetween(spans, top, top + size.height, (row, from, to) => {
    const start = (row - top) * size.width;
    const end = (start + to) * channels;
    if (channels === 4) for (let at = (start + from) * channels; at < end; at += channels) paintTransparent(data, at);
    else for (let at = (start + from) * channels; at < end; at++) data[at] = UNDER_WHITE[data[at] as number] as number;
  });
}

function paintTransparent(data: Uint8Array, at: number): void {
  const below = (data[at + 3] as number) * (255 - HIGHLIGHT);
  const total = HIGHLIGHT * 255 + below;
  for (let channel = at; channel < at + 3; channel++)
    data[channel] = Math.round((255 * HIGHLIGHT * 255 + (data[channel] as number) * below) / total);
  data[at + 3] = Math.round(total / 255);
}
