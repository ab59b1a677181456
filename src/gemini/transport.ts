import { orderEvents } from './events.ts';
import { Refusal } from './refusal.ts';

/** An answer that is none of the API, with a name for what it is instead. */
export class NoReply extends Error {
  readonly code: 'REDIRECTED' | 'NO_REPLY';

  constructor(code: 'REDIRECTED' | 'NO_REPLY') {
    super(code);
    this.code = code;
  }
}

/**
 * The fetch that the SDK is given: it says what went wrong before the SDK, which would lose the headers of an error and stumble over a body
 * that is not what its type says. Redirects are not followed, since the key and the image would go along to wherever they lead.
 */
export function createTransport(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' });
    const { status, headers, body } = response;
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) throw new NoReply('REDIRECTED');
    if (!response.ok) throw new Refusal({ status, body: await response.text(), retryAfter: headers.get('retry-after') });
    if (headers.get('content-type')?.includes('text/html')) throw new NoReply('NO_REPLY');
    if (body === null || !String(input instanceof Request ? input.url : input).includes('alt=sse')) return response;
    return new Response(body.pipeThrough(orderEvents()), { status, headers });
  };
}
