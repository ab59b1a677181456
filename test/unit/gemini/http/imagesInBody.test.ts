import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ImagesInBody } from '../../../../src/gemini/http/imagesInBody.ts';

/** What arrives when a body made by `make` is sent. */
async function sent(images: ImagesInBody, make: () => unknown): Promise<unknown> {
  let arrived: RequestInit = {};
  const fetch = images.through(async (_, init) => {
    arrived = init ?? {};
    return new Response();
  });
  await fetch('http://localhost', { method: 'POST', headers: { 'x-name': 'kept' }, body: JSON.stringify(make()) });
  const bytes = await new Response(arrived.body).bytes();
  const headers = new Headers(arrived.headers);
  assert.deepEqual([headers.get('x-name'), headers.get('content-length')], ['kept', String(bytes.length)]);
  return JSON.parse(new TextDecoder().decode(bytes));
}

test('the data of images stands in the body as if it had been there, whatever its length and wherever it lies', async () => {
  for (const length of [0, 1, 2, 3, 4, 1000, 3 * 256 * 1024 - 1, 3 * 256 * 1024, 3 * 256 * 1024 + 1, 2_000_000]) {
    const whole = randomBytes(length + 7);
    const bytes = new Uint8Array(whole.buffer, whole.byteOffset + 5, length);
    const images = new ImagesInBody();
    const words = 'Kätzchen 🐈 "quoted" \\ image-00000000-0000-0000-0000-000000000000';
    const body = (data: string) => ({ parts: [{ text: words }, { inlineData: { data } }, { text: words }, { again: data }] });
    const mark = images.mark(bytes);
    assert.deepEqual(await sent(images, () => body(mark)), body(Buffer.from(bytes).toString('base64')), String(length));
  }
});

test('several images keep their places, and a body without images is left as it is', async () => {
  const images = new ImagesInBody();
  const [first, second] = [randomBytes(10), randomBytes(20)].map((bytes) => ({ mark: images.mark(bytes), data: bytes.toString('base64') }));
  assert.deepEqual(await sent(images, () => [second?.mark, first?.mark]), [second?.data, first?.data]);
  let body: unknown;
  const through = new ImagesInBody().through(async (_, init) => {
    body = init?.body;
    return new Response();
  });
  await through('http://localhost', { method: 'POST', body: '{"a":1}' });
  assert.equal(body, '{"a":1}');
});
