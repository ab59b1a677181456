import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { InspectorError, unreadable } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { ExportImage } from '../../core/exports/exportImage.ts';
import { maskBitmap } from '../../core/exports/maskBitmap.ts';
import { overlaySvg } from '../../core/exports/svg.ts';
import type { Box, Detection } from '../../core/inspection/inspection.ts';
import { probe } from '../formats/probe.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';
import { undecodable, uprightPicture } from './render.ts';
import { ownBytes, wasmSharp } from './sharpWasm.ts';
import { drawOverlay } from './svgPixels.ts';

/** A picture to make of an image. Pixels are those of the whole upright image. */
export type Drawing =
  /** All of it. */
  | { kind: 'whole' }
  /** The part of a box. */
  | { kind: 'crop'; box: Box }
  /** The part where an object is, all else transparent. `threshold`: values of its mask above it are object, 0..255. */
  | { kind: 'cutOut'; detection: Detection; threshold: number }
  /** All of it with an object in white, as in the documentation of the API. */
  | { kind: 'highlight'; detection: Detection; threshold: number }
  /** All of it with what the inspector draws over it. */
  | { kind: 'overlay'; image: ExportImage };

/** Of white over an object, 0..255. Source: ai.google.dev/gemini-api/docs/image-understanding. */
const HIGHLIGHT = 200;

/**
 * Makes a PNG of an image, in the pixels of the upright image. Shows what can be seen of an image that is damaged. Heavy: meant for a worker.
 * Rejects with `unreadableImage` when it cannot be decoded or does not hold the part asked for.
 */
export async function draw(source: ByteSource, drawing: Drawing): Promise<Uint8Array> {
  if (drawing.kind === 'highlight') return highlight(await pixelsOf(source), drawing);
  const upright = await uprightOf(source);
  try {
    return await drawn(upright, drawing);
  } catch (error) {
    throw undecodable(error);
  }
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

/** An image as red, green, blue and alpha of each pixel. */
interface Pixels {
  data: Uint8Array;
  size: Size;
  hasAlpha: boolean;
}

/** The pixels of the last image of which an object was highlighted: the objects of an export come one after the other. They go with the thread. */
let latest: { key: string; pixels: Promise<Pixels> } | undefined;

/** Decodes an image, once for all of its objects. */
async function pixelsOf(source: ByteSource): Promise<Pixels> {
  const key = await contentKey(source);
  if (latest?.key !== key) latest = { key, pixels: decoded(source) };
  try {
    return await latest.pixels;
  } catch (error) {
    latest = undefined;
    throw error;
  }
}

async function decoded(source: ByteSource): Promise<Pixels> {
  const { picture, size, hasAlpha } = await uprightOf(source);
  try {
    return { data: (await rgba(picture)).data, size, hasAlpha };
  } catch (error) {
    throw undecodable(error);
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

interface UprightPicture {
  picture: Sharp;
  size: Size;
  hasAlpha: boolean;
}

async function drawn(upright: UprightPicture, drawing: Exclude<Drawing, { kind: 'highlight' }>): Promise<Uint8Array> {
  const { picture, size } = upright;
  switch (drawing.kind) {
    case 'whole':
      return png(picture);
    case 'crop':
      return png(part(picture, drawing.box, size));
    case 'cutOut':
      return cutOut(upright, drawing);
    case 'overlay': {
      const overlay = await drawOverlay(overlaySvg(drawing.image), size);
      const input = Buffer.from(overlay.buffer, overlay.byteOffset, overlay.byteLength);
      return png(picture.composite([{ input, raw: { ...size, channels: 4, premultiplied: true } }]));
    }
  }
}

function part(picture: Sharp, { x, y, width, height }: Box, size: Size): Sharp {
  if (width < 1 || height < 1 || x < 0 || y < 0 || x + width > size.width || y + height > size.height) throw outside();
  return picture.extract({ left: x, top: y, width, height });
}

async function cutOut(
  { picture, size }: UprightPicture,
  { detection, threshold }: Extract<Drawing, { kind: 'cutOut' }>,
): Promise<Uint8Array> {
  const bitmap = maskBitmap(detection, size, threshold);
  if (bitmap === undefined) throw new InspectorError('unreadableImage', t('This object has no mask.'));
  const { data, info } = await rgba(part(picture, bitmap.region, size));
  for (let at = 0; at < bitmap.data.length; at++) if (bitmap.data[at] === 0) data.fill(0, at * 4, at * 4 + 4);
  return encodeRgba(data, info);
}

async function highlight(
  { data: pixels, size, hasAlpha }: Pixels,
  { detection, threshold }: Extract<Drawing, { kind: 'highlight' }>,
): Promise<Uint8Array> {
  const bitmap = maskBitmap(detection, size, threshold);
  const data = new Uint8Array(pixels);
  const { x, y, width } = bitmap?.region ?? { x: 0, y: 0, width: 0 };
  for (const [place, isObject] of bitmap?.data.entries() ?? []) {
    if (isObject === 0) continue;
    const at = ((y + Math.floor(place / width)) * size.width + x + (place % width)) * 4;
    const below = (data[at + 3] ?? 0) * (255 - HIGHLIGHT);
    const total = HIGHLIGHT * 255 + below;
    for (let channel = at; channel < at + 3; channel++)
      data[channel] = Math.round((255 * HIGHLIGHT * 255 + (data[channel] ?? 0) * below) / total);
    data[at + 3] = Math.round(total / 255);
  }
  return encodeRgba(data, size, !hasAlpha);
}

/** Red, green, blue and alpha of each pixel. */
async function rgba(picture: Sharp): Promise<{ data: Uint8Array; info: Size }> {
  const { data, info } = await picture.toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, info: { width: info.width, height: info.height } };
}

async function encodeRgba(data: Uint8Array, size: Size, isOpaque = false): Promise<Uint8Array> {
  const sharp = await wasmSharp();
  const picture = sharp(data, { raw: { ...size, channels: 4 }, limitInputPixels: false });
  return png(isOpaque ? picture.removeAlpha() : picture);
}

/** Of photos larger effort makes files hardly smaller, and takes several times as long. */
async function png(picture: Sharp): Promise<Uint8Array> {
  return ownBytes(await picture.png({ compressionLevel: 4 }).toBuffer());
}

function outside(): InspectorError {
  return unreadable(t('It does not hold the place of this object.'));
}
