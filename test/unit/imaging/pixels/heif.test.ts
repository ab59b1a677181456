import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import type { Prepared, PrepareOptions } from '../../../../src/imaging/formats/prepared.ts';
import { decodeHeif } from '../../../../src/imaging/pixels/heifPixels.ts';
import { wasmSharp } from '../../../../src/imaging/pixels/sharpWasm.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../../../src/imaging/worker/imageWorker.ts';
import { offBy, patches, SHOWN } from '../../../fixtures/codedPatches.ts';
import {
  box,
  clap,
  full,
  gridItem,
  type HeifParts,
  half,
  heifFile,
  hevcItem,
  icc,
  ispe,
  nclx,
  pixi,
  word,
} from '../../../fixtures/heifFile.ts';
import { decoded, difference, encoded, type Picture, part, portrait, storedWith } from '../../../fixtures/pictures.ts';

/** Of 255, a pixel: what JPEG costs. */
const TOLERANCE = 5;
const SECRET = Buffer.from('Secret Words');
const SRGB = nclx(1, 13, 6);

const worker = new ImageWorker({ entry: new URL('../../../../src/imaging/worker/worker.ts', import.meta.url) });
after(() => worker.dispose());

interface Sent extends Prepared {
  bytes: Uint8Array;
}

async function sent(file: Uint8Array, options: Partial<PrepareOptions> = {}): Promise<Sent> {
  const source = memorySource(file);
  const result = await worker.prepare(source, { maxDimension: 0, ...options });
  return { ...result, bytes: await readWhole(bodySource(result.body, source)) };
}

const photo = hevcItem(portrait(), SRGB);
const heic = (parts: Partial<HeifParts> = {}) => heifFile({ items: [photo], ...parts });

/** The picture as the decoder sees it that is behind the preparation. */
async function seen(file: Uint8Array): Promise<Picture> {
  const { bytes, mimeType } = await sent(file, { maxDimension: 0, redactions: [] });
  return mimeType === 'image/heic' ? decoded((await decodeHeif(bytes, 'HEIC')).file) : decoded(bytes);
}

