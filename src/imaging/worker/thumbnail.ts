import type { Size } from '../../core/base/geometry.ts';
import { type OutlinedImage, outlinesSvg } from '../../core/exports/svg.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import { touchedPixels } from '../../core/request/region.ts';
import { sendPlan } from '../../core/request/sentSize.ts';
import { probe } from '../formats/probe.ts';
import { render, undecodable } from '../pixels/render.ts';
import { ownBytes, wasmSharp } from '../pixels/sharpWasm.ts';
import { drawOverlay } from '../pixels/svgPixels.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';

/** The small picture of an image. */
export interface ThumbnailOptions {
  /** Pixels of its longer side. */
  side: number;
  /** What is covered, in fractions of the upright image. */
  redactions: readonly Box[];
  /** What is drawn over it, its outlines alone. */
  objects?: Omit<OutlinedImage, keyof Size>;
}

const QUALITY = 75;

/** Makes the small picture of an image, with outlines of its objects; as much as can be seen of one that is damaged. A WEBP. Heavy: meant for a worker. */
export async function thumbnail(source: ByteSource, { side, redactions, objects }: ThumbnailOptions): Promise<Uint8Array> {
  const header = await probe(source);
  const plan = sendPlan(header, { maxDimension: side });
  const black = redactions.map((area) => touchedPixels(area, plan.canvas)).filter(({ width, height }) => width > 0 && height > 0);
  const { bytes } = await render(header, await readWhole(source), { plan, black, tolerant: true });
  try {
    const sharp = await wasmSharp();
    const picture = sharp(bytes).resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
    const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const size = { width: info.width, height: info.height };
    const small = sharp(data, { raw: { ...size, channels: 4 } });
    const drawn = objects === undefined ? small : small.composite([await outlines({ ...objects, ...size }, size)]);
    return ownBytes(await drawn.webp({ quality: QUALITY }).toBuffer());
  } catch (error) {
    throw undecodable(error);
  }
}

async function outlines(image: OutlinedImage, size: Size) {
  const pixels = await drawOverlay(outlinesSvg(image), size);
  const input = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return { input, raw: { ...size, channels: 4 as const, premultiplied: true } };
}
