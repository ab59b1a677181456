import { BodyBuilder } from './body.ts';
import type { ByteWindow } from './byteWindow.ts';
import type { Structure } from './structure.ts';

/** Chunks of pixels, colours and animation (RFC 9649). */
const KEPT = ['VP8 ', 'VP8L', 'ALPH', 'ICCP', 'ANIM', 'ANMF'];
/** Flags of the VP8X chunk that announce EXIF and XMP. */
const ANNOUNCES_METADATA = 0x08 | 0x04;
/** The file's own head: RIFF, its length, WEBP. */
const HEAD = 12;

/** Walks the chunks. EXIF, XMP, unknown chunks and whatever follows the end are left out. */
export async function webpStructure(window: ByteWindow): Promise<Structure> {
  const announced = (await window.view(4, 4))?.getUint32(0, true) ?? 0;
  if (announced + 8 > window.size) return { problem: 'truncated' };
  const kept = new BodyBuilder();
  let isUntouched = announced + 8 === window.size;
  for await (const { type, at, end } of chunks(window, HEAD, announced + 8)) {
    const flags = type === 'VP8X' ? ((await window.at(at + 8, 1))[0] ?? 0) : 0;
    if ((flags & ANNOUNCES_METADATA) !== 0) {
      isUntouched = false;
      const start = (await window.at(at, 9)).slice();
      start[8] = flags & ~ANNOUNCES_METADATA;
      kept.add(start);
      kept.keep(at + 9, end);
    } else if (type === 'VP8X' || KEPT.includes(type)) {
      kept.keep(at, end);
    } else {
      isUntouched = false;
    }
  }
  const bare = new BodyBuilder();
  if (isUntouched && kept.size + HEAD === window.size) {
    bare.keep(0, window.size);
    return { bare: bare.body() };
  }
  const head = (await window.at(0, HEAD)).slice();
  new DataView(head.buffer).setUint32(4, HEAD - 8 + kept.size, true);
  return { bare: { size: HEAD + kept.size, pieces: [head, ...kept.body().pieces] } };
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

async function* chunks(window: ByteWindow, from: number, to: number): AsyncGenerator<{ type: string; at: number; end: number }> {
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
