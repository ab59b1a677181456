import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, afterEach, before, suite, test } from 'node:test';
import type { StoredBatch } from '../../fakes/batchStore.ts';
import { BATCH_FAULTS, type FaultRates, FaultScript } from '../../fakes/faultScript.ts';
import { FileStore } from '../../fakes/fileStore.ts';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import type { ReceivedRequest } from '../../fakes/receivedRequest.ts';
import { contentsWith, pngOf, post, sdk } from '../../fakes/testClient.ts';
import type { GenerateContentRequest } from '../../fakes/wire.ts';

const MODEL = 'gemini-3.8-flash';
let server: GeminiServer;
before(async () => {
  server = await startGeminiServer({ keys: ['test-key', 'other-key'] });
});
afterEach(() => server.reset());
after(() => server.close());

const uploaded = (bytes: Buffer | string, mimeType: string, key = 'test-key') =>
  sdk(server.url, key).files.upload({ file: new Blob([new Uint8Array(Buffer.from(bytes))], { type: mimeType }), config: { mimeType } });

const asking = (fileUri = '', mimeType = 'image/png') => ({
  contents: [{ role: 'user', parts: [{ fileData: { fileUri, mimeType } }, { text: 'What?' }] }],
});

const lineOf = (key: string, request: object) => JSON.stringify({ key, request });

/** Makes a batch of these lines. */
async function batchOf(lines: string[], key = 'test-key'): Promise<string> {
  const { name: fileName = '' } = await uploaded(lines.join('\n'), 'application/jsonl', key);
  const { name = '' } = await sdk(server.url, key).batches.create({ model: MODEL, src: { fileName }, config: { displayName: 'test' } });
  return name;
}

async function resultsOf(name: string): Promise<{ key: string; response?: object; error?: { code: number; message: string } }[]> {
  for (;;) {
    const batch = await sdk(server.url).batches.get({ name });
    if (batch.state === 'JOB_STATE_PENDING' || batch.state === 'JOB_STATE_RUNNING') continue;
    assert.equal(batch.state, 'JOB_STATE_SUCCEEDED');
    const address = `${server.url}/v1beta/${batch.dest?.fileName}:download?alt=media`;
    const text = await (await fetch(address, { headers: { 'x-goog-api-key': 'test-key' } })).text();
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }
}

