import { createHash } from 'node:crypto';
import { tooLarge, unreadable } from '../core/failure.ts';
import { type Affine, IDENTITY, type Size } from '../core/geometry.ts';
import { t } from '../core/l10n.ts';
import { type Body, bodySource, isWholeFile, memoryBody } from './body.ts';
import { type ByteSource, readWhole } from './byteSource.ts';
import { ByteWindow } from './byteWindow.ts';
import type { ImageType } from './imageType.ts';
import { type ImageHeader, probe } from './probe.ts';
import { render } from './render.ts';
import { sentSize } from './sentSize.ts';
import { type Structure, structureOf } from './structure.ts';

/** An image made ready to be sent. */
export interface Prepared {
  /** The exact body; `bodySource` reads it. */
  body: Body;
  /** Of the exact body, hexadecimal. */
  bodySha256: string;
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
  /** Of the body; without a limit if unset. */
  mostBytes?: number;
  /** The longest side of what is sent, in pixels; 0 for as it is. */
  maxDimension: number;
}

/**
 * Makes an image ready to be sent: upright, in a type that the API takes, not larger than wished, and without metadata. The body is the file itself where
 * none of this asks for a change, and has its very pixels where only metadata goes: then it is never in memory as a whole. Heavy: meant for a worker.
 * Rejects with `unreadableImage` (also for a file that is incomplete), `unsupportedImage` or `tooLarge`.
 */
export async function prepare(source: ByteSource, { mostBytes, maxDimension }: PrepareOptions): Promise<Prepared> {
  const header = await probe(source);
  const structure = await structureOf(header.mimeType, source);
  assertWhole(structure);
  const { body, mimeType, size } = await bodyOf(header, structure, source, maxDimension);
  if (mostBytes !== undefined && body.size > mostBytes) throw tooLarge(body.size, mostBytes);
  const sha256 = await sha256Of(source);
  return {
    body,
    bodySha256: isWholeFile(body, source.size) ? sha256 : await sha256Of(bodySource(body, source)),
    mimeType,
    stored: size,
    upright: header.upright,
    toImage: IDENTITY,
    sha256,
    sourceType: header.mimeType,
  };
}

function assertWhole({ problem }: Structure): void {
  if (problem === 'truncated') throw unreadable(t('It ends before the image does: it is incomplete.'));
  if (problem === 'damaged') throw unreadable(t('It is damaged.'));
}

async function bodyOf(
  header: ImageHeader,
  { bare }: Structure,
  source: ByteSource,
  maxDimension: number,
): Promise<{ body: Body; mimeType: ImageType; size: Size }> {
  const size = sentSize(header, maxDimension);
  const keepsPixels = !header.turned && size === header.upright;
  if (keepsPixels && bare !== undefined) return { body: bare, mimeType: header.mimeType, size };
  const file = await readWhole(source);
  if (file.length < source.size) throw unreadable(t('It ends before the image does: it is incomplete.'));
  const { bytes, ...rendered } = await render(header, file, { size, tolerant: false });
  return { body: memoryBody(bytes), ...rendered };
}

async function sha256Of(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of new ByteWindow(source).pieces(0, source.size)) hash.update(piece);
  return hash.digest('hex');
}
