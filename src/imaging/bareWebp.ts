import { joined } from './joined.ts';

/** Chunks of pixels, colours and animation (RFC 9649). */
const KEPT = ['VP8 ', 'VP8L', 'ALPH', 'ICCP', 'ANIM', 'ANMF'];
/** Flags of the VP8X chunk that announce EXIF and XMP. */
const ANNOUNCES_METADATA = 0x08 | 0x04;

/** A WEBP without EXIF, XMP, unknown chunks and whatever follows its end. `bytes`: a whole WEBP without structural problems. */
export function bareWebp(bytes: Uint8Array): Uint8Array {
  const kept = chunks(bytes).flatMap(({ type, chunk }) => {
    if (type === 'VP8X') return announcingNothing(chunk);
    return KEPT.includes(type) ? chunk : [];
  });
  const bare = joined(bytes, [bytes.subarray(0, 12), ...kept]);
  if (bare !== bytes) new DataView(bare.buffer).setUint32(4, bare.length - 8, true);
  return bare;
}

/** Whether the first picture of a WEBP is stored without loss. */
export function isLosslessWebp(bytes: Uint8Array): boolean {
  for (const { type, chunk } of chunks(bytes)) {
    // A frame holds its chunks behind 16 bytes of its own.
    const pixels = type === 'ANMF' ? chunks(chunk, 24).map((inner) => inner.type) : [type];
    if (pixels.includes('VP8L')) return true;
    if (pixels.includes('VP8 ')) return false;
  }
  return false;
}

function chunks(bytes: Uint8Array, from = 12): { type: string; chunk: Uint8Array }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A file's length stands at 4, and so does that of a chunk.
  const end = Math.min(bytes.length, 8 + view.getUint32(4, true));
  const found: { type: string; chunk: Uint8Array }[] = [];
  for (let at = from; at + 8 <= end; ) {
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    const chunk = bytes.subarray(at, Math.min(end, at + 8 + length + (length % 2)));
    found.push({ type, chunk });
    at += chunk.length;
  }
  return found;
}

function announcingNothing(extended: Uint8Array): Uint8Array {
  const flags = extended[8] ?? 0;
  if ((flags & ANNOUNCES_METADATA) === 0) return extended;
  const changed = extended.slice();
  changed[8] = flags & ~ANNOUNCES_METADATA;
  return changed;
}
