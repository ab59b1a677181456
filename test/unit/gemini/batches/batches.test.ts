import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { buildRequest } from '../../../../src/core/request/buildRequest.ts';
import { batchLine, readBatchLine } from '../../../../src/core/sets/batchLines.ts';
import type { Gemini } from '../../../../src/gemini/api/api.ts';
import { createGemini } from '../../../../src/gemini/api/gemini.ts';
import type { RemoteBatch } from '../../../../src/gemini/batches/remoteBatch.ts';
import type { ResultLine } from '../../../../src/gemini/batches/resultLines.ts';
import { fileSource } from '../../../../src/imaging/reading/byteSource.ts';
import * as errors from '../../../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { pngOf } from '../../../fakes/testClient.ts';

const MODEL = 'gemini-3.8-flash';
let server: GeminiServer;
let folder: string;
before(async () => {
  server = await startGeminiServer({ keys: ['test-key', 'other-key'] });
  folder = await mkdtemp(join(tmpdir(), 'batches-'));
});
afterEach(() => {
  const violations = [...server.violations];
  server.reset();
  assert.deepEqual(violations, []);
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const client = (apiKey = 'test-key'): Gemini =>
  createGemini({ apiKey, baseUrl: server.url, fetch: (...call) => globalThis.fetch(...call), pause: async () => undefined });
const signal = () => new AbortController().signal;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const uploading = () => ({ signal: signal(), stall: 5000, onProgress: () => undefined });
const is =
  (reason: string, message?: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof InspectorError, String(error));
    assert.equal(error.reason, reason);
    if (message) assert.match(`${error.message} ${error.detail}`, message);
    return true;
  };

/** Uploads so many pictures, a line for each, and the file of lines from the disk; resolves to its name. */
async function uploadedLines(count: number, gemini = client()): Promise<{ fileName: string; images: string[] }> {
  const images: string[] = [];
  const lines: string[] = [];
  for (let index = 0; index < count; index++) {
    const bytes = pngOf(20 + index, 10);
    const body = { size: bytes.length, read: async (offset: number, length: number) => bytes.subarray(offset, offset + length) };
    const { name, uri } = await gemini.upload({ body, mimeType: 'image/png', displayName: `${index}`, sha256: sha256(bytes) }, uploading());
    images.push(name);
    lines.push(
      batchLine(
        `folder/${index}.png`,
        buildRequest({
          task: 'caption',
          query: '',
          model: MODEL,
          date: new Date(),
          mediaResolution: 'low',
          outputLanguage: '',
          systemInstruction: '',
          safetySettings: [],
          images: [{ mimeType: 'image/png', bytes: bytes.length, source: { kind: 'file', uri } }],
        }),
      ),
    );
  }
  return { fileName: await uploadedFile(lines.join('\n'), gemini), images };
}

async function uploadedFile(text: string, gemini = client()): Promise<string> {
  const path = join(folder, 'part.jsonl');
  await writeFile(path, text);
  const body = await fileSource(path);
  const { name } = await gemini.uploadBatchFile({ body, displayName: 'part', sha256: sha256(Buffer.from(text)) }, uploading());
  return name;
}

const created = async (count = 3, displayName = 'set-1-1') => {
  const { fileName, images } = await uploadedLines(count);
  return { images, batch: await client().createBatch({ model: MODEL, fileName, displayName }, { signal: signal() }) };
};

const looked = (name: string) => client().getBatch(name, { signal: signal() });

/** Looks until the batch has ended. */
async function ended(name: string): Promise<RemoteBatch[]> {
  for (const looks: RemoteBatch[] = []; ; ) {
    const batch = await looked(name);
    looks.push(batch);
    if (batch.state !== 'pending' && batch.state !== 'running') return looks;
  }
}

async function linesOf(file: string | undefined, lines: ResultLine[] = []): Promise<ResultLine[]> {
  for await (const line of client().resultLines(file ?? '', { signal: signal(), stall: 5000 })) lines.push(line);
  return lines;
}

suite('a batch', () => {
  test('is made of lines, watched, and read line by line', async () => {
    const { batch } = await created(4);
    assert.match(batch.name, /^batches\//);
    assert.deepEqual([batch.displayName, batch.model, batch.state], ['set-1-1', MODEL, 'pending']);
    assert.ok(Math.abs((batch.createTime ?? 0) - Date.now()) < 60_000);
    assert.deepEqual(batch.stats, { total: 4, succeeded: 0, failed: 0 });

    const looks = await ended(batch.name);
    assert.deepEqual(
      looks.map(({ state, stats }) => [state, stats?.succeeded]),
      [
        ['pending', 0],
        ['running', 2],
        ['succeeded', 4],
      ],
    );
    const { responsesFile, endTime } = looks.at(-1) ?? {};
    assert.ok(endTime);
    const lines = (await linesOf(responsesFile)).map(({ text, problem }) => {
      assert.equal(problem, undefined);
      return readBatchLine(text);
    });
    assert.deepEqual(
      lines.map((line) => line.key),
      [0, 1, 2, 3].map((index) => `folder/${index}.png`),
    );
    for (const line of lines) {
      assert.ok('reply' in line);
      assert.equal(line.reply.speed, 'batch');
      assert.equal(line.reply.finishReason, 'STOP');
      assert.ok((line.reply.usage?.image ?? 0) > 200);
    }
    assert.equal(server.bills.all.length, 4);
    assert.deepEqual(server.bills.twice(), []);
  });

  test('has its key in no address', async () => {
    const { batch } = await created(1);
    const done = (await ended(batch.name)).at(-1);
    await linesOf(done?.responsesFile);
    for (const { path, query } of server.requests) assert.doesNotMatch(`${path}?${query}`, /test-key/);
  });

  test('that is not there is `notFound`, and so is one of another key', async () => {
    const { batch } = await created(1);
    for (const [gemini, name] of [
      [client(), 'batches/none'],
      [client('other-key'), batch.name],
    ] as const) {
      await assert.rejects(gemini.getBatch(name, { signal: signal() }), is('notFound'));
      await assert.rejects(gemini.cancelBatch(name, { signal: signal() }), is('notFound'));
      await assert.rejects(gemini.deleteBatch(name, { signal: signal() }), is('notFound'));
    }
  });

  test('fails, expires or stops by its own word', async () => {
    const error = { code: 3, message: 'The file is broken.' };
    server.batches.plan({ pending: 0, running: 0, end: 'FAILED', error }, { end: 'EXPIRED' }, { end: 'CANCELLED' });
    const names = [await created(1, 'a'), await created(1, 'b'), await created(1, 'c')].map(({ batch }) => batch.name);
    const last = await Promise.all(names.map(async (name) => (await ended(name)).at(-1)));
    assert.deepEqual(
      last.map((batch) => batch?.state),
      ['failed', 'expired', 'cancelled'],
    );
    assert.deepEqual([last[0]?.error?.code, last[0]?.error?.message], [400, 'The file is broken.']);
    assert.deepEqual(
      last.map((batch) => batch?.responsesFile),
      [undefined, undefined, undefined],
    );
  });

  test('stays pending for as long as the queue does not move, until it has expired', async () => {
    server.batches.plan({ pending: Number.POSITIVE_INFINITY });
    const { batch } = await created(1);
    for (let look = 0; look < 20; look++) assert.equal((await looked(batch.name)).state, 'pending');
    const now = Date.now();
    server.files.now = () => now + 48 * 3600e3 + 1;
    assert.equal((await looked(batch.name)).state, 'expired');
    assert.equal(server.bills.all.length, 0);
  });

  test('in a state that nobody knows is running', async () => {
    server.batches.plan({ pending: 0, odd: 'BATCH_STATE_DREAMING' });
    const { batch } = await created(1);
    assert.equal((await looked(batch.name)).state, 'running');
    assert.equal((await looked(batch.name)).state, 'succeeded');
  });

  test('that has succeeded may name its results a look later', async () => {
    server.batches.plan({ pending: 0, running: 0, fileLate: 1 });
    const { batch } = await created(1);
    const looks = [await looked(batch.name), await looked(batch.name)];
    assert.deepEqual(
      looks.map(({ state, responsesFile }) => [state, responsesFile !== undefined]),
      [
        ['succeeded', false],
        ['succeeded', true],
      ],
    );
  });

  test('leaves a file of results that can be deleted, or not', async () => {
    const { batch } = await created(1);
    const file = (await ended(batch.name)).at(-1)?.responsesFile ?? '';
    server.files.keepsLongNames = true;
    await assert.rejects(client().deleteFile(file, { signal: signal() }), is('server', /40 characters/));
    server.files.keepsLongNames = false;
    await client().deleteFile(file, { signal: signal() });
    await assert.rejects(linesOf(file), is('notFound'));
  });

  test('is cancelled and deleted', async () => {
    server.batches.plan({ pending: 0, running: 3 });
    const { batch } = await created(4);
    assert.deepEqual((await looked(batch.name)).stats, { total: 4, succeeded: 1, failed: 0 });
    await client().cancelBatch(batch.name, { signal: signal() });
    assert.equal((await looked(batch.name)).state, 'cancelled');
    assert.equal(server.bills.all.length, 1);
    await client().deleteBatch(batch.name, { signal: signal() });
    await assert.rejects(looked(batch.name), is('notFound'));
  });

  test('a look that is refused is a failure as of any call, and the next one tells', async () => {
    server.batches.plan({ unavailable: 1, pending: 0, running: 0 });
    const { batch } = await created(1);
    await assert.rejects(looked(batch.name), is('overloaded'));
    assert.equal((await looked(batch.name)).state, 'succeeded');
  });

  test('that was made while its answer was lost is found by its name', async () => {
    server.batches.plan({ losesAnswer: true });
    await assert.rejects(created(1, 'set-7-1'), is('network'));
    const found: RemoteBatch[] = [];
    for await (const batch of client().listBatches({ signal: signal() })) if (batch.displayName === 'set-7-1') found.push(batch);
    assert.equal(found.length, 1);
  });

  test('all are listed, over several pages, fetched as far as they are taken', async () => {
    const { fileName } = await uploadedLines(1);
    for (let index = 0; index < 230; index++)
      await client().createBatch({ model: MODEL, fileName, displayName: `batch ${index}` }, { signal: signal() });
    const names: string[] = [];
    for await (const { displayName } of client().listBatches({ signal: signal() })) names.push(displayName);
    assert.deepEqual(
      names,
      Array.from({ length: 230 }, (_, index) => `batch ${229 - index}`),
    );
    const pages = () => server.requests.filter(({ endpoint }) => endpoint === 'listBatches').length;
    assert.equal(pages(), 3);
    for await (const _ of client().listBatches({ signal: signal() })) break;
    assert.equal(pages(), 4);
  });

  test('of a model that is not there, or a file that is gone, says so', async () => {
    const { fileName } = await uploadedLines(1);
    const create = (batch: { model?: string; fileName?: string }) =>
      client().createBatch({ model: MODEL, fileName, displayName: 'x', ...batch }, { signal: signal() });
    await assert.rejects(create({ model: 'gemini-0-none' }), is('modelNotFound'));
    await assert.rejects(create({ fileName: 'files/none' }), (error: InspectorError) => error.uploadExpired);
    await assert.rejects(create({ fileName: await uploadedFile('{"key":"a"\n') }), is('server', /not valid JSON/));
    await assert.rejects(
      create({ fileName: await uploadedFile('{"key":"a","request":{"contents":[],"config":{}}}\n') }),
      is('server', /Unknown name "config"/),
    );
    const sent = server.requests.length;
    await assert.rejects(create({ fileName: '../secret' }), ({ cause }: Error) => /not the name of a file/.test(String(cause)));
    assert.equal(server.requests.length, sent);
  });

  test('ends at once when its signal aborts', async () => {
    const { batch } = await created(1);
    const stop = new AbortController();
    server.respondWhen(({ endpoint }) => endpoint === 'getBatch', { ...errors.overloaded(), hold: new Promise(() => undefined) });
    const look = client().getBatch(batch.name, { signal: stop.signal });
    await server.waitForRequest(({ endpoint }) => endpoint === 'getBatch');
    stop.abort();
    await assert.rejects(look, is('cancelled'));
  });
});

suite('the file of lines', () => {
  test('goes up from the disk as JSONL, and under its other name where that is refused', async () => {
    const text = '{"key":"a","request":{"contents":[{"parts":[{"text":"x"}]}]}}\n';
    for (const type of ['application/jsonl', 'jsonl'] as const) {
      server.files.jsonlType = type;
      const name = await uploadedFile(text);
      const stored = server.files.get(name, 'test-key');
      assert.deepEqual([stored?.mimeType, stored?.bytes.toString()], [type, text]);
    }
    server.respondWhen(
      ({ endpoint, headers }) => endpoint === 'startUpload' && headers['x-goog-upload-header-content-type'] === 'application/jsonl',
      errors.unsupportedMimeType('application/jsonl'),
    );
    server.files.jsonlType = 'jsonl';
    assert.equal(server.files.get(await uploadedFile(text), 'test-key')?.mimeType, 'jsonl');
  });

  test('is refused once for what has nothing to do with its type', async () => {
    server.respondWhen(({ endpoint }) => endpoint === 'startUpload', errors.apiKeyLeaked());
    await assert.rejects(uploadedFile('{}'), is('permissionDenied'));
    assert.equal(server.requests.length, 1);
  });

  test('that the API cannot make use of is no broken image', async () => {
    server.files.failing = true;
    await assert.rejects(uploadedFile('{}'), is('server', /could not read it/));
  });

  test('finds no room where the quota of the project is used up', async () => {
    server.files.quota = 100;
    await assert.rejects(uploadedFile('x'.repeat(101)), is('quotaExhausted', /48 hours/));
    await uploadedFile('x'.repeat(60));
    await assert.rejects(uploadedFile('x'.repeat(60)), is('quotaExhausted'));
    const now = Date.now();
    server.files.now = () => now + 48 * 3600e3;
    await uploadedFile('x'.repeat(60));
  });
});

suite('results', () => {
  test('hold errors in the place of answers, in any order', async () => {
    server.batches.plan({
      line: (_, index) => (index === 1 ? { code: 13, message: 'Internal error encountered.' } : undefined),
      order: 'reversed',
    });
    const { batch } = await created(3);
    const done = (await ended(batch.name)).at(-1);
    assert.deepEqual(done?.stats, { total: 3, succeeded: 2, failed: 1 });
    const lines = (await linesOf(done?.responsesFile)).map(({ text }) => readBatchLine(text));
    assert.deepEqual(
      lines.map((line) => [line.key, 'error' in line ? line.error.code : 'reply']),
      [
        ['folder/2.png', 'reply'],
        ['folder/1.png', 500],
        ['folder/0.png', 'reply'],
      ],
    );
    assert.equal(server.bills.all.length, 2);
  });

  test('name an image that was gone before its line was worked through', async () => {
    const { batch, images } = await created(2);
    server.files.delete(images[0] ?? '');
    const done = (await ended(batch.name)).at(-1);
    const [first, second] = (await linesOf(done?.responsesFile)).map(({ text }) => readBatchLine(text));
    assert.ok(first && 'error' in first && second && 'reply' in second);
    assert.equal(first.error.code, 403);
    assert.match(first.error.message, /may not exist/);
  });

  test('are gone after 48 hours', async () => {
    const { batch } = await created(1);
    const done = (await ended(batch.name)).at(-1);
    const now = Date.now();
    server.files.now = () => now + 49 * 3600e3;
    await assert.rejects(linesOf(done?.responsesFile), is('notFound'));
  });

  test('that end in the middle of a line say so', async () => {
    server.batches.plan({ share: 0.5 });
    const { batch } = await created(3);
    const done = (await ended(batch.name)).at(-1);
    const lines = await linesOf(done?.responsesFile);
    assert.deepEqual(
      lines.map(({ problem }) => problem),
      [undefined, 'unended'],
    );
    assert.deepEqual(readBatchLine(lines[1]?.text ?? ''), { problem: 'notJson' });
  });

  test('of which the connection breaks bring what was whole, then a failure', async () => {
    const { batch } = await created(3);
    const done = (await ended(batch.name)).at(-1);
    server.files.brokenDownloads = 1;
    const lines: ResultLine[] = [];
    await assert.rejects(linesOf(done?.responsesFile, lines), is('network'));
    assert.equal(lines.length, 1);
    assert.equal(lines[0]?.problem, undefined);
    assert.equal((await linesOf(done?.responsesFile)).length, 3);
  });

  test('are fetched from where the API leads to, but from nowhere else', async () => {
    const { batch } = await created(1);
    const done = (await ended(batch.name)).at(-1);
    for (const way of ['redirected', 'elsewhere'] as const) {
      server.files.downloads = way;
      assert.equal((await linesOf(done?.responsesFile)).length, 1);
      assert.equal(server.requests.at(-1)?.path, `/download/v1beta/${done?.responsesFile}:download`);
    }
    for (const location of ['https://elsewhere.example/x', '/v1beta/files/again:download?alt=media']) {
      server.respondWhen(({ endpoint }) => endpoint === 'downloadFile', { status: 302, body: '', headers: { location } });
      await assert.rejects(linesOf(done?.responsesFile), is('network'));
    }
  });

  test('that nothing more comes of end by their stall', async () => {
    const { batch } = await created(1);
    const done = (await ended(batch.name)).at(-1);
    server.respondWhen(({ endpoint }) => endpoint === 'downloadFile', {
      raw: ['{"key":"a","response":{}}\n{"key"', ':"b"}\n'],
      holdAfterChunks: 1,
      hold: new Promise(() => undefined),
    });
    const lines: ResultLine[] = [];
    const reading = (async () => {
      for await (const line of client().resultLines(done?.responsesFile ?? '', { signal: signal(), stall: 50 })) lines.push(line);
    })();
    await assert.rejects(reading, is('timeout'));
    assert.equal(lines.length, 1);
  });

  // Without an end of ours the connection would be open for minutes.
  test('whose reader has enough are not fetched on', { timeout: 60_000 }, async () => {
    const { batch } = await created(1);
    const done = (await ended(batch.name)).at(-1);
    server.respondWhen(({ endpoint }) => endpoint === 'downloadFile', {
      raw: ['{"key":"a"}\n', '{"key":"b"}\n'],
      holdAfterChunks: 1,
      hold: new Promise(() => undefined),
    });
    for await (const line of client().resultLines(done?.responsesFile ?? '', { signal: signal(), stall: 5000 })) {
      assert.equal(line.text, '{"key":"a"}');
      break;
    }
    await server.waitForAbort(({ endpoint }) => endpoint === 'downloadFile');
  });
});
