import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { type Body, bodySource } from '../../../../src/imaging/reading/body.ts';
import { type ByteSource, memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { type SparseFile, sparseSource } from '../../../bench/longHeaders.ts';
import { largeImages } from '../../../fixtures/largeImages.ts';

const SIZE = 300_000_000;
const MOST_AT_ONCE = 4 * 1024 * 1024;

/** The file as a source that notes the longest read. */
function watched(file: SparseFile): ByteSource & { longest: number } {
  const source = sparseSource(file);
  return {
    size: source.size,
    longest: 0,
    read(offset, length) {
      this.longest = Math.max(this.longest, Math.min(length, this.size - offset));
      return source.read(offset, length);
    },
  };
}

suite('an image of 300 MB', () => {
  for (const [format, { file, sent }] of Object.entries(largeImages(SIZE))) {
    test(`a ${format} is prepared without being held in memory`, async () => {
      const source = watched(file);
      const { body, bodySha256, stored } = await prepare(source, { maxDimension: 0 });
      assert.deepEqual(stored, { width: 4032, height: 3024 });
      assert.equal(body.size, sent);
      const ownBytes = body.pieces.reduce((sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : 0), 0);
      assert.ok(ownBytes < 1000, `${ownBytes} bytes of its own`);
      const hash = createHash('sha256');
      const outgoing = bodySource(body, source);
      for (let at = 0; at < outgoing.size; at += MOST_AT_ONCE) {
        const bytes = Buffer.from(await outgoing.read(at, MOST_AT_ONCE));
        assert.ok(!bytes.includes('Secret'));
        hash.update(bytes);
      }
      assert.equal(hash.digest('hex'), bodySha256);
      assert.ok(source.longest <= MOST_AT_ONCE, `${source.longest} bytes at once`);
    });
  }

  test('one that ends too early is found out', async () => {
    const { pieces } = largeImages(SIZE).jpeg.file;
    await assert.rejects(prepare(sparseSource({ size: SIZE, pieces: pieces.slice(0, 1) }), { maxDimension: 0 }), /not a readable image/);
  });
});

suite('a body', () => {
  const file = memorySource(Uint8Array.from({ length: 10 }, (_, index) => index));
  const body: Body = { size: 7, pieces: [{ offset: 2, length: 3 }, Uint8Array.of(100, 101), { offset: 8, length: 2 }] };

  test('is read across its pieces, anywhere', async () => {
    const source = bodySource(body, file);
    const whole = [2, 3, 4, 100, 101, 8, 9];
    assert.deepEqual([...(await readWhole(source))], whole);
    for (let from = 0; from <= 8; from++)
      for (let length = 0; length <= 8; length++)
        assert.deepEqual([...(await source.read(from, length))], whole.slice(from, from + length));
  });

  test('that is the whole file is read as the file', () => {
    assert.equal(bodySource({ size: 10, pieces: [{ offset: 0, length: 10 }] }, file), file);
  });

  test('cannot be read when the file has become shorter', async () => {
    await assert.rejects(bodySource(body, memorySource(new Uint8Array(9))).read(0, 7), /not sent/);
  });
});
