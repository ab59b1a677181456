import { setImmediate } from 'node:timers/promises';
import { type Affine, IDENTITY, type Size } from '../../core/base/geometry.ts';
import type { Box } from '../../core/inspection/inspection.ts';
import { fromPart, touchedPixels } from '../../core/request/region.ts';
import { isWhole, type SendPlan, type SizeOptions, sendPlan } from '../../core/request/sentSize.ts';
import { type Body, isWholeFile } from '../reading/body.ts';
import { type Hashes, hashesOfPieces } from '../reading/bodyHashes.ts';
import { type ByteSource, heldSource } from '../reading/byteSource.ts';
import { ByteWindow } from '../reading/byteWindow.ts';
import { BlockHashes } from '../reading/checkedSource.ts';
import type { ImageType } from './imageType.ts';
import { type ImageHeader, probe } from './probe.ts';
import { structureOf } from './structure.ts';

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
  /** All bytes of the source, where they are in memory anyway and the body is made of them. */
  held?: Uint8Array;
}

export interface PrepareOptions extends SizeOptions {
  /** Of the body; without a limit if unset. */
  mostBytes?: number;
  /** What is blacked out in what is sent, in fractions of the upright image. */
  redactions?: readonly Box[];
}

/** What is to be made of an image, as its header and the wishes say. */
export interface PreparePlan {
  header: ImageHeader;
  wishes: PrepareOptions;
  plan: SendPlan;
  /** What is blacked out, in whole pixels of the plan's canvas. */
  black: Box[];
  /** True if the pixels stay as they are stored. */
  keepsPixels: boolean;
}

/** Reads no more than the header. Rejects like `prepare`. */
export async function preparePlan(source: ByteSource, wishes: PrepareOptions): Promise<PreparePlan> {
  const header = await probe(source);
  const plan = sendPlan(header, wishes);
  const black = (wishes.redactions ?? [])
    .map((area) => touchedPixels(area, plan.canvas))
    .filter(({ width, height }) => width > 0 && height > 0);
  return { header, wishes, plan, black, keepsPixels: !header.turned && isWhole(plan) && black.length === 0 };
}

/** A body, with all that a request and its result have to know of it. `whole`: the hashes of the source; `window`: through which it is read. */
export async function preparedOf(
  { header, wishes: { region }, plan }: PreparePlan,
  { body, mimeType, size }: { body: Body; mimeType: ImageType; size: Size },
  source: ByteSource,
  whole: Hashes,
  window = new ByteWindow(source),
): Promise<Prepared> {
  const sent = isWholeFile(body, source.size) ? whole : await hashesOfPieces(body.pieces, source, window);
  return {
    body,
    bodySha256: sent.sha256,
    bodyBlocks: sent.blocks,
    mimeType,
    stored: size,
    upright: header.upright,
    ...partOf(plan, region),
    sha256: whole.sha256,
    sourceType: header.mimeType,
  };
}

function partOf({ canvas, cut }: SendPlan, region: Box | undefined): Pick<Prepared, 'toImage' | 'region'> {
  if (region === undefined) return { toImage: IDENTITY };
  const toImage = fromPart(cut, canvas);
  return { toImage, region: { x: toImage.e, y: toImage.f, width: toImage.a, height: toImage.d } };
}

/** Of a file, in bytes: more would keep the thread that looks at it from other work, or the user waiting, for longer than another thread takes to start. */
const MOST_AT_ONCE = 4e6;
/** Pieces of a body: of more than files have the hashes would take long. */
const MOST_PIECES = 1000;
const AT_ONCE: readonly ImageType[] = ['image/png', 'image/jpeg'];

/**
 * What `prepare` makes of a small PNG or JPEG of which nothing but metadata goes, without a thread of its own: other work has its turn every few
 * milliseconds. Undefined for all else, and for whatever is odd about the file: what is refused, and how, `prepare` alone decides.
 */
export async function preparedAtOnce(file: ByteSource, wishes: PrepareOptions, signal?: AbortSignal): Promise<Prepared | undefined> {
  if (file.size > MOST_AT_ONCE) return undefined;
  const hashes = new BlockHashes();
  const source = heldSource(file, (bytes) => hashes.update(bytes));
  const plan = await preparePlan(source, wishes);
  const { mimeType } = plan.header;
  if (!plan.keepsPixels || !AT_ONCE.includes(mimeType)) return undefined;
  const window = () => new ByteWindow(source, setImmediate);
  const { bare: body, mended } = await structureOf(mimeType, source, window());
  if (body === undefined || mended !== undefined || body.pieces.length > MOST_PIECES) return undefined;
  if (wishes.mostBytes !== undefined && body.size > wishes.mostBytes) return undefined;
  const held = await source.read(0, source.size);
  const whole = hashes.digest();
  signal?.throwIfAborted();
  return { ...(await preparedOf(plan, { body, mimeType, size: plan.plan.size }, source, whole, window())), held };
}
