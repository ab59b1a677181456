import { sendPlan } from '../../core/request/sentSize.ts';
import type { ImageType } from '../formats/imageType.ts';
import { probe } from '../formats/probe.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';
import { needsPicture } from './needsPicture.ts';
import { render } from './render.ts';
import { soundStructureOf } from './soundStructure.ts';

/** What a page has to know to show an image. */
export interface ImageView {
  /** Pixels to show in place of the file's; unset where the page shows the file as it is meant to be shown. */
  picture?: { bytes: Uint8Array; mimeType: ImageType };
  /** Set when only a part of the picture can be seen. */
  problem?: 'truncated' | 'damaged';
}

/** Makes ready what a page shows: as much as can be seen. Heavy: meant for a worker. Rejects with `unreadableImage` when nothing can be. */
export async function view(source: ByteSource): Promise<ImageView> {
  const header = await probe(source);
  const { problem } = await soundStructureOf(header.mimeType, source);
  const found = problem === undefined ? {} : { problem };
  if (!needsPicture(header)) return found;
  const { bytes: pixels, mimeType } = await render(header, await readWhole(source), {
    plan: sendPlan(header, { maxDimension: 0 }),
    black: [],
    tolerant: true,
  });
  return { ...found, picture: { bytes: pixels, mimeType } };
}
