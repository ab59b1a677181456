import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../../../src/core/models/models.ts';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import type { WebOrigin } from '../../../../src/engine/files/imageFiles.ts';
import { sourceOf } from '../../../../src/engine/task/byAddress.ts';
import type { PreparedImage } from '../../../../src/engine/task/imagePreparer.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { type BodyPiece, memoryBody } from '../../../../src/imaging/reading/body.ts';
import { memorySource } from '../../../../src/imaging/reading/byteSource.ts';
import { png } from '../../../fixtures/images.ts';

const ORIGIN: WebOrigin = { address: 'https://example.com/cat.png', whole: true };
const INLINE = { kind: 'inline' };
const MODEL = 'gemini-3.8-flash';

const source = memorySource(png(40, 30));
const prepared = await prepare(source, { mostBytes: 1e6, maxDimension: 0 });
const image = (changes: Partial<Omit<PreparedImage, 'origin'>> & { origin?: WebOrigin | undefined } = {}): PreparedImage => {
  const { origin = ORIGIN, ...others } = changes;
  return { image: prepared, body: source, redactions: [], origin, ...others } as PreparedImage;
};
const INFO = modelInfo(MODEL, new Date(TABLE_DATE));
const wish = (changes = {}) => ({ asked: false, wanted: true, isPublic: async () => true, ...changes });

test('the address goes in place of the image where the setting or the call says so', async () => {
  const url = { kind: 'url', url: ORIGIN.address };
  assert.deepEqual(await sourceOf(image(), INFO, wish()), url);
  assert.deepEqual(await sourceOf(image(), INFO, wish({ asked: true, wanted: false })), url);
  assert.deepEqual(await sourceOf(image(), INFO, wish({ wanted: false })), INLINE);
});

const box = { x: 0, y: 0, width: 0.5, height: 0.5 };
const cases: Readonly<Record<string, [PreparedImage, string?, (() => Promise<boolean>)?]>> = {
  'an image that was not fetched': [{ image: prepared, body: source, redactions: [] } as unknown as PreparedImage],
  'an address that something was taken out of': [image({ origin: { ...ORIGIN, whole: false } })],
  'an address without encryption': [image({ origin: { ...ORIGIN, address: 'http://example.com/cat.png' } })],
  'a server that is not public': [image(), MODEL, async () => false],
  'a model of 2.5': [image(), 'gemini-2.5-flash'],
  'an image with redactions': [image({ redactions: [box] })],
  'a region': [image({ image: { ...prepared, region: box } })],
  'pixels that were made anew': [image({ image: { ...prepared, body: memoryBody(png(40, 30)) } })],
};

for (const [what, [prepared, model = MODEL, isPublic = async () => true]] of Object.entries(cases)) {
  test(`${what}: the image goes inside, or nothing where the call asks for the address`, async () => {
    assert.deepEqual(await sourceOf(prepared, modelInfo(model, new Date(TABLE_DATE)), wish({ isPublic })), INLINE);
    await assert.rejects(sourceOf(prepared, modelInfo(model, new Date(TABLE_DATE)), wish({ asked: true, isPublic })), {
      reason: 'unsupportedImage',
    });
  });
}

test('an image of which only metadata goes has its own pixels', async () => {
  const pieces: BodyPiece[] = [new Uint8Array(8), { offset: 20, length: 30 }];
  assert.equal((await sourceOf(image({ image: { ...prepared, body: { size: 38, pieces } } }), INFO, wish())).kind, 'url');
});
