import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wireSize } from '../../../../src/core/request/buildRequest.ts';
import { type GeminiRequest, partsOf, type RequestPart } from '../../../../src/core/request/request.ts';
import { PENDING, planTransfer, waysOf, withFiles } from '../../../../src/core/request/transfer.ts';

const image = (
  place: number,
  bytes: number,
  source: Extract<RequestPart, { kind: 'image' }>['source'] = { kind: 'inline' },
): RequestPart => ({
  kind: 'image',
  image: place,
  mimeType: 'image/png',
  bytes,
  source,
});
const request = (...parts: RequestPart[]): GeminiRequest => ({
  task: 'compare',
  model: 'm',
  turns: [{ role: 'user', parts: [...parts, { kind: 'text', text: 'What is different?' }] }],
  config: {},
});
const nothing = new Map<number, string>();
/** Of each part in order: the place and way of an image, or `text`. */
const shape = (planned: GeminiRequest) =>
  partsOf(planned).map((part) => (part.kind === 'image' ? `${part.image} ${part.source.kind}` : part.kind));

test('what fits as a whole goes inside the request, to the byte', () => {
  const asked = request(image(0, 3_000_000), image(1, 1_000_000));
  const size = wireSize(asked);
  assert.deepEqual(planTransfer(asked, size, nothing), { request: asked, uploads: [], known: nothing });
  assert.deepEqual(planTransfer(asked, size - 1, nothing).uploads, [0]);
});

test('above the limit the largest go as files until the rest fits, and the order stays', () => {
  const asked = request(image(0, 1_000_000), image(1, 9_000_000), image(2, 8_000_000), image(3, 2_000_000));
  const planned = planTransfer(asked, 5_000_000, nothing);
  assert.deepEqual(planned.uploads, [1, 2]);
  assert.deepEqual(shape(planned.request), ['0 inline', '1 file', '2 file', '3 inline', 'text']);
  assert.ok(wireSize(planned.request) <= 5_000_000);
});

test('what the API has already is not sent again, however small', () => {
  const known = new Map([[1, 'https://host/v1beta/files/one']]);
  const planned = planTransfer(request(image(0, 100), image(1, 100)), 1e6, known);
  assert.deepEqual(planned.uploads, []);
  assert.deepEqual(shape(planned.request), ['0 inline', '1 file', 'text']);
  assert.deepEqual([...planned.known], [[1, 'https://host/v1beta/files/one']]);
});

test('addresses stay addresses and take no room', () => {
  const asked = request(image(0, 90_000_000, { kind: 'url', url: 'https://example.com/a.png' }), image(1, 100));
  const planned = planTransfer(asked, 10_000, new Map([[0, 'https://host/v1beta/files/zero']]));
  assert.deepEqual(planned, { request: asked, uploads: [], known: nothing });
  assert.deepEqual(
    [...waysOf(asked)],
    [
      [0, 'url'],
      [1, 'inline'],
    ],
  );
});

test('an image that is named twice is uploaded once', () => {
  const asked = request(image(0, 9_000_000), image(0, 9_000_000));
  assert.deepEqual(planTransfer(asked, 1e6, nothing).uploads, [0]);
});

test('a request whose words alone are too long has everything as files', () => {
  const planned = planTransfer(request(image(0, 10), image(1, 20)), 10, nothing);
  assert.deepEqual(planned.uploads, [1, 0]);
});

test('the real address takes the place of the one that was awaited', () => {
  const planned = planTransfer(request(image(0, 9_000_000)), 1e6, nothing);
  assert.ok(JSON.stringify(planned.request).includes(PENDING));
  const sent = withFiles(planned.request, new Map([[0, 'https://host/v1beta/files/zero']]));
  assert.ok(!JSON.stringify(sent).includes(PENDING));
  assert.deepEqual(shape(sent), ['0 file', 'text']);
});
