import type { Sharp } from 'sharp';
import { InspectorError, unreadable } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { ExportImage } from '../../core/exports/exportImage.ts';
import { maskBitmap } from '../../core/exports/maskBitmap.ts';
import { overlaySvg } from '../../core/exports/svg.ts';
import type { Box, Detection } from '../../core/inspection/inspection.ts';
import { probe } from '../formats/probe.ts';
import { type Highlighted, highlight } from '../png/highlight.ts';
import { encodePng } from '../png/pngBands.ts';
import type { Raster } from '../png/raster.ts';
import { readPlainPng } from '../png/readPng.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';
import { undecodable, uprightPicture } from './render.ts';
import { ownBytes } from './sharpWasm.ts';
import { drawOverlay } from './svgPixels.ts';

/** A picture to make of an image. Pixels are those of the whole upright image. */
export type Drawing =
  /** All of it. */
  | { kind: 'whole' }
  /** The part of a box. */
  | { kind: 'crop'; box: Box }
  /** The part where an object is, all else transparent. `threshold`: values of its mask above it are object, 0..255. */
  | { kind: 'cutOut'; detection: Detection; threshold: number }
  /** All of it with what the inspector draws over it. */
  | { kind: 'overlay'; image: ExportImage };

/**
 * Makes a PNG of an image, in the pixels of the upright image. Shows what can be seen of an image that is damaged. Heavy: meant for a worker.
 * Rejects with `unreadableImage` when it cannot be decoded or does not hold the part asked for.
 */
export async function draw(source: ByteSource, drawing: Drawing): Promise<Uint8Array> {
  if (drawing.kind === 'cutOut') return cutOut(drawing, await decoded(source));
  const plain = drawing.kind === 'crop' ? await plainPixels(source) : undefined;
  if (plain !== undefined && drawing.kind === 'crop') return encodePng(partOf(plain, drawing.box));
  const upright = await uprightOf(source);
  try {
    return await drawn(upright, drawing);
  } catch (error) {
    throw undecodable(error);
  }
}

/** All of an image with an object in white, as in the documentation of the API: a PNG in pieces. Heavy and rejects like `draw`. */
export function drawHighlight(source: ByteSource, highlighted: Highlighted): Promise<Uint8Array[]> {
  return highlight(source, highlighted, decoded);
}

async function uprightOf(source: ByteSource): Promise<UprightPicture> {
  const header = await probe(source);
  const canvas = header.upright;
  const bytes = await readWhole(source);
  try {
    return { ...(await uprightPicture(header, bytes, { canvas, tolerant: true })), size: canvas };
  } catch (error) {
    throw undecodable(error);
  }
}

/** The pixels of an image, without the pixel library where they can be had so. Rejects like `draw`. */
async function decoded(source: ByteSource): Promise<Raster> {
  const plain = await plainPixels(source);
  if (plain !== undefined) return plain;
  const { picture, size, hasAlpha } = await uprightOf(source);
  try {
    const { data } = await rgba(picture);
    return hasAlpha ? { data: ownBytes(data), size, channels: 4 } : { data: withoutAlpha(data), size, channels: 3 };
  } catch (error) {
    throw undecodable(error);
  }
}

/** The pixels of the usual kind of PNG. */
async function plainPixels(source: ByteSource): Promise<Raster | undefined> {
  const { mimeType, turned } = await probe(source);
  return mimeType === 'image/png' && !turned ? readPlainPng(await readWhole(source)) : undefined;
}

/** A part of a picture. */
function partOf({ data, size, channels }: Raster, box: Box): Raster {
  assertWithin(box, size);
  const { x, y, width, height } = box;
  const part = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * size.width + x) * channels;
    part.set(data.subarray(from, from + width * channels), row * width * channels);
  }
  return { data: part, size: { width, height }, channels };
}

/** Red, green and blue of pixels with alpha. */
function withoutAlpha(pixels: Uint8Array): Uint8Array {
  const colours = new Uint8Array((pixels.length / 4) * 3);
  for (let from = 0, to = 0; from < pixels.length; from += 4, to += 3) {
    colours[to] = pixels[from] as number;
    colours[to + 1] = pixels[from + 1] as number;
    colours[to + 2] = pixels[from + 2] as number;
  }
  return colours;
}

interface UprightPicture {
  picture: Sharp;
  size: Size;
  hasAlpha: boolean;
}

async function drawn(upright: UprightPicture, drawing: Exclude<Drawing, { kind: 'cutOut' }>): Promise<Uint8Array> {
  const { picture, size } = upright;
  switch (drawing.kind) {
    case 'whole':
      return png(picture);
    case 'crop':
      return png(part(picture, drawing.box, size));
    case 'overlay': {
      const overlay = await drawOverlay(overlaySvg(drawing.image), size);
      const input = Buffer.from(overlay.buffer, overlay.byteOffset, overlay.byteLength);
      return png(picture.composite([{ input, raw: { ...size, channels: 4, premultiplied: true } }]));
    }
  }
}

function assertWithin({ x, y, width, height }: Box, size: Size): void {
  if (width < 1 || height < 1 || x < 0 || y < 0 || x + width > size.width || y + height > size.height) throw outside();
}

function part(picture: Sharp, box: Box, size: Size): Sharp {
  assertWithin(box, size);
  const { x, y, width, height } = box;
  return picture.extract({ left: x, top: y, width, height });
}

async function cutOut({ detection, threshold }: Extract<Drawing, { kind: 'cutOut' }>, pixels: Raster): Promise<Uint8Array> {
  const bitmap = maskBitmap(detection, pixels.size, threshold);
  if (bitmap === undefined) throw new InspectorError('unreadableImage', t('This object has no mask.'));
  const { data, size, channels } = partOf(pixels, bitmap.region);
  const shown = new Uint8Array(size.width * size.height * 4);
  for (const [place, isObject] of bitmap.data.entries()) {
    if (isObject === 0) continue;
    for (let channel = 0; channel < 3; channel++) shown[place * 4 + channel] = data[place * channels + channel] as number;
    shown[place * 4 + 3] = channels === 4 ? (data[place * 4 + 3] as number) : 255;
  }
  return encodePng({ data: shown, size, channels: 4 });
}

/** Red, green, blue and alpha of each pixel. */
async function rgba(picture: Sharp): Promise<{ data: Uint8Array; info: Size }> {
  const { data, info } = await picture.toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, info: { width: info.width, height: info.height } };
}

/** Of photos larger effort makes files hardly smaller, and takes several times as long. */
async function png(picture: Sharp): Promise<Uint8Array> {
  return ownBytes(await picture.png({ compressionLevel: 4 }).toBuffer());
}

function outside(): InspectorError {
  return unreadable(t('It does not hold the place of this object.'));
}
