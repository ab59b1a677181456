import { tooLarge, unreadable } from '../../core/base/failure.ts';
import { type Affine, IDENTITY, type Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import { fromPart, touchedPixels } from '../../core/request/region.ts';
import { isWhole, type SendPlan, type SizeOptions, sendPlan } from '../../core/request/sentSize.ts';
import type { ImageType } from '../formats/imageType.ts';
import { type ImageHeader, probe } from '../formats/probe.ts';
import type { Structure } from '../formats/scan.ts';
import { type Body, type BodyPiece, bodySource, isWholeFile, memoryBody } from '../reading/body.ts';
import { assertReadable, type ByteSource, heldSource, readWhole } from '../reading/byteSource.ts';
import { ByteWindow } from '../reading/byteWindow.ts';
import { BlockHashes } from '../reading/checkedSource.ts';
import { render } from './render.ts';
import { soundStructureOf } from './soundStructure.ts';

/** An image made ready to be sent. */
export interface Prepared {
  /** The exact body; `bodySource` reads it. */
  body: Body;
  /** Of the exact body, hexadecimal. */
  bodySha256: string;
  /** The hashes of its blocks, for `checkedSource`. */
  bodyBlocks: Uint8Array;
  mimeType: ImageType;
  /** Of the body, as stored in it: upright. */
  stored: Size;
  /** The whole picture, upright: what results refer to. */
  upright: Size;
  /** Leads from fractions of what is sent to fractions of the whole upright picture. */
  toImage: Affine;
  /** The part of the upright picture that is sent, exactly, in its fractions; unset for all of it. */
  region?: Box;
  /** Of the source's bytes, hexadecimal. */
  sha256: string;
  /** Of the source. */
  sourceType: ImageType;
}

export interface PrepareOptions extends SizeOptions {
  /** Of the body; without a limit if unset. */
  mostBytes?: number;
  /** What is blacked out in what is sent, in fractions of the upright image. */
  redactions?: readonly Box[];
}

/** Files of so many bytes are held while they are made ready, so that they are read once. The API looks at none that is larger. */
const MOST_HELD = 40e6;

/**
 * Makes an image ready to be sent: upright, in a type that the API takes, not more and not larger than wished, and without metadata. The body is the file
 * itself where none of this asks for a change, and has its very pixels where only metadata goes: then a large file is never in memory as a whole. Of what is
 * blacked out or cut away nothing is left in it. Heavy: meant for a worker.
 * Rejects with `unreadableImage` (also for a file that is incomplete), `unsupportedImage` or `tooLarge`.
 */
export async function prepare(file: ByteSource, { mostBytes, redactions = [], ...part }: PrepareOptions): Promise<Prepared> {
  assertReadable(file);
  const header = await probe(file);
  const plan = sendPlan(header, part);
  const black = redactions.map((area) => touchedPixels(area, plan.canvas)).filter(({ width, height }) => width > 0 && height > 0);
  const keepsPixels = !header.turned && isWhole(plan) && black.length === 0;
  const source = keepsPixels && file.size > MOST_HELD ? file : heldSource(file);
  const structure = await soundStructureOf(header.mimeType, source);
  assertWhole(structure);
  const { body, mimeType, size } =
    keepsPixels && structure.bare !== undefined
      ? { body: structure.bare, mimeType: header.mimeType, size: plan.size }
      : await renderedBody(header, structure, source, { plan, black });
  if (mostBytes !== undefined && body.size > mostBytes) throw tooLarge(body.size, mostBytes);
  const whole = await hashesOf([{ offset: 0, length: source.size }], source);
  const sent = isWholeFile(body, source.size) ? whole : await hashesOf(body.pieces, source);
  return {
    body,
    bodySha256: sent.sha256,
    bodyBlocks: sent.blocks,
    mimeType,
    stored: size,
    upright: header.upright,
    ...partOf(plan, part),
    sha256: whole.sha256,
    sourceType: header.mimeType,
  };
}

function assertWhole({ problem }: Structure): void {
  if (problem === 'truncated') throw unreadable(t('It ends before the image does: it is incomplete.'));
  if (problem === 'damaged') throw unreadable(t('It is damaged.'));
}

async function renderedBody(
  header: ImageHeader,
  { mended }: Structure,
  source: ByteSource,
  { plan, black }: { plan: SendPlan; black: readonly Box[] },
): Promise<{ body: Body; mimeType: ImageType; size: Size }> {
  const sound = mended === undefined ? source : bodySource(mended.body, source);
  const file = await readWhole(sound);
  if (file.length < sound.size) throw unreadable(t('It ends before the image does: it is incomplete.'));
  const { bytes, ...rendered } = await render(header, file, { plan, black, tolerant: false });
  return { body: memoryBody(bytes), ...rendered };
}

function partOf({ canvas, cut }: SendPlan, { region }: SizeOptions): Pick<Prepared, 'toImage' | 'region'> {
  if (region === undefined) return { toImage: IDENTITY };
  const toImage = fromPart(cut, canvas);
  return { toImage, region: { x: toImage.e, y: toImage.f, width: toImage.a, height: toImage.d } };
}

async function hashesOf(pieces: readonly BodyPiece[], source: ByteSource): Promise<{ sha256: string; blocks: Uint8Array }> {
  const hash = new BlockHashes();
  const window = new ByteWindow(source);
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) hash.update(piece);
    else for await (const bytes of window.pieces(piece.offset, piece.offset + piece.length)) hash.update(bytes);
  }
  return hash.digest();
}
