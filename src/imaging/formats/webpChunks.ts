import type { Size } from '../../core/base/geometry.ts';
import type { ByteWindow } from '../reading/byteWindow.ts';

/** The file's own head: RIFF, its length, WEBP. */
export const HEAD = 12;

/** A chunk, from its head to behind its padding. */
export interface Chunk {
  type: string;
  at: number;
  end: number;
}

/** The chunks between two places of a WEBP (RFC 9649). */
export async function* chunks(window: ByteWindow, from: number, to: number): AsyncGenerator<Chunk> {
  for (let at = from; at + 8 <= to; ) {
    const head = await window.view(at, 8);
    if (head === undefined) return;
    const type = String.fromCharCode(...[0, 1, 2, 3].map((place) => head.getUint8(place)));
    const length = head.getUint32(4, true);
    const end = Math.min(to, at + 8 + length + (length % 2));
    yield { type, at, end };
    at = end;
  }
}

/** True if the file says that its pictures are those in its frames. */
export async function isAnimated(window: ByteWindow): Promise<boolean> {
  const head = await window.at(HEAD, 9);
  return String.fromCharCode(...head.subarray(0, 4)) === 'VP8X' && ((head[8] ?? 0) & 0x02) !== 0;
}

/** The size by the pixels themselves (RFC 6386, 9.1; RFC 9649, 3.4): what a decoder makes of them, whatever the file says elsewhere. */
export async function pixelSize(window: ByteWindow, { type, at, end }: Chunk): Promise<Size | undefined> {
  const isLossless = type === 'VP8L';
  const head = await window.view(at + 8, isLossless ? 5 : 10);
  if (head === undefined || end - at < 8 + head.byteLength) return undefined;
  if (!isLossless) return { width: head.getUint16(6, true) & 0x3fff, height: head.getUint16(8, true) & 0x3fff };
  const bits = head.getUint32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Whether the first picture of a WEBP is stored without loss. */
export async function isLosslessWebp(window: ByteWindow): Promise<boolean> {
  for await (const { type, at, end } of chunks(window, HEAD, window.size)) {
    // A frame holds its chunks behind 24 bytes of its own.
    const inner: string[] = [];
    if (type === 'ANMF') for await (const chunk of chunks(window, at + 24, end)) inner.push(chunk.type);
    const pixels = type === 'ANMF' ? inner : [type];
    if (pixels.includes('VP8L')) return true;
    if (pixels.includes('VP8 ')) return false;
  }
  return false;
}
