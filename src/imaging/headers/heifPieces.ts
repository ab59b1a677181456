import { unfaithful } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { HeaderBytes } from '../reading/headerBytes.ts';
import { sniffImageType } from './imageType.ts';

/** Type, place and end of a box. */
export interface BoxPlace {
  type: string;
  start: number;
  payload: number;
  end: number;
}

/**
 * Boxes of the header of a HEIF or AVIF file, put together as a short `meta` box, wherever in the file they stand and however much there is
 * between them. Throws Error if there is no header, `unsupportedImage` if it is of another form, RangeError if the file ends before.
 */
export async function heifPieces(bytes: HeaderBytes, types: readonly string[]): Promise<Uint8Array> {
  const meta = await firstBox(bytes, 'meta');
  const pieces: BoxPlace[] = [];
  // Behind version and flags.
  for await (const box of boxesBetween(bytes, meta.payload + 4, meta.end)) {
    if (types.includes(box.type)) pieces.push(box);
    if (pieces.length === types.length) break;
  }
  const length = pieces.reduce((sum, { start, end }) => sum + end - start, 12);
  const result = new Uint8Array(length);
  new DataView(result.buffer).setUint32(0, length);
  result.set(
    [...'meta'].map((letter) => letter.charCodeAt(0)),
    4,
  );
  let at = 12;
  for (const { start, end } of pieces) {
    const { buffer, byteOffset, byteLength } = await bytes.at(start, end - start);
    result.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return result;
}

async function firstBox(bytes: HeaderBytes, type: string): Promise<BoxPlace> {
  const seen = new Set<string>();
  for await (const box of boxesBetween(bytes, 0, bytes.size)) {
    if (box.type === type) return box;
    seen.add(box.type);
  }
  const name = sniffImageType(bytes.head) === 'image/avif' ? 'AVIF' : 'HEIC';
  if (seen.has('mini')) throw unfaithful(name, t('it has the short header that is called mini'));
  if (seen.has('moov')) throw unfaithful(name, t('it is an animation without a still picture'));
  throw new Error(`no ${type} box`);
}

/** The boxes between two places, in their order. The last one may claim to reach beyond the end. */
export async function* boxesBetween(bytes: HeaderBytes, from: number, to: number): AsyncGenerator<BoxPlace> {
  for (let start = from; start + 8 <= to; ) {
    const box = await boxAt(bytes, start, to);
    yield box;
    start = box.end;
  }
}

async function boxAt(bytes: HeaderBytes, start: number, to: number): Promise<BoxPlace> {
  const head = await bytes.at(start, 8);
  const type = String.fromCharCode(...[4, 5, 6, 7].map((at) => head.getUint8(at)));
  const size = head.getUint32(0);
  // 0: up to the end, 1: the size follows in 8 bytes (ISO/IEC 14496-12).
  const [payload, length] = size === 1 ? [16, Number((await bytes.at(start + 8, 8)).getBigUint64(0))] : [8, size === 0 ? to - start : size];
  if (length < payload) throw new Error(`a ${type} box of ${length} bytes`);
  return { type, start, payload: start + payload, end: start + length };
}
