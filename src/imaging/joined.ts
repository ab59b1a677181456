/** The pieces of a file that are kept, put together; the file's own array if that is all of it. */
export function joined(bytes: Uint8Array, kept: readonly Uint8Array[]): Uint8Array {
  const length = kept.reduce((sum, piece) => sum + piece.length, 0);
  if (length === bytes.length && kept.every((piece) => piece.buffer === bytes.buffer)) return bytes;
  const result = new Uint8Array(length);
  let at = 0;
  for (const piece of kept) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}
