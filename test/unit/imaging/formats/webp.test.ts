import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { type ByteSource, memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { decoded, encoded, portrait, storedWith } from '../../../fixtures/pictures.ts';

const AS_IT_IS = { maxDimension: 0 };
const SECRET = 'Secret Words';

async function sent(file: Uint8Array): Promise<Buffer> {
  const source = memorySource(file);
  return Buffer.from(await readWhole(bodySource((await prepare(source, AS_IT_IS)).body, source)));
}

/** A file of the given chunks. */
function webp(...parts: Buffer[]): Uint8Array {
  const content = Buffer.concat(parts);
  const head = Buffer.from('RIFF....WEBP', 'latin1');
  head.writeUInt32LE(content.length + 4, 4);
  return new Uint8Array(Buffer.concat([head, content]));
}

function chunk(type: string, content: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.from(`${type}....`, 'latin1');
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

/** The first chunk of a type, with its head. */
function chunkOf(file: Uint8Array, type: string): Buffer {
  const bytes = Buffer.from(file);
  const at = bytes.indexOf(type, 12, 'latin1');
  const length = bytes.readUInt32LE(at + 4);
  return bytes.subarray(at, at + 8 + length + (length % 2));
}

function extended(width: number, height: number, flags = 0): Buffer {
  const content = Buffer.alloc(10);
  content[0] = flags;
  content.writeUIntLE(width - 1, 4, 3);
  content.writeUIntLE(height - 1, 7, 3);
  return chunk('VP8X', content);
}

const secret = chunk('seCR', Buffer.from(SECRET));

async function animation(): Promise<Uint8Array> {
  const sharp = await wasmSharp();
  const frames = Buffer.concat([portrait().rgb, storedWith(3, portrait()).rgb]);
  const picture = sharp(frames, { raw: { width: 96, height: 288, channels: 3, pageHeight: 144 } });
  return new Uint8Array(await picture.webp({ lossless: true }).toBuffer());
}

suite('a WEBP', () => {
  test('whose header lies about its size is refused as damaged, as by every decoder', async () => {
    for (const format of ['webp', 'webpLossless'] as const) {
      const pixels = chunkOf(await encoded(portrait(), { format }), format === 'webp' ? 'VP8 ' : 'VP8L');
      assert.deepEqual((await prepare(memorySource(webp(extended(96, 144), pixels)), AS_IT_IS)).stored, { width: 96, height: 144 });
      for (const [width, height] of [
        [192, 288],
        [96, 145],
        [40, 40],
      ] as const) {
        const lying = memorySource(webp(extended(width, height), pixels));
        await assert.rejects(prepare(lying, AS_IT_IS), { reason: 'unreadableImage' }, `${format} ${width} x ${height}`);
      }
    }
    const file = Buffer.from(await animation());
    const frame = file.indexOf('ANMF');
    for (const [at, value] of [
      [frame + 8 + 6, 50],
      [frame + 8, 1000],
    ] as const) {
      const lying = Buffer.from(file);
      lying.writeUIntLE(value, at, 3);
      await assert.rejects(prepare(memorySource(new Uint8Array(lying)), AS_IT_IS), { reason: 'unreadableImage' });
    }
  });

  test('is sent without pictures and chunks that no decoder shows', async () => {
    const [shown, hidden] = await Promise.all(
      [portrait(), storedWith(3, portrait())].map((picture) => encoded(picture, { format: 'webpLossless' })),
    );
    const [pixels, others] = [shown, hidden].map((file) => chunkOf(file as Uint8Array, 'VP8L')) as [Buffer, Buffer];
    const frame = chunkOf(await animation(), 'ANMF');
    const still = await sent(webp(extended(96, 144), secret, pixels, others, frame, chunk('ICCP', Buffer.from(SECRET)), secret));
    assert.deepEqual([...still], [...webp(extended(96, 144), pixels)]);
    assert.deepEqual(await decoded(still), portrait());
  });

  test('has nothing but pixels in the frames of its animation', async () => {
    const file = await animation();
    const [head, loop, frame] = ['VP8X', 'ANIM', 'ANMF'].map((type) => chunkOf(file, type)) as [Buffer, Buffer, Buffer];
    const content = frame.subarray(8);
    const told = chunk('ANMF', Buffer.concat([content.subarray(0, 16), secret, content.subarray(16), secret]));
    const result = await sent(webp(head, loop, told, frame, chunkOf(await encoded(portrait(), { format: 'webp' }), 'VP8 ')));
    assert.deepEqual([...result], [...webp(head, loop, frame, frame)]);
  });

  test('of millions of chunks is given up at once, as is one without a picture', async () => {
    const pixels = chunkOf(await encoded(portrait(), { format: 'webp' }), 'VP8 ');
    const many = webp(extended(96, 144), Buffer.concat(Array<Buffer>(1_000_000).fill(chunk('junk'))), pixels);
    const source = memorySource(many);
    let bytesRead = 0;
    const watched: ByteSource = {
      size: source.size,
      read: async (offset, length) => {
        const bytes = await source.read(offset, length);
        bytesRead += bytes.length;
        return bytes;
      },
    };
    await assert.rejects(prepare(watched, AS_IT_IS), { reason: 'unreadableImage' });
    assert.ok(bytesRead < many.length / 2, `${bytesRead} of ${many.length} bytes`);
    await assert.rejects(prepare(memorySource(webp(extended(96, 144), secret)), AS_IT_IS), { reason: 'unreadableImage' });
  });
});
