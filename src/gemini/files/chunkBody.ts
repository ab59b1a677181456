import { changed, InspectorError, unreadable } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { PartHash, SentHash, UploadSource } from './sentHash.ts';

/** Small enough to tell progress on slow lines, large enough not to be felt on fast ones. */
const PIECE = 256 * 1024;

/** A part of a source as the body of a request: a piece is read when the network asks for it, so that no more than a few lie in memory. */
export class ChunkBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Why the source could not be read, if so; fetch itself only says that it failed. */
  problem: InspectorError | undefined;

  /**
   * The last piece of a source is let go only if all of it is what was meant: what is whole is final.
   * @param sent holds what has gone out before, and is updated with what does
   * @param sha256 of the whole source, hexadecimal
   * @param onRead called with how many bytes of the part the network has taken
   */
  constructor(
    { body: source, sha256 }: { body: UploadSource; sha256: string },
    { offset, length }: { offset: number; length: number },
    sent: SentHash,
    onRead: (bytes: number) => void,
  ) {
    let taken = 0;
    let part: PartHash | undefined;
    this.stream = new ReadableStream(
      {
        pull: async (controller) => {
          onRead(taken);
          if (taken === length) return controller.close();
          const wanted = Math.min(PIECE, length - taken);
          const piece = await this.#read(async () => {
            part ??= await sent.begin(offset);
            const bytes = await source.read(offset + taken, wanted);
            if (bytes.length !== wanted) throw changed();
            part.add(bytes);
            if (!part.mayEnd(sha256)) throw changed();
            return bytes;
          });
          taken += piece.length;
          controller.enqueue(piece);
        },
      },
      { highWaterMark: 0 },
    );
  }

  async #read(piece: () => Promise<Uint8Array>): Promise<Uint8Array> {
    try {
      return await piece();
    } catch (error) {
      this.problem = error instanceof InspectorError ? error : unreadable(t('It could not be read.'), error);
      throw this.problem;
    }
  }
}
