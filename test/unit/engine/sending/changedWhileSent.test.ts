import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { GeminiRequest } from '../../../../src/core/request/request.ts';
import { LOCAL_FILES } from '../../../../src/engine/files/localFiles.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingImage, Permit } from '../../../../src/engine/sending/outgoing.ts';
import { Retries } from '../../../../src/engine/sending/retry.ts';
import { Sender } from '../../../../src/engine/sending/sender.ts';
import { UploadCache } from '../../../../src/engine/sending/uploadCache.ts';
import { Uploads } from '../../../../src/engine/sending/uploads.ts';
import { ImagePreparer } from '../../../../src/engine/task/imagePreparer.ts';
import { createGemini } from '../../../../src/gemini/api/gemini.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { type ByteSource, fileSource, memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { BLOCK, BlockHashes, checkedSource } from '../../../../src/imaging/reading/checkedSource.ts';
import * as errors from '../../../fakes/errors.ts';
import { type GeminiServer, startGeminiServer } from '../../../fakes/geminiServer.ts';
import { taskRules } from '../../../fakes/plainNode.ts';
import { pngOf } from '../../../fakes/testClient.ts';

const SMALL = pngOf(300, 200);

let folder: string;
let server: GeminiServer;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'changed-'));
  server = await startGeminiServer();
});
afterEach(() => server.reset());
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function emptyMemory() {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
}

const senderWith = (permits: Permit[], limit = 20e6): Sender =>
  new Sender(
    {
      permits,
      destination: () => server.url,
      key: async () => 'test-key',
      connect: async (apiKey, baseUrl) => createGemini({ apiKey, baseUrl, fetch: globalThis.fetch }),
      uploads: async () => new Uploads(new UploadCache(emptyMemory()), () => limit),
      timeout: () => 10_000,
      begin: async () => undefined,
      recordUsage: async () => undefined,
      log: () => undefined,
    },
    new Retries({ now: Date.now, random: () => 0 }),
  );

/** An image of a file as a task prepares it: read again when it is sent. */
async function outgoing(path: string): Promise<OutgoingImage> {
  const source = await fileSource(path);
  const { body, bodySha256, bodyBlocks } = await prepare(source, { maxDimension: 0 });
  return {
    uri: `file://${path}`,
    name: 'a.png',
    body: checkedSource(bodySource(body, source), { sha256: bodySha256, blocks: bodyBlocks }),
    sha256: bodySha256,
  };
}

/** The same, held in memory until it is sent. */
async function heldOutgoing(path: string): Promise<OutgoingImage> {
  const preparer = new ImagePreparer(LOCAL_FILES, { prepare }, taskRules());
  const { body, image } = await preparer.prepare(pathToFileURL(path).href, {}, new Job());
  return { uri: `file://${path}`, name: 'a.png', body, sha256: image.bodySha256 };
}

function requestOf(images: readonly OutgoingImage[]): GeminiRequest {
  const parts = images.map(({ body }, image) => ({
    kind: 'image' as const,
    image,
    mimeType: 'image/png',
    bytes: body.size,
    source: { kind: 'inline' as const },
  }));
  return {
    task: 'caption',
    model: 'gemini-3.8-flash',
    turns: [{ role: 'user', parts: [...parts, { kind: 'text', text: 'What is it?' }] }],
    config: {},
  };
}

const silent = { uploading: () => undefined, sent: () => undefined, waiting: () => undefined, progress: () => undefined };
const isChanged = (error: unknown) => error instanceof InspectorError && /changed while it was being sent/.test(error.detail);
/** Bytes of pictures that got to the server, inline or by file. */
const arrived = () =>
  server.requests.filter(
    ({ endpoint }) => endpoint === 'generateContent' || endpoint === 'streamGenerateContent' || endpoint === 'countTokens',
  ).length;