suite('batches of the stand-in', () => {
  test("the documentation's own client makes, lists, cancels and deletes one", async () => {
    const ai = sdk(server.url);
    const picture = await uploaded(pngOf(40, 30), 'image/png');
    const name = await batchOf([lineOf('a', asking(picture.uri))]);
    const [{ key, response } = { key: '' }, ...others] = await resultsOf(name);
    assert.deepEqual([key, others], ['a', []]);
    assert.ok(response);
    const listed: string[] = [];
    for await (const { name: one = '', displayName } of await ai.batches.list()) listed.push(one, displayName ?? '');
    assert.deepEqual(listed, [name, 'test']);
    await ai.batches.cancel({ name });
    await ai.batches.delete({ name });
    await assert.rejects(ai.batches.get({ name }), /404/);
    assert.deepEqual(server.violations, []);
  });

  test('lines are read as strictly as requests by themselves', async () => {
    const contents = [{ parts: [{ text: 'x' }] }];
    await assert.rejects(batchOf(['{']), /Line 1 of the input file is not valid JSON/);
    await assert.rejects(batchOf([lineOf('a', { contents, config: {} })]), /Unknown name \\"config\\"/);
    await assert.rejects(batchOf([JSON.stringify({ key: 'a', request: { contents }, model: 'x' })]), /Unknown name \\"model\\"/);
    await assert.rejects(batchOf([JSON.stringify({ request: { contents } })]), /key is not specified/);
    await assert.rejects(batchOf([lineOf('a', { contents }), lineOf('a', { contents })]), /not unique/);
    const inside = await fetch(`${server.url}/v1beta/models/${MODEL}:batchGenerateContent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'test-key' },
      body: JSON.stringify({ batch: { displayName: 'x', inputConfig: { requests: { requests: [] } } } }),
    });
    assert.equal(inside.status, 400);
  });

  test("a picture that is not there, not ready or somebody else's is an error of its line", async () => {
    const mine = await uploaded(pngOf(10, 10), 'image/png');
    const theirs = await uploaded(pngOf(11, 10), 'image/png', 'other-key');
    server.files.processing = 99;
    const unready = await uploadedOnly(pngOf(12, 10));
    server.files.processing = 0;
    const broken = await uploaded(Buffer.from('no picture'), 'image/png');
    const name = await batchOf([
      lineOf('mine', asking(mine.uri)),
      lineOf('theirs', asking(theirs.uri)),
      lineOf('unready', asking(unready)),
      lineOf('broken', asking(broken.uri)),
      lineOf('type', asking(mine.uri, 'image/jpeg')),
    ]);
    assert.deepEqual(
      (await resultsOf(name)).map(({ key, error }) => [key, error?.code]),
      [
        ['mine', undefined],
        ['theirs', 7],
        ['unready', 3],
        ['broken', 3],
        ['type', 3],
      ],
    );
    assert.deepEqual(
      server.bills.all.map(({ key }) => key),
      ['mine'],
    );
  });

  test('what is billed is counted by key and image, of requests and of lines', async () => {
    const bytes = pngOf(21, 10);
    const { uri } = await uploaded(bytes, 'image/png');
    const image = createHash('sha256').update(bytes).digest('hex');
    await post(server.url, { contents: contentsWith(bytes) });
    assert.deepEqual([...server.bills.counts()], [[`test-key ${image}`, 1]]);
    assert.deepEqual(server.bills.twice(), []);
    await resultsOf(await batchOf([lineOf('a', asking(uri))]));
    assert.deepEqual(server.bills.twice(), [`test-key ${image}`]);
    server.respondWith({ status: 503, body: {} });
    await post(server.url, { contents: contentsWith(bytes) });
    assert.equal(server.bills.all.length, 2);
  });

  test('a line that is lost is billed and missing; a batch that nobody waits for is billed too', async () => {
    const pictures = await Promise.all([1, 2, 3].map((size) => uploaded(pngOf(size, 10), 'image/png')));
    const lines = pictures.map(({ uri }, index) => lineOf(String(index), asking(uri)));
    server.batches.plan({ line: (_, index) => (index === 1 ? 'lost' : undefined) });
    const results = await resultsOf(await batchOf(lines));
    assert.deepEqual(
      results.map(({ key }) => key),
      ['0', '2'],
    );
    assert.equal(server.bills.all.length, 3);
    await sdk(server.url).batches.delete({ name: await batchOf(lines) });
    assert.equal(server.bills.all.length, 6);
  });

  test('only what the API made can be downloaded', async () => {
    const { name } = await uploaded(pngOf(10, 10), 'image/png');
    const download = (file: string | undefined) =>
      fetch(`${server.url}/v1beta/${file}:download?alt=media`, { headers: { 'x-goog-api-key': 'test-key' } });
    assert.equal((await download(name)).status, 400);
    assert.equal((await download('files/none')).status, 403);
  });

  /** An upload that nobody waits for until it is ready; its address. */
  async function uploadedOnly(bytes: Buffer): Promise<string> {
    const start = await fetch(`${server.url}/upload/v1beta/files`, {
      method: 'POST',
      headers: {
        'x-goog-api-key': 'test-key',
        'x-goog-upload-protocol': 'resumable',
        'x-goog-upload-command': 'start',
        'x-goog-upload-header-content-length': String(bytes.length),
        'x-goog-upload-header-content-type': 'image/png',
      },
      body: '{"file":{}}',
    });
    const sent = await fetch(start.headers.get('x-goog-upload-url') ?? '', {
      method: 'POST',
      headers: { 'x-goog-upload-command': 'upload, finalize', 'x-goog-upload-offset': '0' },
      body: new Uint8Array(bytes),
    });
    return ((await sent.json()) as { file: { uri: string } }).file.uri;
  }
});

suite('limits of the stand-in', () => {
  const body = { contents: contentsWith(pngOf(10, 10)) } as unknown as GenerateContentRequest;

  test('flex is shed, slow or answered by another tier when it is told so', async () => {
    const flex = () => post(server.url, { ...body, serviceTier: 'flex' });
    server.limits.flex.shed = 1;
    assert.equal((await flex()).status, 503);
    const { json } = await flex();
    assert.equal((json.usageMetadata as { serviceTier?: string }).serviceTier, 'flex');
    server.limits.flex.isDowngraded = true;
    assert.equal(((await flex()).json.usageMetadata as { serviceTier?: string }).serviceTier, 'standard');
    Object.assign(server.limits.flex, { shed: Number.POSITIVE_INFINITY, status: 429 });
    for (let time = 0; time < 3; time++) assert.equal((await flex()).status, 429);
    assert.equal((await post(server.url, body)).status, 200);
    Object.assign(server.limits.flex, { shed: 0, delayMs: 60 });
    const start = performance.now();
    await flex();
    assert.ok(performance.now() - start >= 55);
  });

  test('one request too many in a time is refused with the time to wait and the quota', async () => {
    let now = 1_000_000;
    server.files.now = () => now;
    server.limits.rate = { requests: 2, windowMs: 60_000 };
    assert.equal((await post(server.url, body)).status, 200);
    now += 15_000;
    assert.equal((await post(server.url, body)).status, 200);
    const { status, json } = await post(server.url, body);
    assert.equal(status, 429);
    const details = JSON.stringify(json.error?.details);
    assert.match(details, /"retryDelay":"45s"/);
    assert.match(details, /"quotaId":"GenerateRequestsPerMinutePerProjectPerModel[^\]]*"quotaValue":"2"/);
    now += 45_001;
    assert.equal((await post(server.url, body)).status, 200);
  });
});

suite('faults by chance', () => {
  const body = { contents: [{ parts: [{ text: 'x' }] }] };

  test('are the same for a seed, other for another, and of all kinds', () => {
    const asked = { endpoint: 'generateContent', model: MODEL } as ReceivedRequest;
    const batch = { lines: [{ key: 'a', request: body }] } as unknown as StoredBatch;
    /** What a script does to so many requests, batches and lines. */
    const course = (seed: number) => {
      const script = new FaultScript(seed);
      const files = new FileStore();
      const told = Array.from({ length: 500 }, () => {
        const { line, onStart, ...course } = script.courseOf(batch, files);
        return [script.answerTo(asked), course, line?.({ key: 'a', request: body as never }, 0), onStart !== undefined];
      });
      return { told, injected: { ...script.injected } };
    };
    const first = course(7);
    assert.deepEqual(course(7), first);
    assert.notDeepEqual(course(8), first);
    for (const fault of BATCH_FAULTS) assert.ok(first.injected[fault] > 0, fault);
  });

  test('come to requests, and end batches as they say', async () => {
    const { name: fileName = '' } = await uploaded([0, 1].map((key) => lineOf(`${key}`, body)).join('\n'), 'application/jsonl');
    const endsWith = async (rates: FaultRates) => {
      server.faults = new FaultScript(1, rates);
      const { name = '' } = await sdk(server.url).batches.create({ model: MODEL, src: { fileName }, config: { displayName: 'x' } });
      for (let look = 0; look < 8; look++) await sdk(server.url).batches.get({ name });
      return (await sdk(server.url).batches.get({ name })).state;
    };
    assert.equal(await endsWith({}), 'JOB_STATE_SUCCEEDED');
    assert.equal(await endsWith({ stuck: 1 }), 'JOB_STATE_PENDING');
    assert.equal(await endsWith({ failed: 1 }), 'JOB_STATE_FAILED');
    assert.equal(await endsWith({ expired: 1 }), 'JOB_STATE_EXPIRED');
    server.faults = new FaultScript(1, { storm: 1 });
    assert.equal((await post(server.url, body)).status, 429);
    server.faults = new FaultScript(1, { dropped: 1 });
    await assert.rejects(post(server.url, body));
  });

  test('end with a reset', async () => {
    server.faults = new FaultScript(1, { unavailable: 1 });
    assert.ok((await post(server.url, { contents: [{ parts: [{ text: 'x' }] }] })).status >= 500);
    server.reset();
    assert.equal((await post(server.url, { contents: [{ parts: [{ text: 'x' }] }] })).status, 200);
  });
});
