import { InspectorError, unreadable } from '../core/failure.ts';
import { t } from '../core/l10n.ts';

/** Bytes to be uploaded, read piece by piece. */
export interface UploadSource {
  /** In bytes. */
  readonly size: number;
  /** Up to `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Small enough to tell progress on slow lines, large enough not to be felt on fast ones. */
const PIECE = 256 * 1024;

/** A part of a source as the body of a request: a piece is read when the network asks for it, so that no more than a few lie in memory. */
export class ChunkBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Why the source could not be read, if so; fetch itself only says that it failed. */
  problem: InspectorError | undefined;

  /** @param onRead is told how many bytes of the part the network has taken */
  constructor(source: UploadSource, offset: number, length: number, onRead: (bytes: number) => void) {
    let taken = 0;
    this.stream = new ReadableStream(
      {
        pull: async (controller) => {
          onRead(taken);
          if (taken === length) return controller.close();
          const wanted = Math.min(PIECE, length - taken);
          const piece = await this.#read(source, offset + taken, wanted);
          taken += piece.length;
          controller.enqueue(piece);
        },
      },
      { highWaterMark: 0 },
    );
  }

  async #read(source: UploadSource, offset: number, length: number): Promise<Uint8Array> {
    try {
      const piece = await source.read(offset, length);
      if (piece.length !== length) throw unreadable(t('It changed while it was sent.'));
      return piece;
    } catch (error) {
      this.problem = error instanceof InspectorError ? error : unreadable(t('It could not be read.'), error);
      throw this.problem;
    }
  }
}
