import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { decodeMask } from '../../../../src/core/masks/mask.ts';
import { readDetections } from '../../../../src/core/reply/detections.ts';
import { discMask, item, labels, list, read, reasons, SQUARE, theOnly, toBase64 } from '../../../fixtures/replies/make.ts';
import { chunk, pngOf } from '../../../fixtures/replies/png.ts';

const BOX = [10, 20, 300, 400];
const PREFIX = 'data:image/png;base64,';
const DISC = discMask();

function masked(mask: unknown): ReturnType<typeof theOnly> {
  return theOnly(list(item('cat', BOX, { mask })));
}

function problemOf(mask: unknown): string | undefined {
  const cat = masked(mask);
  assert.equal(cat.mask, undefined);
  assert.equal(cat.label, 'cat');
  assert.deepEqual(cat.pixelBox, { x: 20, y: 10, width: 380, height: 290 });
  return cat.maskProblem;
}

const WAYS: Record<string, string> = {
  'with prefix': PREFIX + DISC,
  'without prefix': DISC,
  'with another prefix': `data:image/png;charset=utf-8;base64,${DISC}`,
  'with a prefix in capitals': `DATA:IMAGE/PNG;BASE64,${DISC}`,
  'in lines': `${PREFIX}\n${DISC.replaceAll(/(.{20})/g, '$1\r\n')} `,
  'without padding': DISC.replace(/=+$/, ''),
  'in the URL-safe alphabet': DISC.replaceAll('+', '-').replaceAll('/', '_'),
};
for (const [name, mask] of Object.entries(WAYS)) {
  test(`a PNG mask ${name} is the model's own bytes`, () => {
    const cat = masked(mask);
    assert.deepEqual(cat.mask, { kind: 'bitmap', width: 16, height: 16, png: DISC });
    assert.equal(cat.maskProblem, undefined);
  });
}

test('a PNG mask in single quotes is read too', () => {
  assert.equal(theOnly(`[{'box_2d': [10, 20, 300, 400], 'mask': '${PREFIX}${DISC}', 'label': 'cat'}]`).mask?.kind, 'bitmap');
});

test('no mask is no problem', () => {
  for (const mask of [null, '', undefined]) {
    assert.equal(problemOf(mask), undefined);
  }
});

test('mask tokens cannot be decoded', () => {
  for (const mask of ['<start_of_mask><seg_115><seg_7>', '<seg_1><seg_2>', 'start_of_mask seg_3']) {
    assert.equal(problemOf(mask), 'This model sent mask tokens that cannot be decoded.');
  }
});

test('a placeholder is named as such', () => {
  for (const mask of ['gimme_mask_for_this', 'mask_1.png', '...', PREFIX.slice(0, 4), '<base64>']) {
    assert.equal(problemOf(mask), 'The model sent a placeholder in place of a mask.');
  }
});

test('other pictures and other bytes are no PNG', () => {
  assert.equal(problemOf(`data:image/jpeg;base64,${toBase64(new Uint8Array(200).fill(255))}`), 'The mask is image/jpeg, not a PNG image.');
  assert.equal(problemOf(`data:image/webp;base64,UklGRg==`), 'The mask is image/webp, not a PNG image.');
  assert.equal(problemOf(toBase64(new Uint8Array(200).fill(7))), 'The mask is not a PNG image.');
  assert.equal(problemOf(`${PREFIX}AAAA`), 'The mask is not a PNG image.');
});

test('a mask in another form is a problem of the mask only', () => {
  for (const mask of [{ size: [2, 2], counts: '0a' }, 5, true, ['a', 'b'], [[1, 2, 3]], [1, 2, 3, 4, 5, 6, 7], [{ x: 1 }]]) {
    assert.equal(problemOf(mask), 'The mask is in a form that cannot be read.', JSON.stringify(mask));
  }
});

test('a PNG cut anywhere is damaged, never half a mask', () => {
  const bytes = Buffer.from(DISC, 'base64');
  for (let end = 9; end < bytes.length; end++) {
    assert.equal(
      problemOf(PREFIX + toBase64(bytes.subarray(0, end))),
      'The PNG image of the mask is damaged or cut short.',
      `after ${end} bytes`,
    );
  }
});

test('a PNG with a wrong byte is damaged', () => {
  const bytes = Buffer.from(DISC, 'base64');
  for (let at = 16; at < bytes.length; at += 3) {
    const wrong = Buffer.from(bytes);
    wrong[at] = (wrong[at] ?? 0) ^ 0x10;
    const cat = masked(toBase64(wrong));
    assert.equal(cat.mask, undefined, `byte ${at}`);
    assert.ok(cat.maskProblem);
  }
});

