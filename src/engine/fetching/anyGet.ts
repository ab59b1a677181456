import { REQUEST_HEADERS, type WebGet } from './webReply.ts';

/** Fetches from any server, as `fetch` finds its way: that of VS Code goes through its proxy and knows its certificates. */
export function anyGet(fetch: typeof globalThis.fetch): WebGet {
  return async (address, signal) => {
    const { status, headers, body } = await fetch(address, {
      redirect: 'manual',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      headers: REQUEST_HEADERS,
      signal,
    });
    return {
      status,
      header: (name) => headers.get(name) ?? undefined,
      body: chunksOf(body),
      close: () => void body?.cancel().catch(() => undefined),
    };
  };
}

async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}
