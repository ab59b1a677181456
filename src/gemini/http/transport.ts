import { orderEvents } from './events.ts';
import { HttpError } from './httpError.ts';

/** An answer that is none of the API, with a name for what it is instead. */
export class InvalidResponse extends Error {
  readonly code: 'REDIRECTED' | 'NO_REPLY' | 'TOO_LONG';
  readonly #location: string | undefined;

  constructor(code: InvalidResponse['code'], location?: string) {
    super(code);
    this.code = code;
    this.#location = location;
  }

  /** Where a redirect would lead, if it said so. Not a member that a log would show: such an address may be as good as a key. */
  get location(): string | undefined {
    return this.#location;
  }
}

/** Bytes of an answer that are read at most: no model writes as much, and all of it is held in memory. */
export const LONGEST_REPLY = 64 * 1024 * 1024;
/** Bytes of a file that is read line by line and never held: what the API takes at most. */
export const LONGEST_DOWNLOAD = 20e9;
/** Bytes of an error that are read. */
export const LONGEST_ERROR = 1_000_000;

/**
 * The fetch that the SDK is given: it says what went wrong before the SDK, which would lose the headers of an error and stumble over a body
 * that is not what its type says. No body is read without end. Redirects are not followed, since the key and the image would go along to wherever they lead.
 */
export function createTransport(fetch: typeof globalThis.fetch, longest = LONGEST_REPLY): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' });
    const { status, headers } = response;
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400))
      throw new InvalidResponse('REDIRECTED', headers.get('location') ?? undefined);
    if (!response.ok) throw new HttpError({ status, body: await beginning(response), retryAfter: headers.get('retry-after') });
    if (headers.get('content-type')?.includes('text/html')) throw new InvalidResponse('NO_REPLY');
    const limited = withinLimit(response, longest);
    if (limited.body === null || !String(input instanceof Request ? input.url : input).includes('alt=sse')) return limited;
    return new Response(limited.body.pipeThrough(orderEvents()), { status, headers });
  };
}

/** The same answer with a body that breaks with a InvalidResponse where it becomes too long. */
export function withinLimit(response: Response, longest = LONGEST_REPLY): Response {
  const { body, status, statusText, headers } = response;
  return body === null ? response : new Response(body.pipeThrough(atMost(longest)), { status, statusText, headers });
}

/** The beginning of a body, as text: an error that is longer has nothing more to say. The rest is not fetched. */
async function beginning({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let left = LONGEST_ERROR;
  // Leaving the loop cancels the body.
  for await (const piece of body) {
    text += decoder.decode(piece.subarray(0, left), { stream: true });
    left -= piece.length;
    if (left <= 0) break;
  }
  return text + decoder.decode();
}

/** Lets so many bytes through, and breaks the stream with a InvalidResponse at the first one more. */
function atMost(bytes: number): TransformStream<Uint8Array, Uint8Array> {
  let left = bytes;
  return new TransformStream({
    transform(piece, controller) {
      left -= piece.length;
      if (left < 0) throw new InvalidResponse('TOO_LONG');
      controller.enqueue(piece);
    },
  });
}