test('characters that are no base64 make a mask damaged', () => {
  assert.equal(problemOf(`${PREFIX}${DISC.slice(0, 60)}!${DISC.slice(61)}`), 'The PNG image of the mask is damaged or cut short.');
});

test('a PNG over 4096 x 4096 is not inflated', () => {
  const nothing = deflateSync(new Uint8Array(10));
  assert.equal(problemOf(toBase64(pngOf(65536, 65536, nothing))), 'The mask has 65536 × 65536 pixels, at most 4096 × 4096 are read.');
  assert.equal(problemOf(toBase64(pngOf(4097, 1, nothing))), 'The mask has 4097 × 1 pixels, at most 4096 × 4096 are read.');
  assert.throws(() => decodeMask(toBase64(pngOf(4097, 1, nothing))), /out of bounds/);
});

test('a PNG of the largest size is read', () => {
  const mask = toBase64(pngOf(4096, 4096, deflateSync(new Uint8Array(4096 * 4097))));
  assert.equal(masked(mask).mask?.kind, 'bitmap');
});

test('a PNG that inflates to more than its size is stopped', () => {
  const bomb = deflateSync(new Uint8Array(200_000_000));
  assert.equal(problemOf(toBase64(pngOf(16, 16, bomb))), 'The PNG image of the mask is damaged or cut short.');
  assert.throws(() => decodeMask(toBase64(pngOf(16, 16, bomb))), /more than its size/);
});

test('a colour profile, which may be a bomb, is passed over', () => {
  // Whoever inflates this one fails.
  const profile = Buffer.from('bomb\0\0no deflated data', 'latin1');
  const plain = Buffer.from(DISC, 'base64');
  const withProfile = Buffer.concat([plain.subarray(0, 33), chunk('iCCP', profile), plain.subarray(33)]);
  assert.equal(masked(toBase64(withProfile)).mask?.kind, 'bitmap');
});

test('thousands of masks that are each as large as allowed are not all inflated', () => {
  const mask = toBase64(pngOf(4096, 4096, deflateSync(new Uint8Array(4096 * 4097))));
  const found = readDetections(list(...Array.from({ length: 7 }, () => item('cat', BOX, { mask }))), SQUARE);
  const problems = found.detections.map((detection) => detection.maskProblem);
  assert.equal(problems.filter((problem) => problem === undefined).length, 5);
  assert.equal(problems.at(-1), 'The masks of this reply are too large together.');
});

test('masks are counted by the bytes that their pixels take', () => {
  for (const [colourType, depth, most] of [
    [0, 8, 25],
    [2, 8, 8],
    [3, 1, 6],
    [6, 8, 6],
    [6, 16, 3],
  ] as const) {
    // Of 2000 x 2000 pixels, and nothing in it.
    const mask = toBase64(pngOf(2000, 2000, deflateSync(new Uint8Array(1)), { depth, colourType }));
    const found = readDetections(list(...Array.from({ length: 30 }, () => item('cat', BOX, { mask }))), SQUARE);
    const read = found.detections.filter(({ maskProblem }) => maskProblem !== 'The masks of this reply are too large together.');
    assert.equal(read.length, most, `colour type ${colourType}, ${depth} bits`);
  }
});

test('a reply that ends inside a mask keeps the box that was there before', () => {
  const endless = `[${item('dog')}, {"box_2d": [10, 20, 300, 400], "label": "cat", "mask": "${PREFIX}${'AAAB'.repeat(5000)}`;
  const found = read(endless);
  assert.deepEqual(labels(found), ['dog', 'cat']);
  assert.equal(found.detections[1]?.maskProblem, 'The reply ends inside the mask.');
  assert.equal(found.detections[1]?.id, '2');
  assert.deepEqual(found.dropped, []);
  assert.equal(found.jsonComplete, false);
});

test('a reply that ends inside an outline keeps the box as well', () => {
  const found = read('[{"box_2d": [10, 20, 300, 400], "mask": [[10, 20], [30, ');
  assert.deepEqual(labels(found), ['']);
  assert.equal(found.detections[0]?.maskProblem, 'The reply ends inside the mask.');
});

test('a reply that ends inside a mask before its box has nothing to keep', () => {
  const found = read(`[{"mask": "${PREFIX}AAAA`);
  assert.deepEqual(labels(found), []);
  assert.deepEqual(reasons(found), ['The reply ends inside this object.']);
});
