import { createHash } from 'node:crypto';
import { InspectorError, tooLarge, unreadable } from '../core/failure.ts';
import { type Affine, IDENTITY, type Size } from '../core/geometry.ts';
import { t } from '../core/l10n.ts';
import type { ByteSource } from './byteSource.ts';
import { type ImageType, NATIVE_TYPES } from './imageType.ts';
import { structuralProblem } from './integrity.ts';
import { probe } from './probe.ts';

/** An image made ready to be sent. */
export interface Prepared {
  /** The exact body. */
  bytes: Uint8Array;
  mimeType: ImageType;
  /** Of the body, as stored in it. */
  stored: Size;
  /** The whole picture, upright: what results refer to. */
  upright: Size;
  /** Leads from fractions of what is sent to fractions of the whole upright picture. */
  toImage: Affine;
  /** Of the source's bytes, hexadecimal. */
  sha256: string;
  /** Of the source. */
  sourceType: ImageType;
}

/**
 * Reads an image whole, makes sure that it is one and complete, and makes it ready to be sent.
 * For now the body is the file itself: nothing is turned, scaled or cut.
 * Rejects with `unreadableImage`, `unsupportedImage` or `tooLarge`.
 */
export async function prepare(source: ByteSource, limits: { mostBytes: number }): Promise<Prepared> {
  const header = await probe(source);
  if (!NATIVE_TYPES.includes(header.mimeType)) throw unsupported(header.mimeType);
  if (source.size > limits.mostBytes) throw tooLarge(source.size, limits.mostBytes);
  const bytes = await source.read(0, source.size);
  const problem = bytes.length < source.size ? 'truncated' : structuralProblem(header.mimeType, bytes);
  if (problem === 'truncated') throw unreadable(t('It ends before the image does: it is incomplete.'));
  if (problem === 'damaged') throw unreadable(t('It is damaged.'));
  return {
    bytes,
    mimeType: header.mimeType,
    stored: header.stored,
    upright: header.upright,
    toImage: IDENTITY,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sourceType: header.mimeType,
  };
}

function unsupported(type: ImageType): InspectorError {
  const kind = type.replace('image/', '').replace('+xml', '').toUpperCase();
  return new InspectorError('unsupportedImage', t('This kind of image cannot be sent: {0}.', kind), {
    detail: t('Convert it to PNG, JPEG, WEBP, HEIC or HEIF.'),
    actions: ['openLog'],
  });
}