/** What may happen to a file while the user reviews what is sent. */
const CHANGES: Readonly<Record<string, (path: string, bytes: Buffer) => Promise<void>>> = {
  'overwritten by as many bytes': (path, bytes) => writeFile(path, Buffer.from(bytes).fill('B', bytes.length - 40, bytes.length - 20)),
  'overwritten by more bytes': (path, bytes) => writeFile(path, Buffer.concat([pngOf(310, 210), bytes])),
  'cut off': (path, bytes) => writeFile(path, bytes.subarray(0, bytes.length - 20)),
  emptied: (path) => writeFile(path, ''),
  'replaced by another': async (path, bytes) => {
    await writeFile(`${path}.new`, Buffer.from(bytes).fill('B', 100));
    await rename(`${path}.new`, path);
  },
};

/** Does it until the file system tells of it, whose clock may be a coarse one. */
async function toldOf(path: string, change: () => Promise<void>): Promise<void> {
  const { stamp } = await fileSource(path);
  do await change();
  while ((await fileSource(path)).stamp === stamp);
}

suite('a file changes after the user was asked', () => {
  for (const [how, change] of Object.entries(CHANGES)) {
    for (const [way, limit] of [
      ['inside the request', 20e6],
      ['as an upload', 1000],
    ] as const) {
      for (const [where, made] of [
        ['on disk', outgoing],
        ['held', heldOutgoing],
      ] as const) {
        test(`${how}: nothing goes out ${way}, ${where}`, async () => {
          const path = join(folder, 'a.png');
          await writeFile(path, SMALL);
          const images = [await made(path)];
          const sender = senderWith([() => toldOf(path, () => change(path, SMALL))], limit);
          const draft = { job: new Job(), request: requestOf(images), images, inputTokens: 1 };
          await assert.rejects(sender.generate(draft, silent), isChanged);
          await writeFile(path, SMALL);
          await assert.rejects(sender.countTokens({ ...draft, job: new Job() }), isChanged);
          assert.equal(arrived(), 0);
          assert.deepEqual(server.files.all('test-key'), []);
        });
      }
    }
  }
});

test('a file that changes between two attempts is not sent by the second', async () => {
  const path = join(folder, 'retry.png');
  await writeFile(path, SMALL);
  const images = [await outgoing(path)];
  server.respondWith({ ...errors.overloaded(), headers: { 'retry-after': '60' } });
  let attempts = 0;
  const job = new Job();
  const follow = {
    ...silent,
    sent: () => {
      attempts += 1;
    },
    waiting: () => void writeFile(path, Buffer.from(SMALL).fill('B', 200)).then(() => job.skipWait()),
  };
  const pending = senderWith([]).generate({ job, request: requestOf(images), images, inputTokens: 1 }, follow);
  await assert.rejects(pending, isChanged);
  assert.equal(attempts, 2);
  assert.equal(arrived(), 1);
});

test('one of several images that has changed keeps all of them back', async () => {
  const paths = ['one.png', 'two.png'].map((name) => join(folder, name)) as [string, string];
  for (const path of paths) await writeFile(path, SMALL);
  const images = [await outgoing(paths[0]), await outgoing(paths[1])];
  const sender = senderWith([() => writeFile(paths[1], Buffer.from(SMALL).fill('B', 200))]);
  await assert.rejects(sender.generate({ job: new Job(), request: requestOf(images), images, inputTokens: 1 }, silent), isChanged);
  assert.equal(arrived(), 0);
});

test('a request that is repeated goes out with the same image each time, or not at all', async () => {
  const path = join(folder, 'repeat.png');
  await writeFile(path, SMALL);
  const job = new Job(1, 3);
  const sender = senderWith([]);
  const once = async () => {
    const images = [await outgoing(path)];
    return sender.generate({ job, request: requestOf(images), images, inputTokens: 1 }, silent);
  };
  await once();
  await once();
  await writeFile(path, pngOf(310, 200));
  await assert.rejects(once(), isChanged);
  assert.equal(arrived(), 2);
});

