import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { FILE_NAME } from '../files/remoteFile.ts';
import type { FilesAccess } from '../files/remoteFiles.ts';
import { addressAt } from '../http/addressAt.ts';
import { HttpError } from '../http/httpError.ts';
import { stalled, Timeout } from '../http/timeout.ts';
import { InvalidResponse } from '../http/transport.ts';

/** A line of a file, without its end. */
export interface ResultLine {
  /** The line; of one that is too long, its beginning. */
  text: string;
  /** `unended`: the last one, and no end of line follows: it may have been cut. */
  problem?: 'unended' | 'tooLong';
}

/** Bytes of a line that are held: an answer of the most tokens that a model writes is a small part of that. */
export const LONGEST_LINE = 16 * 1024 * 1024;
/** Bytes of a longer one that are told. */
const TOLD_OF_LONG = 4096;
/** Google leads from one address to another, but not for ever. */
const MOST_REDIRECTS = 3;

/**
 * The lines of a file of results as they come, those of a piece of the network at a time; empty ones are left out. No more than a line and a piece is held.
 * Rejects with `notFound` where the file is no longer there.
 * @param access its transport must let long bodies through
 * @param stall milliseconds without a byte after which the connection is taken for broken
 */
export async function* resultLines(access: FilesAccess, file: string, stall: number): AsyncGenerator<ResultLine[], void, void> {
  using timeout = new Timeout(access.signal, stall, stalled);
  try {
    const { body } = await opened({ ...access, signal: timeout.signal }, file);
    if (body === null) return;
    const splitter = new LineSplitter();
    for await (const piece of body) {
      const lines = splitter.add(piece);
      // Whoever takes the lines may take its time.
      timeout.stop();
      if (lines.length > 0) yield lines;
      timeout.restart();
    }
    timeout.stop();
    yield splitter.rest();
  } catch (error) {
    timeout.rethrow(error);
  }
}

/** At the address of the SDK; where the API does not take that, at the one of the documentation. */
async function opened(access: FilesAccess, file: string): Promise<Response> {
  if (!FILE_NAME.test(file)) throw new Error(`not the name of a file: ${file}`);
  try {
    return await followed(access, `/v1beta/${file}:download?alt=media`).catch((error: unknown) => {
      if (!isRefusedName(error)) throw error;
      return followed(access, `/download/v1beta/${file}:download?alt=media`);
    });
  } catch (error) {
    if (!isRefusedName(error) || !/\bfile|not found/i.test(error.refused.body)) throw error;
    throw new InspectorError('notFound', t('The results of the batch no longer exist.'), { actions: ['openLog'], cause: error });
  }
}

/** Of a file that is gone, or that cannot be had there. */
function isRefusedName(error: unknown): error is HttpError {
  return error instanceof HttpError && [400, 403, 404].includes(error.refused.status);
}

/** The answer of an address, or of where it leads to. */
async function followed({ baseUrl, apiKey, transport, signal }: FilesAccess, path: string): Promise<Response> {
  let address = baseUrl + path;
  for (let redirects = 0; ; redirects++) {
    try {
      return await transport(address, { headers: { 'x-goog-api-key': apiKey }, signal });
    } catch (error) {
      if (!(error instanceof InvalidResponse) || error.location === undefined || redirects === MOST_REDIRECTS) throw error;
      address = addressAt(new URL(error.location, address).href, baseUrl);
    }
  }
}

/** Cuts bytes that come in pieces at the ends of lines. */
class LineSplitter {
  #pieces: Uint8Array[] = [];
  /** Of the line so far. */
  #bytes = 0;

  /** The lines that end in this piece. */
  add(piece: Uint8Array): ResultLine[] {
    const lines: ResultLine[] = [];
    let from = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, from)) {
      this.#hold(piece.subarray(from, end));
      lines.push(...this.#taken());
      from = end + 1;
    }
    this.#hold(piece.subarray(from));
    return lines;
  }

  /** What is left without an end. */
  rest(): ResultLine[] {
    return this.#taken().map((line) => ({ problem: 'unended', ...line }));
  }

  #hold(bytes: Uint8Array): void {
    if (this.#bytes <= LONGEST_LINE && bytes.length > 0) this.#pieces.push(bytes);
    this.#bytes += bytes.length;
  }

  #taken(): ResultLine[] {
    const isTooLong = this.#bytes > LONGEST_LINE;
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    if (isTooLong) return [{ text: bytes.toString('utf8', 0, TOLD_OF_LONG), problem: 'tooLong' }];
    const text = bytes.toString('utf8').trim();
    return text === '' ? [] : [{ text }];
  }
}

const LINE_FEED = 10;
