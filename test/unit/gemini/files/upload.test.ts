import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { createGemini } from '../../../../src/gemini/api/gemini.ts';
import type { RemoteFile } from '../../../../src/gemini/files/remoteFile.ts';
import type { FilesAccess } from '../../../../src/gemini/files/remoteFiles.ts';
import type { UploadSource } from '../../../../src/gemini/files/sentHash.ts';
import { type UploadTiming, upload } from '../../../../src/gemini/files/upload.ts';
import { HttpError } from '../../../../src/gemini/http/httpError.ts';
import { createTransport, InvalidResponse } from '../../../../src/gemini/http/transport.ts';
import * as errors from '../../../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import type { ReceivedRequest } from '../../../fakes/receivedRequest.ts';
import { GRANULARITY } from '../../../fakes/uploads.ts';

const SIZE = 2 * GRANULARITY + 1_000_003;
const BYTES = Buffer.alloc(SIZE, 'The bytes of a picture, over and over. ');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');

let server: GeminiServer;
before(async () => {
  server = await startGeminiServer();
});
afterEach(() => {
  const violations = [...server.violations];
  server.reset();
  assert.deepEqual(violations, []);
});
after(() => server.close());

const source = (bytes: Uint8Array = BYTES): UploadSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});

interface Course {
  body?: UploadSource;
  displayName?: string;
  baseUrl?: string;
  signal?: AbortSignal;
  stall?: number;
  onPause?: () => void;
  fetch?: typeof globalThis.fetch;
  onProgress?: (bytes: number) => void;
}

/** Uploads, and notes how long it waited between attempts. */
async function uploaded(course: Course = {}): Promise<{ file: RemoteFile; waits: number[]; progress: number[] }> {
  const waits: number[] = [];
  const progress: number[] = [];
  const access: FilesAccess = {
    baseUrl: course.baseUrl ?? server.url,
    apiKey: 'test-key',
    transport: createTransport(course.fetch ?? globalThis.fetch),
    signal: course.signal ?? new AbortController().signal,
  };
  const timing: UploadTiming = {
    stall: course.stall ?? 5000,
    pause: async (milliseconds, signal) => {
      signal.throwIfAborted();
      waits.push(milliseconds);
      course.onPause?.();
    },
    random: () => 0,
  };
  const content = { body: course.body ?? source(), mimeType: 'image/png', displayName: course.displayName ?? 'cat.png', sha256: SHA256 };
  const file = await upload(access, content, timing, (bytes) => {
    progress.push(bytes);
    course.onProgress?.(bytes);
  });
  return { file, waits, progress };
}

/** Command and offset of each request to the address of an upload. */
const pieces = () =>
  server.requests
    .filter(({ endpoint }) => endpoint === 'continueUpload')
    .map(({ headers }) =>
      [headers['x-goog-upload-command'], ...(headers['x-goog-upload-offset'] ? [headers['x-goog-upload-offset']] : [])].join(' '),
    );

/** The stand-in has the file, whole and once. */
function assertArrived({ name, sha256, state, bytes }: RemoteFile): void {
  assert.deepEqual([sha256, state, bytes], [SHA256, 'ACTIVE', SIZE]);
  assert.deepEqual(
    server.files.all('test-key').map((file) => [file.name, file.sha256]),
    [[name, SHA256]],
  );
}

const ALL = ['upload 0', `upload ${GRANULARITY}`, `upload, finalize ${2 * GRANULARITY}`];

