import type { HeaderBytes } from './headerBytes.ts';

/** Type, place and end of a box. */
interface BoxPlace {
  type: string;
  start: number;
  payload: number;
  end: number;
}

/**
 * The parts of a HEIF or AVIF file that tell its size, put together as a short `meta` box, wherever in the file they stand and however much there is
 * between them. Throws Error if one is missing, RangeError if the file ends before.
 */
export async function heifPieces(bytes: HeaderBytes): Promise<Uint8Array> {
  const meta = await findBox(bytes, 0, bytes.size, 'meta');
  const inside = meta.payload + 4; // version and flags
  const pieces = [await findBox(bytes, inside, meta.end, 'pitm'), await findBox(bytes, inside, meta.end, 'iprp')];
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

async function findBox(bytes: HeaderBytes, from: number, to: number, type: string): Promise<BoxPlace> {
  for (let start = from; start + 8 <= to; ) {
    const box = await boxAt(bytes, start, to);
    if (box.type === type) return box;
    start = box.end;
  }
  throw new Error(`no ${type} box`);
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
