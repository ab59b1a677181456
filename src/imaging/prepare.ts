import { createHash } from 'node:crypto';
import { tooLarge, unreadable } from '../core/failure.ts';
import { type Affine, IDENTITY, type Size } from '../core/geometry.ts';
import { t } from '../core/l10n.ts';
import { type ByteSource, readWhole } from './byteSource.ts';
import type { ImageType } from './imageType.ts';
import { structuralProblem } from './integrity.ts';
import { type ImageHeader, probe } from './probe.ts';
import { render } from './render.ts';
import { sentSize } from './sentSize.ts';
import { withoutMetadata } from './withoutMetadata.ts';

/** An image made ready to be sent. */
export interface Prepared {
  /** The exact body. */
  bytes: Uint8Array;
  mimeType: ImageType;
  /** Of the body, as stored in it: upright. */
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

export interface PrepareOptions {
  /** Of the body. */
  mostBytes: number;
  /** The longest side of what is sent, in pixels; 0 for as it is. */
  maxDimension: number;
}

/**
 * Makes an image ready to be sent: upright, in a type that the API takes, not larger than wished, and without metadata. The body is the file itself where
 * none of this asks for a change, and has its very pixels where only metadata goes. Heavy: meant for a worker.
 * Rejects with `unreadableImage` (also for a file that is incomplete), `unsupportedImage` or `tooLarge`.
 */
export async function prepare(source: ByteSource, { mostBytes, maxDimension }: PrepareOptions): Promise<Prepared> {
  const header = await probe(source);
  const bytes = await readWhole(source);
  assertWhole(header, source, bytes);
  const body = await bodyOf(header, bytes, maxDimension);
  if (body.bytes.length > mostBytes) throw tooLarge(body.bytes.length, mostBytes);
  return {
    bytes: body.bytes,
    mimeType: body.mimeType,
    stored: body.size,
    upright: header.upright,
    toImage: IDENTITY,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sourceType: header.mimeType,
  };
}

function assertWhole({ mimeType }: ImageHeader, source: ByteSource, bytes: Uint8Array): void {
  const problem = bytes.length < source.size ? 'truncated' : structuralProblem(mimeType, bytes);
  if (problem === 'truncated') throw unreadable(t('It ends before the image does: it is incomplete.'));
  if (problem === 'damaged') throw unreadable(t('It is damaged.'));
}

async function bodyOf(
  header: ImageHeader,
  bytes: Uint8Array,
  maxDimension: number,
): Promise<{ bytes: Uint8Array; mimeType: ImageType; size: Size }> {
  const size = sentSize(header, maxDimension);
  const keepsPixels = !header.turned && size === header.upright;
  const bare = keepsPixels ? withoutMetadata(header.mimeType, bytes) : undefined;
  return bare === undefined ? render(header, bytes, { size, tolerant: false }) : { bytes: bare, mimeType: header.mimeType, size };
}
