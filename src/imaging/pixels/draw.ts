import type { Sharp } from 'sharp';
import { InspectorError, unreadable } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { ExportImage } from '../../core/exports/exportImage.ts';
import { maskBitmap } from '../../core/exports/maskBitmap.ts';
import { overlaySvg } from '../../core/exports/svg.ts';
import type { Box, Detection } from '../../core/inspection/inspection.ts';
import { probe } from '../formats/probe.ts';
import { plainPixels } from '../plain/plainPixels.ts';
import { highlight } from '../png/highlight.ts';
import { type MaskPicture, maskPngs } from '../png/maskPngs.ts';
import { type ObjectSpans, objectSpans } from '../png/objectSpans.ts';
import { encodePng } from '../png/pngBands.ts';
import type { Raster } from '../png/raster.ts';
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
  switch (drawing.kind) {
    case 'whole':
      return encodePng(await decoded(source));
    case 'crop':
      return encodePng(await cropped(source, drawing.box));
    case 'cutOut':
      return encodePng(cutOut(drawing, await decoded(source)));
    case 'overlay':
      return encodePng(await overlaid(source, drawing.image));
  }
}

/**
 * The pictures of an object's mask, as PNGs: in the size of its box, in that of the image, and all of the image with the object in white, as in the
 * documentation of the API, in pieces.
 */
export interface MaskPictures {
  box: Uint8Array;
  whole: Uint8Array;
  highlighted: Uint8Array[];
}

/** Makes the pictures of a mask: undefined without one. Heavy and rejects like `draw`. */
export async function drawMask(source: ByteSource, mask: MaskPicture): Promise<MaskPictures | undefined> {
  const { size } = mask;
  let spans: ObjectSpans | undefined;
  // The image is decoded on another thread while the mask is drawn. Without a mask nothing is to be had of it, whatever becomes of it.
  const highlighted = highlight(source, (actual) => (isEqual(actual, size) ? spans : objectSpans(mask, actual)), decoded);
  highlighted.catch(() => undefined);
  spans = objectSpans(mask, size);
  if (spans === undefined) return undefined;
  const { box, image } = await maskPngs(spans, mask.detection.pixelBox, size);
  return { box, whole: image, highlighted: await highlighted };
}

function isEqual(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
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
  return (await plainPixels(source)) ?? rasterOf(await uprightOf(source), (picture) => picture);
}

async function cropped(source: ByteSource, box: Box): Promise<Raster> {
  const plain = await plainPixels(source);
  if (plain !== undefined) return partOf(plain, box);
  const upright = await uprightOf(source);
  assertWithin(box, upright.size);
  const { x, y, width, height } = box;
  return rasterOf(upright, (picture) => picture.extract({ left: x, top: y, width, height }));
}

/** The library lays the overlay on: its roundings are not ours to repeat. */
async function overlaid(source: ByteSource, image: ExportImage): Promise<Raster> {
  const upright = await uprightOf(source);
  const raw = { ...upright.size, channels: 4, premultiplied: true } as const;
  const overlay = await drawOverlay(overlaySvg(image), upright.size).catch((error: unknown) => {
    throw undecodable(error);
  });
  const input = Buffer.from(overlay.buffer, overlay.byteOffset, overlay.byteLength);
  return rasterOf(upright, (picture) => picture.composite([{ input, raw }]));
}

/** The pixels of a picture after some change. */
async function rasterOf({ picture, hasAlpha }: UprightPicture, change: (picture: Sharp) => Sharp): Promise<Raster> {
  try {
    const changed = change(picture).toColourspace('srgb');
    const opaque = hasAlpha ? changed.ensureAlpha() : changed.removeAlpha();
    const { data, info } = await opaque.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { data: ownBytes(data), size: { width: info.width, height: info.height }, channels: hasAlpha ? 4 : 3 };
  } catch (error) {
    throw undecodable(error);
  }
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

interface UprightPicture {
  picture: Sharp;
  size: Size;
  hasAlpha: boolean;
}

function assertWithin({ x, y, width, height }: Box, size: Size): void {
  if (width < 1 || height < 1 || x < 0 || y < 0 || x + width > size.width || y + height > size.height) throw outside();
}

function cutOut({ detection, threshold }: Extract<Drawing, { kind: 'cutOut' }>, pixels: Raster): Raster {
  const bitmap = maskBitmap(detection, pixels.size, threshold);
  if (bitmap === undefined) throw new InspectorError('unreadableImage', t('This object has no mask.'));
  const { data, size, channels } = partOf(pixels, bitmap.region);
  const shown = new Uint8Array(size.width * size.height * 4);
  for (const [place, isObject] of bitmap.data.entries()) {
    if (isObject === 0) continue;
    for (let channel = 0; channel < 3; channel++) shown[place * 4 + channel] = data[place * channels + channel] as number;
    shown[place * 4 + 3] = channels === 4 ? (data[place * 4 + 3] as number) : 255;
  }
  return { data: shown, size, channels: 4 };
}

function outside(): InspectorError {
  return unreadable(t('It does not hold the place of this object.'));
}