suite('a HEIC', () => {
  test('of nothing but a picture is sent as it is', async () => {
    const { bytes, mimeType } = await sent(heic());
    assert.equal(mimeType, 'image/heic');
    assert.deepEqual(Buffer.from(bytes), Buffer.from(heic()));
    assert.ok(difference(await seen(heic()), portrait()) <= 1);
  });

  test('is sent without boxes and bytes that are no part of its picture', async () => {
    const uuid = box('uuid', Buffer.alloc(16, 7), SECRET);
    const video = box('mpvd', SECRET, Buffer.alloc(200_000, 3));
    const named = (parts: Partial<HeifParts>) => ({ ...parts, inMeta: parts.inMeta ?? [] });
    const cases: [what: string, parts: Partial<HeifParts>, mimeType: string][] = [
      ['boxes before the pixels', { before: [uuid, box('free', SECRET), box('udta', SECRET), box('mdat', SECRET)] }, 'image/heic'],
      ['boxes behind the pixels', { after: [uuid, video, box('mdat', SECRET)] }, 'image/heic'],
      ['bytes among the pixels', { gap: SECRET }, 'image/heic'],
      ['a video before the pixels', { before: [video] }, 'image/jpeg'],
      ['a box in the header', named({ inMeta: [full('xml ', 0, SECRET)] }), 'image/jpeg'],
      ['bytes in the header', named({ inMeta: [box('idat', SECRET)] }), 'image/jpeg'],
      ['the name of an item', { items: [{ ...photo, name: SECRET.toString() }] }, 'image/jpeg'],
      [
        'words about the picture',
        { items: [hevcItem(portrait(), SRGB, full('udes', 0, Buffer.from(`en\0${SECRET}\0\0\0`)))] },
        'image/jpeg',
      ],
      ['an item of metadata', { items: [photo, { kind: 'Exif', data: SECRET, references: [{ type: 'cdsc', to: [1] }] }] }, 'image/jpeg'],
    ];
    for (const [what, parts, mimeType] of cases) {
      const file = heic(parts);
      assert.ok(Buffer.from(file).includes(SECRET), what);
      const result = await sent(file);
      assert.equal(result.mimeType, mimeType, what);
      assert.ok(!Buffer.from(result.bytes).includes(SECRET), what);
      assert.ok(difference(await seen(file), portrait()) <= TOLERANCE, what);
    }
  });

  test('whose pixels end too early is refused', async () => {
    await assert.rejects(sent(heic().subarray(0, -100)), { reason: 'unreadableImage', detail: /incomplete/ });
    const beyond = heifFile({ items: [photo, { ...photo, data: Buffer.alloc(40) }] });
    const bytes = Buffer.from(beyond);
    bytes.writeUInt32BE(1_000_000, bytes.indexOf('iloc') + 22);
    await assert.rejects(sent(new Uint8Array(bytes)), { reason: 'unreadableImage', detail: /incomplete/ });
  });

  test('of tiles is sent as they are put together', async () => {
    const whole = portrait(96, 96);
    const tiles = [0, 1, 2, 3].map((place) => hevcItem(part(whole, (place % 2) * 48, Math.floor(place / 2) * 48, 48, 48), SRGB));
    const grid = heifFile({ items: [gridItem(2, 2, whole, SRGB), ...tiles] });
    assert.equal((await sent(grid)).mimeType, 'image/heic');
    assert.ok(difference(await seen(grid), whole) <= 1);
  });

  test('of any orientation, whole or cut, is sent upright', async () => {
    const irot = (quarters: number) => box('irot', Buffer.from([quarters]));
    const imir = (axis: number) => box('imir', Buffer.from([axis]));
    const turns = [[], [imir(1)], [irot(2)], [imir(0)], [irot(1), imir(0)], [irot(3)], [irot(3), imir(0)], [irot(1)]];
    for (const [place, steps] of turns.entries()) {
      const stored = storedWith(place + 1, portrait());
      const whole = heifFile({ items: [hevcItem(stored, SRGB, ...steps)] });
      assert.ok(difference(await seen(whole), portrait()) <= TOLERANCE, `orientation ${place + 1}`);
      const cut = heifFile({ items: [hevcItem(stored, SRGB, clap(40, 60), ...steps)] });
      const [left, top] = [(stored.width - 40) / 2, (stored.height - 60) / 2];
      const off = difference(storedWith(place + 1, await seen(cut)), part(stored, left, top, 40, 60));
      assert.ok(off <= TOLERANCE, `a part, orientation ${place + 1}: ${off}`);
    }
  });

  test('in wide colors or high dynamic range is converted', async () => {
    for (const [primaries, transfer, shown] of SHOWN) {
      const { mimeType, bytes } = await sent(heifFile({ items: [hevcItem(patches(), nclx(primaries, transfer, 6))] }));
      assert.equal(mimeType, primaries <= 2 && transfer < 16 ? 'image/heic' : 'image/jpeg');
      const off = offBy(await decoded(mimeType === 'image/heic' ? (await decodeHeif(bytes, 'HEIC')).file : bytes), shown);
      assert.ok(off <= 12, `${primaries}/${transfer}: ${off}`);
    }
  });

  test('that holds something else is named', async () => {
    const other = (kind: string, ...properties: Buffer[]) =>
      heifFile({ items: [{ kind, data: Buffer.alloc(100), properties: [ispe(portrait()), pixi(8, 8, 8), ...properties] }] });
    for (const [kind, name] of [
      ['jpeg', 'JPEG'],
      ['unci', 'ISO/IEC 23001-17'],
      ['j2k1', 'JPEG 2000'],
      ['avc1', 'H.264'],
      ['vvc1', 'H.266'],
    ] as const)
      await assert.rejects(sent(other(kind)), {
        reason: 'unsupportedImage',
        message: `This kind of HEIC cannot be read faithfully: its pixels are coded as ${name}.`,
      });
    for (const kind of ['tmap', 'iovl', 'abcd']) await assert.rejects(sent(other(kind)), { reason: 'unsupportedImage' }, kind);
    for (const type of ['iscl', 'abcd'])
      await assert.rejects(sent(heifFile({ items: [hevcItem(portrait(), box(type, word(0)))] })), { reason: 'unsupportedImage' }, type);
    await assert.rejects(sent(heifFile({ items: [{ ...photo, references: [{ type: 'prem', to: [2] }] }, photo] })), {
      reason: 'unsupportedImage',
    });
    await assert.rejects(sent(heifFile({ items: [hevcItem(portrait(), nclx(1, 13, 14))] })), {
      reason: 'unsupportedImage',
      message: /its colors cannot be converted/,
    });
  });

  test('with millions of pieces, or one property millions of times, is given up at once', async () => {
    const iloc = (...content: Buffer[]) => full('iloc', 0, Buffer.from([0, 0]), ...content);
    const endless = iloc(half(20_000), Buffer.concat(Array<Buffer>(20_000).fill(Buffer.concat([half(1), half(0), half(0xffff)]))));
    const bytes = Buffer.from(heic({ inMeta: [endless] }));
    bytes.write('free', bytes.indexOf('iloc'), 'latin1');
    await assert.rejects(sent(new Uint8Array(bytes)), { reason: 'unreadableImage' });
    const again = Buffer.concat([half(1), Buffer.from([1, 2])]);
    const repeated = box(
      'iprp',
      box('ipco', ispe(portrait()), ispe(portrait())),
      full('ipma', 0, word(200_000), Buffer.concat(Array<Buffer>(200_000).fill(again))),
    );
    const others = Buffer.from(heic({ inMeta: [repeated] }));
    others.write('free', others.indexOf('iprp'), 'latin1');
    await assert.rejects(sent(new Uint8Array(others)), { reason: 'unreadableImage' });
  });

  test('with a profile of high dynamic range is named', async () => {
    const sharpProfile = Buffer.from((await p3Profile()) ?? []);
    const named = Buffer.from(sharpProfile);
    // A text in UTF-16 behind 28 bytes.
    named.write('\0P\0Q\0 \0 ', named.readUInt32BE(named.indexOf('desc', 132, 'latin1') + 4) + 28, 'latin1');
    const coded = Buffer.from(sharpProfile);
    const entry = coded.indexOf('cprt', 132, 'latin1');
    coded.write('cicp', entry, 'latin1');
    coded.set([...Buffer.from('cicp'), 0, 0, 0, 0, 9, 16, 0, 1], coded.readUInt32BE(entry + 4));
    assert.equal((await sent(heifFile({ items: [hevcItem(portrait(), icc(sharpProfile))] }))).mimeType, 'image/heic');
    for (const profile of [named, coded])
      await assert.rejects(sent(heifFile({ items: [hevcItem(portrait(), icc(profile))] })), { reason: 'unsupportedImage' });
  });

  test('with the short header is named', async () => {
    for (const [kind, name] of [
      ['heic', 'HEIC'],
      ['avif', 'AVIF'],
    ] as const) {
      const file = Buffer.concat([box('ftyp', Buffer.from(`mif3${kind}`)), box('mini', Buffer.alloc(40))]);
      await assert.rejects(sent(new Uint8Array(file)), {
        reason: 'unsupportedImage',
        message: `This kind of ${name} cannot be read faithfully: it has the short header that is called mini.`,
      });
    }
  });

  test('after many others takes no more memory', async () => {
    const { default: libheif } = await import('libheif-js/wasm-bundle.js');
    const file = heifFile({ items: [hevcItem(portrait(256, 256), SRGB)] });
    const grown = async (times: number) => {
      for (let time = 0; time < times; time++) await decodeHeif(file, 'HEIC');
      return libheif.HEAPU8.length;
    };
    const before = await grown(3);
    assert.equal(await grown(100), before, `100 files of ${file.length} bytes`);
  });
});

async function p3Profile(): Promise<Uint8Array | undefined> {
  const sharp = await wasmSharp();
  return (await sharp(await encoded(portrait(), { format: 'png', profile: 'p3' })).metadata()).icc;
}
