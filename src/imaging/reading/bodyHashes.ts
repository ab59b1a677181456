import type { BodyPiece } from './body.ts';
import type { ByteSource } from './byteSource.ts';
import { ByteWindow } from './byteWindow.ts';
import { BlockHashes } from './checkedSource.ts';

/** As of `BlockHashes`. */
export type Hashes = ReturnType<BlockHashes['digest']>;

/** Hashes pieces of their own and of the source, of which little is held at a time. `window`: through which the source is read. */
export async function hashesOfPieces(pieces: readonly BodyPiece[], source: ByteSource, window = new ByteWindow(source)): Promise<Hashes> {
  const hashes = new BlockHashes();
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) hashes.update(piece);
    else for await (const bytes of window.pieces(piece.offset, piece.offset + piece.length)) hashes.update(bytes);
  }
  return hashes.digest();
}
