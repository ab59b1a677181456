import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LONGEST_LINE, type ResultLine, resultLines } from '../../../../src/gemini/batches/resultLines.ts';
import { createTransport, LONGEST_DOWNLOAD, LONGEST_REPLY } from '../../../../src/gemini/http/transport.ts';

/** A body whose pieces are made when they are asked for. */
function bodyOf(pieces: Iterable<Uint8Array | string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = pieces[Symbol.iterator]();
  return new ReadableStream({
    pull: (controller) => {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(typeof value === 'string' ? Buffer.from(value) : value));
    },
  });
}

/** The lines of a body that comes in these pieces. */
async function linesOf(pieces: Iterable<Uint8Array | string>): Promise<ResultLine[]> {
  const body = bodyOf(pieces);
  const fetch = async () => new Response(body, { headers: { 'content-type': 'application/octet-stream' } });
  const access = {
    baseUrl: 'https://host',
    apiKey: 'k',
    transport: createTransport(fetch, LONGEST_DOWNLOAD),
    signal: new AbortController().signal,
  };
  const lines: ResultLine[] = [];
  for await (const some of resultLines(access, 'files/batch-1', 5000)) lines.push(...some);
  return lines;
}

test('lines are joined over pieces, whatever the pieces cut', async () => {
  const text = '{"key":"貓","n":1}\r\n\n  \n{"key":"🐈\u2028b"}\n';
  const bytes = Buffer.from(text);
  const expected = [{ text: '{"key":"貓","n":1}' }, { text: '{"key":"🐈\u2028b"}' }];
  for (let size = 1; size <= bytes.length; size++) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
    assert.deepEqual(await linesOf(pieces), expected, `pieces of ${size}`);
  }
  assert.deepEqual(await linesOf([]), []);
  assert.deepEqual(await linesOf(['a\nb', 'c']), [{ text: 'a' }, { problem: 'unended', text: 'bc' }]);
  assert.deepEqual(await linesOf(['lone']), [{ problem: 'unended', text: 'lone' }]);
});

test('a line that is too long is told by its beginning, and the next one is whole', async () => {
  const piece = Buffer.alloc(1024 * 1024, 'x');
  const pieces = function* () {
    yield '{"key":"long","response":"';
    for (let written = 0; written <= LONGEST_LINE; written += piece.length) yield piece;
    yield '"}\n{"key":"next"}\n';
  };
  const [long, next] = await linesOf(pieces());
  assert.equal(long?.problem, 'tooLong');
  assert.match(long?.text ?? '', /^\{"key":"long"/);
  assert.ok((long?.text.length ?? 0) < 10_000);
  assert.deepEqual(next, { text: '{"key":"next"}' });
});

test('a file that is longer than any reply is read with the memory of a few lines', async () => {
  const line = `${JSON.stringify({ key: 'k', response: 'x'.repeat(1024 * 1024) })}\n`;
  const count = Math.ceil((1.5 * LONGEST_REPLY) / line.length);
  let read = 0;
  const body = bodyOf(
    (function* () {
      for (let index = 0; index < count; index++) yield line;
    })(),
  );
  const transport = createTransport(async () => new Response(body), LONGEST_DOWNLOAD);
  const access = { baseUrl: 'https://host', apiKey: 'k', transport, signal: new AbortController().signal };
  let most = 0;
  for await (const lines of resultLines(access, 'files/batch-1', 5000)) {
    read += lines.length;
    most = Math.max(most, lines.length);
  }
  assert.equal(read, count);
  assert.ok(most <= 2);
});

test('the time that a reader takes is no stall', async () => {
  let signal: AbortSignal | null | undefined;
  const transport = createTransport(async (_, init) => {
    signal = init?.signal;
    return new Response(bodyOf(['a\n', 'b\n']));
  });
  const access = { baseUrl: 'https://host', apiKey: 'k', transport, signal: new AbortController().signal };
  for await (const _ of resultLines(access, 'files/batch-1', 200)) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(signal?.aborted, false);
  }
});
