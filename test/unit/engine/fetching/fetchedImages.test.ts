import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { FetchedImages } from '../../../../src/engine/fetching/fetchedImages.ts';
import type { ImageType } from '../../../../src/imaging/formats/imageType.ts';
import { png } from '../../../fixtures/images.ts';

const DAY = 24 * 60 * 60 * 1000;

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'fetched-')), 'fetched');
});
afterEach(() => rmSync(dirname(folder), { recursive: true }));

/** The folder of an address, in which that of the server is. */
const placeOf = (path: string) => dirname(dirname(path));

const gives =
  (bytes: Uint8Array, type: ImageType = 'image/png') =>
  async (take: (chunk: Uint8Array) => Promise<void>) => {
    await take(bytes.subarray(0, 30));
    await take(bytes.subarray(30));
    return type;
  };

test('an image is kept under its name, and knows where it came from', async () => {
  const images = new FetchedImages(folder);
  const path = await images.keep(new URL('https://example.com/d/cat.jpg?w=2'), gives(png(20, 10)));
  assert.equal(basename(path), 'cat.png');
  assert.deepEqual(new Uint8Array(readFileSync(path)), new Uint8Array(png(20, 10)));
  const origin = { address: 'https://example.com/d/cat.jpg?w=2', whole: true };
  assert.deepEqual(await images.originOf(path), origin);
  assert.deepEqual(await new FetchedImages(folder).originOf(path), origin, 'after a restart too');
  assert.equal(basename(dirname(path)), 'example.com', 'its tab says where it is from');
  assert.deepEqual(readdirSync(folder), [basename(placeOf(path))], 'nothing else is left');
});

test('an address that lets somebody in is not written down', async () => {
  const images = new FetchedImages(folder);
  const path = await images.keep(new URL('https://example.com/cat.png?w=2&token=hunter2'), gives(png()));
  const content = createHash('sha256').update(png()).digest('hex').slice(0, 8);
  assert.deepEqual(await images.originOf(path), { address: `https://example.com/cat.png?w=2#${content}`, whole: false });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile());
  assert.equal(files.length, 2);
  for (const file of files) assert.ok(!`${file} ${readFileSync(join(folder, file), 'latin1')}`.includes('hunter2'), file);
});

test('the same address again replaces the image; another address has a place of its own', async () => {
  const images = new FetchedImages(folder);
  const first = await images.keep(new URL('https://example.com/cat'), gives(png(20, 10)));
  const gif = Buffer.from('GIF89a\x04\0\x03\0\0\0\0;', 'latin1');
  const second = await images.keep(new URL('https://example.com/cat'), gives(gif, 'image/gif'));
  const other = await images.keep(new URL('https://example.com/cat?v=2'), gives(png(20, 10)));
  assert.equal(dirname(first), dirname(second));
  assert.ok(!existsSync(first));
  assert.notEqual(dirname(second), dirname(other));
  assert.ok(existsSync(second) && existsSync(other));
});

test('nothing is kept of what is no image, or does not come whole', async () => {
  const images = new FetchedImages(folder);
  const address = new URL('https://example.com/cat.png');
  const broken = new Error('broken off');
  const breaks = async (take: (chunk: Uint8Array) => Promise<void>) => {
    await take(png());
    throw broken;
  };
  await assert.rejects(images.keep(address, breaks), broken);
  const headOnly = gives(png().subarray(0, 12));
  await assert.rejects(images.keep(address, headOnly), {
    reason: 'unreadableImage',
    message: 'There is no readable image at this address.',
  });
  assert.deepEqual(readdirSync(folder), []);
});

test('an earlier image outlives a failed fetch of the same address', async () => {
  const images = new FetchedImages(folder);
  const address = new URL('https://example.com/cat.png');
  const path = await images.keep(address, gives(png(20, 10)));
  await assert.rejects(images.keep(address, gives(Buffer.from('no image at all, but long enough'))));
  assert.deepEqual(new Uint8Array(readFileSync(path)), new Uint8Array(png(20, 10)));
});

test('files from elsewhere have no origin', async () => {
  const images = new FetchedImages(folder);
  const path = await images.keep(new URL('https://example.com/cat.png'), gives(png()));
  writeFileSync(join(folder, '..', 'own.png'), png());
  for (const other of [join(folder, '..', 'own.png'), join(folder, 'cat.png'), join(dirname(path), 'deeper', 'cat.png'), folder])
    assert.equal(await images.originOf(other), undefined, other);
});

