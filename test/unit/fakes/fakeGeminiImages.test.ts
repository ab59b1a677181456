import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../../fakes/geminiServer.ts';
import { sniff } from '../../fakes/images.ts';
import { contentsWith, pngOf, post } from '../../fakes/testClient.ts';

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
const needsCorpus = { skip: !corpus && 'IMAGE_INSPECTOR_CORPUS is not set' };
let server: GeminiServer;
before(async () => {
  server = await startGeminiServer();
});
after(() => server.close());

/** What the API says to a picture: `ok`, or why it refuses. */
async function verdict(bytes: Buffer, mimeType: string): Promise<string> {
  const { status, json } = await post(server.url, { contents: contentsWith(bytes, { mimeType }) });
  return status === 200 ? 'ok' : `${status} ${json.error?.message}`;
}

test('a PNG is taken as a PNG only', async () => {
  assert.equal(await verdict(pngOf(7, 5), 'image/png'), 'ok');
  assert.equal(await verdict(pngOf(7, 5), 'image/jpeg'), '400 Provided image is not valid.');
  assert.equal(await verdict(pngOf(7, 5), 'image/jpg'), '400 Unsupported MIME type: image/jpg');
});

test('the type is that of the bytes, not that of the declaration', async () => {
  const files: [string, Buffer][] = [
    ['image/gif', Buffer.from('GIF89a\x01\0\x01\0')],
    ['image/bmp', Buffer.from('BM\x1e\0\0\0')],
    ['image/tiff', Buffer.from('II*\0\x08\0\0\0')],
    ['image/svg+xml', Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['image/avif', Buffer.from('\0\0\0\x18ftypavif\0\0\0\0avifmif1', 'latin1')],
  ];
  for (const [mimeType, bytes] of files) {
    assert.equal(await verdict(bytes, mimeType), `400 Unsupported MIME type: ${mimeType}`);
    assert.equal(await verdict(bytes, 'image/png'), `400 Unsupported MIME type: ${mimeType}`);
  }
});

test('bytes that are no picture', async () => {
  assert.equal(await verdict(Buffer.from('version https://git-lfs.github.com/spec/v1\n'), 'image/png'), '400 Provided image is not valid.');
});

test('a PNG that ends too early or has a wrong byte cannot be processed', async () => {
  const whole = pngOf(40, 30);
  const wrong = Buffer.from(whole);
  wrong[50] = (wrong[50] ?? 0) ^ 1;
  assert.match(await verdict(whole.subarray(0, -20), 'image/png'), /^400 Unable to process input image/);
  assert.match(await verdict(wrong, 'image/png'), /^400 Unable to process input image/);
});

test('data that is no base64', async () => {
  const { status, json } = await post(server.url, { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: '<png>' } }] }] });
  assert.equal(status, 400);
  assert.match(json.error?.message ?? '', /Base64 decoding failed/);
});

test('received pictures are there to be looked at', async () => {
  server.reset();
  const bytes = pngOf(7, 5);
  await post(server.url, { contents: [{ parts: [{ inline_data: { mime_type: 'image/png', data: bytes.toString('base64') } }] }] });
  const [image] = server.requests[0]?.images ?? [];
  assert.deepEqual(image?.bytes, bytes);
  assert.equal(image?.mimeType, 'image/png');
  assert.match(image?.sha256 ?? '', /^[0-9a-f]{64}$/);
});

const SIZES: Readonly<Record<string, [number, number]>> = {
  '320x240.jpg': [320, 240],
  'progressive.jpg': [123, 456],
  '16-bit-grey-alpha.png': [109, 96],
  'lossy.webp': [123, 456],
  'lossless.webp': [123, 456],
  'extended.webp': [123, 456],
  'RGB_8__128x128.heif': [128, 128],
  'heic-single.heic': [1440, 960],
};

for (const [name, [width, height]] of Object.entries(SIZES)) {
  test(`the size of ${name} is read from its header`, needsCorpus, () => {
    const sniffed = sniff(readFileSync(join(corpus ?? '', 'images/formats', name)));
    assert.deepEqual(sniffed.accepted && sniffed.size, { width, height });
  });
}

test('HEIC goes under both of its names', needsCorpus, async () => {
  const bytes = readFileSync(join(corpus ?? '', 'images/formats/heic-single.heic'));
  assert.deepEqual([await verdict(bytes, 'image/heic'), await verdict(bytes, 'image/heif')], ['ok', 'ok']);
});

test('broken files are refused', needsCorpus, async () => {
  const folder = join(corpus ?? '', 'images/broken');
  // Well-formed, but too large to be decoded: the stand-in does not decode.
  const names = readdirSync(folder).filter((name) => name !== '65536-uint32-limit.png' && name !== 'empty.heic');
  assert.ok(names.length > 10);
  for (const name of names) {
    const mimeType = `image/${extname(name).slice(1).replace('jpg', 'jpeg')}`;
    assert.match(await verdict(readFileSync(join(folder, name)), mimeType), /^400 (Unable to process input|Provided image)/, name);
  }
});
