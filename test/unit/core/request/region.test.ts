import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { failureView, InspectorError } from '../../../../src/core/base/failure.ts';
import { mapPoint } from '../../../../src/core/base/geometry.ts';
import { placeOfBox } from '../../../../src/core/reply/items/place.ts';
import { largeImage, offersSmaller } from '../../../../src/core/request/largeImage.ts';
import { fromPart, regionPixels, touchedPixels } from '../../../../src/core/request/region.ts';
import { sentSize, sizeChoices } from '../../../../src/core/request/sentSize.ts';

const PICTURE = { width: 300, height: 200 };
const refused = (error: unknown) => error instanceof InspectorError && error.reason === 'unsupportedImage';

suite('a region', () => {
  test('has whole pixels, the nearest to its edges, and lies within the picture', () => {
    assert.deepEqual(regionPixels({ x: 0.1, y: 0.2, width: 0.5, height: 0.5 }, PICTURE), { x: 30, y: 40, width: 150, height: 100 });
    assert.deepEqual(regionPixels({ x: 0.101, y: 0, width: 0.1, height: 1 }, PICTURE), { x: 30, y: 0, width: 30, height: 200 });
    assert.deepEqual(regionPixels({ x: -1, y: 0.5, width: 9, height: 9 }, PICTURE), { x: 0, y: 100, width: 300, height: 100 });
  });

  test('has at least one pixel', () => {
    for (const x of [0, 0.5, 0.99999]) {
      const { width, height } = regionPixels({ x, y: x, width: 1e-9, height: 1e-9 }, PICTURE);
      assert.deepEqual([width, height], [1, 1]);
    }
  });

  test('that is none is refused', () => {
    const whole = { x: 0, y: 0, width: 1, height: 1 };
    const none = { width: Number.NaN, height: Number.POSITIVE_INFINITY, x: 1, y: -1 };
    for (const [name, value] of Object.entries(none))
      assert.throws(() => regionPixels({ ...whole, [name]: value }, PICTURE), refused, name);
    for (const change of [{ width: 0 }, { height: -0.1 }, { x: '0' as unknown as number }, { width: undefined as unknown as number }])
      assert.throws(() => regionPixels({ ...whole, ...change }, PICTURE), refused, JSON.stringify(change));
    assert.throws(() => touchedPixels({ ...whole, x: Number.NaN }, PICTURE), refused);
  });

  test('leads back to the pixels that were cut, exactly', () => {
    for (const size of [7, 49, 300, 4032]) {
      for (let x = 0; x < size; x += Math.ceil(size / 40)) {
        const picture = { width: size, height: size };
        const cut = { x, y: 0, width: size - x, height: size };
        const place = placeOfBox({ left: 0, top: 0, right: 1000, bottom: 1000 }, { ...picture, toImage: fromPart(cut, picture) });
        assert.ok(typeof place !== 'string');
        assert.deepEqual(place.pixelBox, cut);
      }
    }
  });

  test('what is found in it lies in the whole picture', () => {
    const toImage = fromPart({ x: 30, y: 40, width: 150, height: 100 }, PICTURE);
    assert.deepEqual(mapPoint(toImage, 0.5, 0.5), { x: 105 / 300, y: 90 / 200 });
  });
});

test('what is blacked out is rounded outwards', () => {
  assert.deepEqual(touchedPixels({ x: 0.101, y: 0.101, width: 0.1, height: 0.1 }, PICTURE), { x: 30, y: 20, width: 31, height: 21 });
  assert.equal(touchedPixels({ x: 2, y: 0, width: 1, height: 1 }, PICTURE).width, 0);
});

suite('the size that is sent', () => {
  const photo = { mimeType: 'image/jpeg', upright: { width: 4000, height: 3000 } };
  const half = { x: 0, y: 0, width: 0.5, height: 1 };

  test('is limited for the part, not for the whole', () => {
    assert.deepEqual(sentSize(photo, { maxDimension: 0, region: half }), { width: 2000, height: 3000 });
    assert.deepEqual(sentSize(photo, { maxDimension: 1500, region: half }), { width: 1000, height: 1500 });
  });

  test('can be chosen among those that are smaller', () => {
    const sizes = (source: typeof photo, region?: typeof half) =>
      sizeChoices(source, region === undefined ? {} : { region }).map(({ maxDimension, size }) => [maxDimension, size.width, size.height]);
    assert.deepEqual(sizes(photo), [
      [0, 4000, 3000],
      [2048, 2048, 1536],
      [1024, 1024, 768],
    ]);
    assert.deepEqual(sizes(photo, { ...half, width: 0.375, height: 0.5 }), [
      [0, 1500, 1500],
      [1024, 1024, 1024],
    ]);
    assert.deepEqual(sizes({ ...photo, upright: { width: 1024, height: 3 } }), [[0, 1024, 3]]);
  });

  test('of a part of an SVG is drawn large, within bounds', () => {
    const drawing = { mimeType: 'image/svg+xml', upright: { width: 100, height: 100 } };
    assert.deepEqual(sentSize(drawing, { maxDimension: 0, region: { x: 0, y: 0, width: 0.5, height: 0.25 } }), {
      width: 1024,
      height: 512,
    });
    assert.deepEqual(sentSize(drawing, { maxDimension: 0, region: { x: 0, y: 0, width: 0.01, height: 0.01 } }), { width: 41, height: 41 });
  });
});

suite('an image over 30 MB', () => {
  const size = { width: 9000, height: 6000 };

  test('is offered smaller, unless its size was chosen or it cannot be smaller', () => {
    const chosen = { isSizeChosen: true };
    const open = { isSizeChosen: false };
    assert.equal(offersSmaller({ bytes: 31e6, size }, open), true);
    assert.equal(offersSmaller({ bytes: 30e6, size }, open), false);
    assert.equal(offersSmaller({ bytes: 300e6, size }, chosen), false);
    assert.equal(offersSmaller({ bytes: 31e6, size: { width: 2048, height: 2048 } }, open), false);
  });

  test('says how large it is and what can be done', () => {
    const { reason, message, actions } = failureView(largeImage(31.26e6));
    assert.deepEqual([reason, message], ['tooLarge', 'The image is too large to send (31.3 MB).']);
    assert.deepEqual(actions, ['sendSmaller', 'sendFullSize', 'openSettings']);
  });
});