test('images go after seven days, and remains of a crash with them', async () => {
  const images = new FetchedImages(folder);
  const old = await images.keep(new URL('https://example.com/old.png'), gives(png()));
  const young = await images.keep(new URL('https://example.com/young.png'), gives(png()));
  const part = join(folder, 'left.part');
  writeFileSync(part, 'half');
  const ago = (days: number) => new Date(Date.now() - days * DAY);
  for (const path of [placeOf(old), part]) utimesSync(path, ago(7.1), ago(7.1));
  utimesSync(placeOf(young), ago(6.9), ago(6.9));
  const later = new FetchedImages(folder);
  await later.cleanUp();
  assert.ok(!existsSync(old) && !existsSync(part));
  assert.ok(existsSync(young));
  await new FetchedImages(join(folder, 'none')).cleanUp();
});

test('an origin that cannot be read hides no other image', async () => {
  const images = new FetchedImages(folder);
  const good = await images.keep(new URL('https://example.com/good.png'), gives(png()));
  for (const broken of ['', 'null', '[]', '{}', '{"address":3,"whole":true}', '{"address":"no address","whole":true}']) {
    const path = await images.keep(new URL('https://example.com/broken.png'), gives(png()));
    writeFileSync(join(placeOf(path), '.origin.json'), broken);
    assert.equal(await images.originOf(path), undefined, broken);
    assert.deepEqual(
      (await images.list()).map(({ path }) => path),
      [good],
      broken,
    );
  }
});

test('an old image that cannot be taken away keeps no new one from being kept', async (context) => {
  const old = join(folder, 'old');
  await new FetchedImages(folder).keep(new URL('https://example.com/cat.png'), gives(png()));
  mkdirSync(old);
  utimesSync(old, new Date(0), new Date(0));
  const { rm } = files;
  context.mock.method(files, 'rm', async (path: string, options: object) => {
    if (path === old) throw Object.assign(new Error('in use'), { code: 'EBUSY' });
    return rm(path, options);
  });
  syncBuiltinESMExports();
  try {
    assert.ok(existsSync(await new FetchedImages(folder).keep(new URL('https://example.com/cat.png'), gives(png()))));
  } finally {
    context.mock.restoreAll();
    syncBuiltinESMExports();
  }
});

test('images whose addresses differ in what is left out are told apart', async () => {
  const images = new FetchedImages(folder);
  const paths = [
    await images.keep(new URL('https://example.com/image?id=1'), gives(png(20, 10))),
    await images.keep(new URL('https://example.com/image?id=2'), gives(png(30, 10))),
  ];
  const addresses = await Promise.all(paths.map(async (path) => (await images.originOf(path))?.address));
  assert.equal(new Set(addresses).size, 2);
  for (const address of addresses) assert.match(address ?? '', /^https:\/\/example\.com\/image#[\da-f]{8}$/);
});

test('an image out of the clipboard is kept by its content, and is from nowhere', async () => {
  const images = new FetchedImages(folder);
  const path = await images.keepBytes(png(20, 10), 'Pasted image 2026-11-28 09.41.07');
  assert.equal(basename(path), 'Pasted image 2026-11-28 09.41.07.png');
  assert.deepEqual(new Uint8Array(readFileSync(path)), new Uint8Array(png(20, 10)));
  assert.equal(await images.originOf(path), undefined);
  assert.deepEqual(await images.list(), []);
  const old = new Date(Date.now() - 6 * DAY);
  utimesSync(dirname(path), old, old);
  assert.equal(await images.keepBytes(png(20, 10), 'Pasted image 2026-11-28 10.00.00'), path, 'the same image again');
  assert.ok(statSync(dirname(path)).mtimeMs > Date.now() - DAY, 'kept for as long again');
  assert.notEqual(await images.keepBytes(png(10, 20), 'Pasted image 2026-11-28 10.00.00'), path);
  const gone = new Date(Date.now() - 8 * DAY);
  utimesSync(dirname(path), gone, gone);
  await new FetchedImages(folder).cleanUp();
  assert.ok(!existsSync(path));
});

test('what is pasted and is no image leaves nothing behind', async () => {
  const images = new FetchedImages(folder);
  const message = 'The pasted file is not a readable image.';
  await assert.rejects(images.keepBytes(Buffer.from('%PDF-1.7 and more'), 'x'), { reason: 'unreadableImage', message });
  await assert.rejects(images.keepBytes(png().subarray(0, 12), 'x'), { reason: 'unreadableImage', message });
  assert.deepEqual(existsSync(folder) ? readdirSync(folder) : [], []);
});

test('what an earlier version kept beside its origin is known, until the address is fetched again', async () => {
  const images = new FetchedImages(folder);
  const address = new URL('https://example.com/cat.png');
  const place = placeOf(await images.keep(address, gives(png())));
  rmSync(join(place, 'example.com'), { recursive: true });
  writeFileSync(join(place, 'cat.png'), png());
  const origin = { address: address.href, whole: true };
  assert.deepEqual(await images.list(), [{ path: join(place, 'cat.png'), origin }]);
  const path = await images.keep(address, gives(png(20, 10)));
  assert.deepEqual(await images.list(), [{ path, origin }]);
});