test('a file goes up in pieces of 8 MiB, the key in a header, and is described', async () => {
  const before = Date.now();
  const { file, waits } = await uploaded();
  assertArrived(file);
  assert.deepEqual(pieces(), ALL);
  assert.deepEqual(waits, []);
  assert.match(file.uri, /^https:\/\/generativelanguage\.googleapis\.com\/v1beta\/files\//);
  assert.deepEqual([file.displayName, file.mimeType], ['cat.png', 'image/png']);
  assert.ok((file.expiresAt ?? 0) >= before + 47 * 3600e3);
  for (const { headers, query } of server.requests) {
    assert.equal(headers['x-goog-api-key'], 'test-key');
    assert.equal(headers['transfer-encoding'], undefined);
    assert.doesNotMatch(query.toString(), /test-key/);
  }
});

test('a name in any script arrives as it is, one that is too long is cut, and half a character does no harm', async () => {
  for (const [name, expected] of [
    ['貓咪 🐈 кошка.png', '貓咪 🐈 кошка.png'],
    ['x'.repeat(600), 'x'.repeat(256)],
    ['a\ud83d.png', 'a\ufffd.png'],
  ] as const) {
    const { file } = await uploaded({ displayName: name, body: source() });
    assert.equal(file.displayName, expected);
  }
});

test('progress tells bytes within a piece, up to all', async () => {
  const { progress } = await uploaded();
  assert.equal(progress.at(-1), SIZE);
  assert.ok(progress.some((bytes) => bytes > 0 && bytes < GRANULARITY));
  assert.deepEqual(
    progress,
    progress.toSorted((a, b) => a - b),
  );
});

for (const [name, at, offset] of [
  ['in the first piece', 3_000_000, 3_000_000],
  ['in the middle', GRANULARITY + 5_000_001, GRANULARITY + 5_000_001],
  ['in the last piece', SIZE - 1, SIZE - 1],
] as const) {
  test(`a connection that is reset ${name} is taken up where the server stands`, async () => {
    server.breakUploads({ kind: 'reset', at });
    const { file, waits } = await uploaded();
    assertArrived(file);
    assert.deepEqual(waits, [1000]);
    const asked = pieces().indexOf('query');
    assert.equal(pieces()[asked + 1]?.replace(', finalize', ''), `upload ${offset}`);
  });
}

test('a server that stops reading is given up after a while, and the upload resumed', async () => {
  server.breakUploads({ kind: 'stall', at: GRANULARITY + 1000 });
  const { file, waits } = await uploaded({ stall: 400 });
  assertArrived(file);
  // On a slow machine there may be more.
  assert.equal(waits[0], 1000);
});

test('an answer that is lost costs a question, not the bytes', async () => {
  server.breakUploads({ kind: 'loseAnswer', at: GRANULARITY });
  const { file } = await uploaded();
  assertArrived(file);
  assert.deepEqual(pieces(), ['upload 0', 'query', ...ALL.slice(1)]);
});

test('when the last answer is lost the file is found by the name that was chosen for it', async () => {
  server.breakUploads({ kind: 'loseAnswer', at: SIZE });
  const { file } = await uploaded();
  assertArrived(file);
  assert.deepEqual(pieces(), [...ALL, 'query']);
  assert.equal(server.requests.at(-1)?.endpoint, 'getFile');
});

test('a server that has lost bytes gets them again', async () => {
  server.breakUploads({ kind: 'lose', at: 2 * GRANULARITY - 5, to: 100_000 });
  const { file } = await uploaded();
  assertArrived(file);
  assert.ok(pieces().includes('upload 100000'));
});

test('a piece that is refused for its place is sent again from the right one', async () => {
  // The first part of the piece is taken, then the server says that this was not what comes next.
  server.breakUploads({ kind: 'answer', at: 4_000_000, answer: { status: 400, body: 'Invalid offset' } });
  const { file, waits } = await uploaded();
  assertArrived(file);
  assert.deepEqual(waits, []);
  assert.deepEqual(pieces().slice(0, 3), ['upload 0', 'query', 'upload 4000000']);
});

test('an upload that the server has lost is begun anew, once', async () => {
  server.breakUploads({ kind: 'forget', at: GRANULARITY + 1 });
  assertArrived((await uploaded()).file);
  assert.equal(server.requests.filter(({ endpoint }) => endpoint === 'startUpload').length, 2);
  server.reset();
  server.breakUploads({ kind: 'forget', at: 1 }, { kind: 'forget', at: 1 });
  await assert.rejects(uploaded(), InvalidResponse);
});

test('a busy server is waited for, longer each time, and as long as it asks', async () => {
  const busy = errors.overloaded();
  server.breakUploads(
    { kind: 'answer', at: 0, answer: busy },
    { kind: 'answer', at: 0, answer: busy },
    { kind: 'answer', at: 0, answer: { ...busy, headers: { 'retry-after': '7' } } },
  );
  const { file, waits } = await uploaded();
  assertArrived(file);
  assert.deepEqual(waits, [1000, 2000, 7000]);
});

test('a server that stays busy is told of after five attempts', async () => {
  server.respondWhen(({ endpoint }) => endpoint === 'continueUpload', errors.overloaded());
  await assert.rejects(uploaded(), (error) => error instanceof HttpError && error.refused.status === 503);
  assert.equal(pieces().length, 5);
});

test('failures with progress in between are no row: a bad line gets through in the end', async () => {
  server.breakUploads(...Array.from({ length: 12 }, (_, i) => ({ kind: 'reset' as const, at: (i + 1) * 1_200_000 })));
  const { file, waits } = await uploaded();
  assertArrived(file);
  assert.deepEqual(waits, Array(12).fill(1000));
});

test('what waiting does not help is told at once', async () => {
  const denied = errors.googleError(403, 'PERMISSION_DENIED', 'No.');
  server.breakUploads({ kind: 'answer', at: 5, answer: denied });
  await assert.rejects(uploaded(), (error) => error instanceof HttpError && error.refused.status === 403);
  assert.equal(pieces().length, 1);
  server.reset();
  server.breakUploads({ kind: 'answer', at: 0, answer: errors.unsupportedMimeType('image/png') });
  await assert.rejects(uploaded(), (error) => error instanceof HttpError && /MIME/.test(error.refused.body));
  assert.deepEqual(pieces(), ['upload 0', 'query']);
});

for (const [name, headers] of [
  ['claims bytes that were never sent', { 'x-goog-upload-status': 'active', 'x-goog-upload-size-received': String(SIZE) }],
  ['names no offset', { 'x-goog-upload-status': 'active' }],
  ['names an odd offset', { 'x-goog-upload-status': 'active', 'x-goog-upload-size-received': '-8' }],
  ['has cancelled the upload', { 'x-goog-upload-status': 'cancelled' }],
] as const) {
  test(`a server that ${name} is not believed`, async () => {
    server.breakUploads({ kind: 'reset', at: 10 });
    const isQuery = ({ headers: sent }: ReceivedRequest) => sent['x-goog-upload-command'] === 'query';
    server.respondWhen(isQuery, { status: 200, body: '', headers });
    // It begins anew, and that goes well.
    assertArrived((await uploaded()).file);
    assert.equal(server.requests.filter(({ endpoint }) => endpoint === 'startUpload').length, 2);
  });
}

test('a server that loses everything over and over is given up', async () => {
  server.breakUploads(...Array.from({ length: 40 }, () => ({ kind: 'lose' as const, at: GRANULARITY + 9, to: 0 })));
  await assert.rejects(uploaded(), InvalidResponse);
});

test('a file that is being looked at is waited for; one that the API cannot use is told of', async () => {
  server.files.processing = 3;
  const { file, waits } = await uploaded();
  assertArrived(file);
  assert.deepEqual(waits, [500, 1000, 2000, 4000].slice(0, waits.length));
  server.files.failing = true;
  await assert.rejects(uploaded(), (error) => error instanceof InspectorError && error.reason === 'unreadableImage');
});

const isChanged = (error: unknown) => error instanceof InspectorError && /changed while it was being sent/.test(error.detail);

/** What becomes of a file that is another once an upload has broken off at a place: with a server of its own, which may yet be reading what was broken off. */
async function changedAfterBreak(at: number, other: Uint8Array): Promise<{ outcome: unknown; kept: (string | undefined)[] }> {
  const own = await startGeminiServer();
  try {
    own.breakUploads({ kind: 'reset', at });
    let bytes: Uint8Array = BYTES;
    const body = { size: SIZE, read: async (offset: number, length: number) => bytes.subarray(offset, offset + length) };
    const onPause = () => {
      bytes = other;
    };
    const outcome = await uploaded({ body, onPause, baseUrl: own.url }).catch((failure: unknown) => failure);
    return { outcome, kept: own.files.all('test-key').map(({ sha256 }) => sha256) };
  } finally {
    await own.close();
  }
}

for (const [where, at] of [
  ['in the middle', GRANULARITY + 5_000_001],
  ['in the last piece', SIZE - 300_000],
  ['before the last byte', SIZE - 1],
] as const) {
  test(`a file that is another once an upload has broken off ${where} is not made final`, async () => {
    const { outcome, kept } = await changedAfterBreak(at, Buffer.from(BYTES).fill('x', SIZE - 600_000, SIZE - 500_000));
    assert.ok(isChanged(outcome), String(outcome));
    assert.deepEqual(kept, []);
  });
}

test('a file that is another once all of it has gone out arrives as it was', async () => {
  const { kept } = await changedAfterBreak(SIZE, Buffer.from(BYTES).fill('x', 500));
  assert.deepEqual(kept, [SHA256]);
});

test('a file that shrinks or goes away while it is sent is told of as such', async () => {
  const shrinking = {
    ...source(),
    read: async (offset: number, length: number) => BYTES.subarray(offset, Math.min(offset + length, 9_000_000)),
  };
  const gone = { ...source(), read: async () => Promise.reject(Object.assign(new Error('ENOENT'), { code: 'ENOENT' })) };
  for (const body of [shrinking, gone])
    await assert.rejects(uploaded({ body }), (error) => error instanceof InspectorError && error.reason === 'unreadableImage');
});

test('a file that changes while it is sent is not made final', async (context) => {
  const own = await startGeminiServer();
  context.after(() => own.close());
  const other = Buffer.from(BYTES).fill('x', 500);
  await assert.rejects(uploaded({ body: source(other), baseUrl: own.url }), isChanged);
  assert.deepEqual(own.files.all('test-key'), []);
});

test('cancel ends the upload in the middle of a piece, at once', async () => {
  const job = new AbortController();
  let cancelledAt = 0;
  const gemini = createGemini({ apiKey: 'test-key', baseUrl: server.url, fetch: globalThis.fetch });
  server.breakUploads({ kind: 'stall', at: 2_000_000 });
  const work = gemini.upload(
    { body: source(), mimeType: 'image/png', displayName: 'cat.png', sha256: SHA256 },
    {
      signal: job.signal,
      stall: 60_000,
      onProgress: (bytes) => {
        if (bytes < 1_000_000 || cancelledAt > 0) return;
        cancelledAt = performance.now();
        job.abort();
      },
    },
  );
  await assert.rejects(work, (error) => error instanceof InspectorError && error.reason === 'cancelled');
  assert.ok(performance.now() - cancelledAt < 1000);
  await server.waitForAbort(({ endpoint }) => endpoint === 'continueUpload');
  assert.deepEqual(pieces(), ['upload 0']);
  assert.deepEqual(server.files.all('test-key'), []);
});

test('cancel ends the wait between two attempts', async () => {
  const job = new AbortController();
  const gemini = createGemini({ apiKey: 'test-key', baseUrl: server.url, fetch: globalThis.fetch });
  server.respondWhen(({ endpoint }) => endpoint === 'continueUpload', { ...errors.overloaded(), headers: { 'retry-after': '30' } });
  const work = gemini.upload(
    { body: source(), mimeType: 'image/png', displayName: 'cat.png', sha256: SHA256 },
    { signal: job.signal, stall: 60_000, onProgress: () => undefined },
  );
  await server.waitForRequest(({ endpoint }) => endpoint === 'continueUpload');
  job.abort();
  await assert.rejects(work, (error) => error instanceof InspectorError && error.reason === 'cancelled');
});

/** A transport whose server names `address` for the pieces; the rest goes to the stand-in. */
const naming =
  (address: (real: string) => string): typeof globalThis.fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    const real = response.headers.get('x-goog-upload-url');
    if (real === null) return response;
    const headers = new Headers(response.headers);
    headers.set('x-goog-upload-url', address(real));
    return new Response(null, { headers });
  };