test('not a byte of what was not prepared leaves with an upload', async () => {
  const bytes = Buffer.alloc(3 * BLOCK + 5, 'The bytes of a picture. ');
  const path = join(folder, 'large');
  await writeFile(path, bytes);
  const { blocks, sha256 } = hashesOf(bytes);
  const body = checkedSource(await fileSource(path), { sha256, blocks });
  const images: OutgoingImage[] = [{ uri: 'file:///large', name: 'large', body, sha256 }];
  const sender = senderWith([() => writeFile(path, Buffer.alloc(bytes.length, 'SECRET '))], 1000);
  await assert.rejects(sender.generate({ job: new Job(), request: requestOf(images), images, inputTokens: 1 }, silent), isChanged);
  const uploaded = server.requests.filter(({ endpoint }) => endpoint === 'continueUpload');
  assert.deepEqual(
    uploaded.map((request) => request.bytes),
    uploaded.map(() => 0),
  );
});

suite('a checked source', () => {
  const bytes = Buffer.from(Array.from({ length: 2 * BLOCK + 777 }, (_, index) => index * 7));
  const { blocks, sha256 } = hashesOf(bytes);

  test('gives any range as it was, and reads nothing twice in a row', async () => {
    const reads: number[] = [];
    const source: ByteSource = {
      size: bytes.length,
      async read(offset, length) {
        reads.push(offset);
        return bytes.subarray(offset, offset + length);
      },
    };
    const checked = checkedSource(source, { sha256, blocks });
    for (const [offset, length] of [
      [0, 10],
      [BLOCK - 3, 6],
      [2 * BLOCK + 700, 9999],
      [0, bytes.length],
      [bytes.length, 5],
      [5, 0],
    ] as const)
      assert.deepEqual(
        Buffer.from(await checked.read(offset, length)),
        bytes.subarray(offset, offset + length),
        `${length} from ${offset}`,
      );
    const path = join(folder, 'bytes');
    await writeFile(path, bytes);
    const file = checkedSource(await fileSource(path), { sha256, blocks });
    for (const [offset, length] of [
      [0, bytes.length],
      [BLOCK, BLOCK + 777],
      [0, BLOCK + 9],
      [3, BLOCK],
      [2 * BLOCK, 776],
    ] as const)
      assert.deepEqual(Buffer.from(await file.read(offset, length)), bytes.subarray(offset, offset + length), `${length} from ${offset}`);
    reads.length = 0;
    for (let at = 0; at < bytes.length; at += 100_000) await checked.read(at, 100_000);
    assert.deepEqual(reads, [0, BLOCK, 2 * BLOCK]);
    reads.length = 0;
    await checked.read(2 * BLOCK, 5);
    assert.deepEqual(reads, [2 * BLOCK], 'what was read before is known');
    await checkedSource(source, { sha256, blocks }).read(2 * BLOCK, 5);
    assert.deepEqual(reads.slice(1), [0, BLOCK, 2 * BLOCK], 'what lies before is read first');
  });

  test('gives nothing of a block in which a single byte is another, nor of what follows', async () => {
    for (const place of [0, BLOCK - 1, BLOCK, bytes.length - 1]) {
      const other = Buffer.from(bytes);
      other[place] = (other[place] ?? 0) ^ 1;
      const path = join(folder, 'other');
      await writeFile(path, other);
      for (const source of [memorySource(other), await fileSource(path)]) {
        const checked = checkedSource(source, { sha256, blocks });
        await assert.rejects(checked.read(0, bytes.length), isChanged);
        await assert.rejects(checked.read(place, 1), isChanged);
        if (place >= BLOCK) assert.equal((await checked.read(0, BLOCK)).length, BLOCK);
        await assert.rejects(checked.read(2 * BLOCK, 5), isChanged);
      }
    }
  });

  test('its hashes do not depend on how the bytes come', () => {
    const hashes = new BlockHashes();
    for (let at = 0; at < bytes.length; at += 99_991) hashes.update(bytes.subarray(at, at + 99_991));
    assert.deepEqual(hashes.digest(), { sha256: createHash('sha256').update(bytes).digest('hex'), blocks });
  });
});

function hashesOf(bytes: Uint8Array): ReturnType<BlockHashes['digest']> {
  const hashes = new BlockHashes();
  hashes.update(bytes);
  return hashes.digest();
}
