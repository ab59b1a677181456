import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { pngOf, post, sdk } from '../../fakes/testClient.ts';
import { GRANULARITY } from '../../fakes/uploads.ts';

const PICTURE = pngOf(40, 30);
let server: GeminiServer;
before(async () => {
  server = await startGeminiServer({ keys: ['test-key', 'other-key'] });
});
afterEach(() => server.reset());
after(() => server.close());

const upload = (bytes: Buffer = PICTURE, mimeType = 'image/png') =>
  sdk(server.url).files.upload({
    file: new Blob([new Uint8Array(bytes)], { type: mimeType }),
    config: { mimeType, displayName: '貓.png' },
  });

const call = (path: string, init: RequestInit = {}) =>
  fetch(server.url + path, { ...init, headers: { 'x-goog-api-key': 'test-key', ...init.headers } });

const asking = (fileUri: string, mimeType = 'image/png') => ({
  contents: [{ role: 'user', parts: [{ fileData: { fileUri, mimeType } }, { text: 'What?' }] }],
});

const START = {
  'x-goog-upload-protocol': 'resumable',
  'x-goog-upload-command': 'start',
  'x-goog-upload-header-content-length': '100',
  'x-goog-upload-header-content-type': 'image/png',
};

async function begun(size: number): Promise<string> {
  const headers = { ...START, 'x-goog-upload-header-content-length': String(size) };
  const response = await call('/upload/v1beta/files', { method: 'POST', headers, body: '{"file":{}}' });
  const address = new URL(response.headers.get('x-goog-upload-url') ?? '');
  return address.pathname + address.search;
}

const send = (address: string, command: string, offset?: number, body?: Buffer) =>
  call(address, {
    method: 'POST',
    headers: { 'x-goog-upload-command': command, ...(offset === undefined ? {} : { 'x-goog-upload-offset': String(offset) }) },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });

test("the documentation's own client uploads, asks about the file, lists and deletes it", async () => {
  const ai = sdk(server.url);
  const file = await upload();
  assert.deepEqual(
    [file.displayName, file.state, file.sizeBytes, file.mimeType],
    ['貓.png', 'ACTIVE', String(PICTURE.length), 'image/png'],
  );
  const { status, json } = await post(server.url, asking(file.uri ?? ''));
  assert.equal(status, 200);
  assert.equal(json.usageMetadata?.promptTokensDetails?.find(({ modality }) => modality === 'IMAGE')?.tokenCount, 1064);
  assert.deepEqual(
    server.requests.at(-1)?.images.map(({ via, bytes }) => [via, bytes.equals(PICTURE)]),
    [['file', true]],
  );
  const listed = [];
  for await (const one of await ai.files.list()) listed.push(one.name);
  assert.deepEqual(listed, [file.name]);
  await ai.files.delete({ name: file.name ?? '' });
  await assert.rejects(ai.files.get({ name: file.name ?? '' }), /permission to access the File/);
  assert.equal((await post(server.url, asking(file.uri ?? ''))).status, 403);
});

test('a file is its key’s alone, and gone after 48 hours', async () => {
  const file = await upload();
  const foreign = await post(server.url, asking(file.uri ?? ''), { headers: { 'x-goog-api-key': 'other-key' } });
  assert.equal(foreign.status, 403);
  assert.deepEqual(await (await call('/v1beta/files', { headers: { 'x-goog-api-key': 'other-key' } })).json(), {});
  const now = Date.now();
  server.files.now = () => now + 47 * 3600e3;
  assert.equal((await post(server.url, asking(file.uri ?? ''))).status, 200);
  server.files.now = () => now + 49 * 3600e3;
  assert.equal((await post(server.url, asking(file.uri ?? ''))).status, 403);
  assert.equal((await call(`/v1beta/${file.name}`)).status, 403);
  assert.deepEqual(await (await call('/v1beta/files')).json(), {});
});

test('the list comes in pages, newest first', async () => {
  const names = [];
  for (let i = 0; i < 3; i++) names.unshift((await upload()).name);
  const first = await (await call('/v1beta/files?pageSize=2')).json();
  assert.deepEqual(
    first.files.map(({ name }: { name: string }) => name),
    names.slice(0, 2),
  );
  const second = await (await call(`/v1beta/files?pageSize=2&pageToken=${first.nextPageToken}`)).json();
  assert.deepEqual([second.files.length, second.nextPageToken], [1, undefined]);
  assert.equal((await call('/v1beta/files?pageSize=101')).status, 400);
});