test('bytes go nowhere but where the user agreed to: other addresses are refused, and Google named by a gateway means the gateway', async () => {
  const elsewhere = createServer((_, response) => response.end());
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const visits: string[] = [];
  elsewhere.on('request', ({ url }) => visits.push(url ?? ''));
  const { port } = elsewhere.address() as AddressInfo;
  for (const address of [
    (real: string) => real.replace(/:\d+/, `:${port}`),
    () => `http://localhost:${port}/upload?upload_id=1`,
    (real: string) => real.replace('http://127.0.0.1', 'http://generativelanguage.googleapis.com'),
    () => 'https://evilgoogleapis.com/upload?upload_id=1',
    (real: string) => real.replace('http://', 'http://user:word@'),
    () => 'file:///etc/passwd',
    () => 'no address',
  ])
    await assert.rejects(uploaded({ fetch: naming(address) }), InvalidResponse);
  assert.deepEqual(visits, []);
  elsewhere.close();
  const google = naming((real) => real.replace(server.url, 'https://generativelanguage.googleapis.com'));
  assertArrived((await uploaded({ fetch: google })).file);
});

test('a redirect of the upload is not followed', async () => {
  server.respondWhen(({ endpoint }) => endpoint === 'continueUpload', {
    status: 308,
    body: '',
    headers: { location: 'http://127.0.0.1:1/' },
  });
  await assert.rejects(uploaded(), (error) => error instanceof InvalidResponse && error.code === 'REDIRECTED');
});

test('no word of a failed upload holds its address or the key', async () => {
  const gemini = createGemini({ apiKey: 'test-key', baseUrl: server.url, fetch: globalThis.fetch });
  const isPiece = ({ endpoint }: ReceivedRequest) => endpoint === 'continueUpload';
  server.respondWhen(isPiece, errors.invalidArgument('No: test-key'));
  const failed: unknown = await gemini
    .upload(
      { body: source(), mimeType: 'image/png', displayName: 'c.png', sha256: SHA256 },
      { signal: new AbortController().signal, stall: 5000, onProgress: () => undefined },
    )
    .catch((error: unknown) => error);
  assert.ok(failed instanceof InspectorError);
  const words = `${failed.message} ${failed.detail} ${failed.stack} ${String(failed.cause)}`;
  assert.doesNotMatch(words, /test-key|upload_id/);
});
