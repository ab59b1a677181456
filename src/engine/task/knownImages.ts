import type { Prepared } from '../../imaging/formats/prepared.ts';
import type { ByteSource } from '../../imaging/reading/byteSource.ts';

/** Images that are remembered; the one that was not asked for the longest goes first. */
const MOST = 200;
/** Bytes of a body that may be its own, beside those of the file: a header without metadata, not pixels. */
const MOST_OWN = 64 * 1024;

/**
 * What preparing came to for files as they stood, so that a file that is sent again need not be read before. Only of bodies whose bytes are the file's own:
 * these are checked against their hashes while they go out, whatever a file system says of the last change. The bytes themselves are not kept.
 */
export class KnownImages {
  readonly #known = new Map<string, Prepared>();

  /** What is remembered, else what `prepare` makes. `wishes`: all that it depends on besides the file. */
  async prepared(source: ByteSource, wishes: unknown, prepare: () => Promise<Prepared>): Promise<Prepared> {
    const key = keyOf(source, wishes);
    const known = key === undefined ? undefined : this.#known.get(key);
    const prepared = known ?? (await prepare());
    if (key === undefined || !isOfFile(prepared)) return prepared;
    const { held: _held, ...kept } = prepared;
    this.#known.delete(key);
    this.#known.set(key, kept);
    for (const oldest of [...this.#known.keys()].slice(0, -MOST)) this.#known.delete(oldest);
    return prepared;
  }

  /** For a file that turns out to be another than its file system says. */
  forget(source: ByteSource, wishes: unknown): void {
    const key = keyOf(source, wishes);
    if (key !== undefined) this.#known.delete(key);
  }
}

function keyOf({ stamp }: ByteSource, wishes: unknown): string | undefined {
  return stamp === undefined ? undefined : JSON.stringify([stamp, wishes]);
}

function isOfFile({ body: { pieces } }: Prepared): boolean {
  const own = pieces.reduce((sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : 0), 0);
  return own <= MOST_OWN && pieces.some((piece) => !(piece instanceof Uint8Array));
}
