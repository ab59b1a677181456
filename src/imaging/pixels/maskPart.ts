import { encode } from 'fast-png';
import type { Size } from '../../core/base/geometry.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import { isPng } from '../../core/masks/boundedPng.ts';
import { cutMask, hasShapeOf } from '../../core/masks/cutMask.ts';
import { readMask } from '../../core/masks/mask.ts';
import { type ByteSource, memorySource, readWhole } from '../reading/byteSource.ts';
import { draw } from './draw.ts';

/** Which part of a mask is wanted. */
export interface MaskPartOptions {
  /** In fractions of the mask. */
  box: Box;
  /** Of the picture that the mask is of, in pixels. */
  picture: Size;
}

/** A part of a mask as a PNG of one grey channel; or why there is none: it shows another picture, or nothing at all. */
export type MaskPart = (Size & { png: Uint8Array }) | 'otherShape' | 'empty';

/** Cuts a part out of a mask in a picture of any type that can be decoded. Heavy: meant for a worker. Rejects where it cannot be decoded. */
export async function maskPart(source: ByteSource, { box, picture }: MaskPartOptions): Promise<MaskPart> {
  const bytes = await readWhole(source);
  const mask = readMask(isPng(bytes) ? bytes : await draw(memorySource(bytes), { kind: 'whole' }));
  if (!hasShapeOf(mask, picture)) return 'otherShape';
  const { width, height, data } = cutMask(mask, box);
  if (data.every((value) => value === 0)) return 'empty';
  return { width, height, png: encode({ width, height, data, depth: 8, channels: 1 }) };
}