test('a file is not used before it was looked at, nor under another type', async () => {
  server.files.processing = 1;
  const { name = '', uri = '' } = await upload();
  const early = await post(server.url, asking(uri));
  assert.deepEqual([early.status, /not in an ACTIVE state/.test(early.text)], [400, true]);
  assert.equal((await (await call(`/v1beta/${name}`)).json()).state, 'PROCESSING');
  assert.equal((await (await call(`/v1beta/${name}`)).json()).state, 'ACTIVE');
  assert.equal((await post(server.url, asking(uri, 'image/webp'))).status, 400);
  assert.equal((await post(server.url, asking(uri))).status, 200);
});

test('files that are too large together, and what is no picture, are refused when asked about', async () => {
  const large = await upload(Buffer.concat([PICTURE, Buffer.alloc(36e6)]));
  assert.match((await post(server.url, asking(large.uri ?? ''))).text, /total referenced files bytes are too large/);
  const words = await upload(Buffer.from('no picture'));
  assert.match((await post(server.url, asking(words.uri ?? ''))).text, /not valid/);
});

for (const [name, headers, body, message] of [
  ['another protocol', { 'x-goog-upload-protocol': 'raw' }, {}, /protocol/],
  ['no length', { 'x-goog-upload-header-content-length': '' }, {}, /Content-Length/],
  ['no bytes', { 'x-goog-upload-header-content-length': '0' }, {}, /Content-Length/],
  ['over 2 GiB', { 'x-goog-upload-header-content-length': '2147483649' }, {}, /limit of 2147483648/],
  ['no type', { 'x-goog-upload-header-content-type': '' }, {}, /Content-Type/],
  ['an unknown field', {}, { file: { title: 'cat' } }, /Unknown name .+title/],
  ['a name with a capital', {}, { file: { name: 'files/Cat' } }, /Invalid name/],
  ['another size', {}, { file: { sizeBytes: '99' } }, /does not match/],
  ['a long name for people', {}, { file: { displayName: 'x'.repeat(513) } }, /display_name/],
] as const) {
  test(`an upload with ${name} is not begun`, async () => {
    const response = await call('/upload/v1beta/files', { method: 'POST', headers: { ...START, ...headers }, body: JSON.stringify(body) });
    assert.equal(response.status, 400);
    assert.match(await response.text(), message);
  });
}

test('a name is taken once', async () => {
  const start = () => call('/upload/v1beta/files', { method: 'POST', headers: START, body: '{"file":{"name":"files/my-cat"}}' });
  const address = new URL((await start()).headers.get('x-goog-upload-url') ?? '');
  assert.equal((await send(address.pathname + address.search, 'upload, finalize', 0, Buffer.alloc(100))).status, 200);
  assert.equal((await start()).status, 409);
});

test('pieces come in order, in whole units, with a length', async () => {
  const address = await begun(GRANULARITY + 10);
  const refused = async (response: Response, status = 400) => {
    assert.deepEqual([response.status, response.headers.get('x-goog-upload-status')], [status, 'active'], await response.text());
  };
  await refused(await send(address, 'upload', 5, Buffer.alloc(GRANULARITY)));
  await refused(await send(address, 'upload', undefined, Buffer.alloc(GRANULARITY)));
  await refused(await send(address, 'upload', 0, Buffer.alloc(GRANULARITY - 1)));
  await refused(
    await call(address, {
      method: 'POST',
      headers: { 'x-goog-upload-command': 'upload', 'x-goog-upload-offset': '0' },
      body: new Blob([new Uint8Array(GRANULARITY)]).stream(),
      duplex: 'half',
    } as RequestInit),
    411,
  );
  await refused(await send(address, 'upload, finalize', 0, Buffer.alloc(10)));
});

test('a query tells how much has come; a finished upload tells no more than that', async () => {
  const address = await begun(10);
  assert.equal((await send(address, 'query')).headers.get('x-goog-upload-size-received'), '0');
  assert.equal((await send(address, 'upload, finalize', 0, Buffer.alloc(10))).headers.get('x-goog-upload-status'), 'final');
  const told = await send(address, 'query');
  assert.deepEqual([told.headers.get('x-goog-upload-status'), await told.text()], ['final', '']);
  assert.equal((await send(address, 'upload', 10, Buffer.alloc(0))).status, 400);
  assert.equal((await send('/upload/v1beta/files?upload_id=unknown', 'query')).status, 404);
});
