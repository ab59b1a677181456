import { probe } from '../formats/probe.ts';
import type { Raster } from '../png/raster.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';
import { readPlainJpeg } from './readJpeg.ts';
import { readPlainPng } from './readPng.ts';

/** The pixels of a PNG or JPEG of the usual kind, upright; undefined for all others. Rejects like `probe` and `structureOf`. */
export async function plainPixels(source: ByteSource): Promise<Raster | undefined> {
  const { mimeType } = await probe(source);
  if (mimeType === 'image/jpeg') return readPlainJpeg(source);
  return mimeType === 'image/png' ? readPlainPng(await readWhole(source)) : undefined;
}
