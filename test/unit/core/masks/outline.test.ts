import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GreyMap } from '../../../../src/core/masks/isolines.ts';
import { type Outline, outlineOfMap, outlineOfPolygon } from '../../../../src/core/masks/outline.ts';
import { MaskOutlines } from '../../../../src/webview/viewer/drawing/maskOutlines.ts';
import { drawMask, MASKED, object } from '../../../webview/support/sessions.ts';

const BOX = { x: 30, y: 20, width: 50, height: 80 };

function map(width: number, height: number, value: (x: number, y: number) => number): GreyMap {
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))) };
}

/** Numbers that look random and are the same in every run. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

function rings({ path }: Outline): [number, number][][] {
  return path
    .split('Z')
    .filter(Boolean)
    .map((ring) =>
      ring
        .slice(1)
        .split('L')
        .map((point) => point.split(',').map(Number) as [number, number]),
    );
}

/** The even-odd rule. */
function isInside(outline: Outline, x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings(outline)) {
    for (const [i, [x1, y1]] of ring.entries()) {
      const [x2, y2] = ring.at(i - 1) as [number, number];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
    }
  }
  return inside;
}

function assertSamplesAgree(grey: GreyMap, threshold: number): void {
  const outline = outlineOfMap(grey, threshold, BOX) as Outline;
  for (let y = 0; y < grey.height; y++) {
    for (let x = 0; x < grey.width; x++) {
      const px = BOX.x + ((x + 0.5) / grey.width) * BOX.width;
      const py = BOX.y + ((y + 0.5) / grey.height) * BOX.height;
      assert.equal(isInside(outline, px, py), (grey.data[y * grey.width + x] ?? 0) > threshold, `sample ${x}, ${y}`);
    }
  }
}

test('the middle of every cell is inside exactly where the map is above the threshold', () => {
  const random = pseudoRandom(7);
  assertSamplesAgree(
    map(24, 17, () => Math.floor(random() * 256)),
    127,
  );
  assertSamplesAgree(
    map(24, 17, () => Math.floor(random() * 256)),
    60,
  );
});

test('the threshold itself is not object', () => {
  assertSamplesAgree(
    map(6, 6, (x) => (x < 3 ? 127 : 128)),
    127,
  );
});

test('parts and holes are kept', () => {
  const ring = map(20, 10, (x, y) => {
    const left = x >= 1 && x < 8 && y >= 1 && y < 9;
    const hole = x >= 3 && x < 6 && y >= 3 && y < 6;
    return (left && !hole) || x >= 12 ? 255 : 0;
  });
  assert.equal(rings(outlineOfMap(ring, 127, BOX) as Outline).length, 3);
  assertSamplesAgree(ring, 127);
});

test('a map that is all object reaches the edges of its box', () => {
  const { tips, coverage } = outlineOfMap(
    map(8, 8, () => 255),
    127,
    BOX,
  ) as Outline;
  assert.deepEqual([tips.left[0], tips.right[0], tips.top[1], tips.bottom[1]], [30, 80, 20, 100]);
  assert.equal(coverage, 1);
});

test('an empty map has no outline', () => {
  assert.equal(
    outlineOfMap(
      map(8, 8, () => 0),
      127,
      BOX,
    ),
    undefined,
  );
});

test('straight runs need few points', () => {
  const half = outlineOfMap(
    map(256, 256, (x) => (x < 128 ? 255 : 0)),
    127,
    BOX,
  ) as Outline;
  assert.ok(rings(half).flat().length <= 8, half.path);
});

test('large and noisy maps are drawn from a smaller copy', () => {
  const random = pseudoRandom(3);
  const noise = map(2048, 1500, (x) => Math.floor(random() * 256 * (x < 1000 ? 1 : 0.3)));
  const outline = outlineOfMap(noise, 127, BOX);
  assert.ok((outline?.path.length ?? 0) < 1_000_000);
  const large = outlineOfMap(
    map(4096, 4096, (x, y) => ((x - 2048) ** 2 + (y - 2048) ** 2 < 2048 ** 2 ? 255 : 0)),
    127,
    BOX,
  ) as Outline;
  assert.ok(isInside(large, 55, 60) && !isInside(large, 31, 21));
  assert.ok(Math.abs(large.tips.right[0] - 80) < 0.2 && Math.abs(large.tips.top[1] - 20) < 0.2);
});

test('a polygon is scaled to the image; fewer than three points are no polygon', () => {
  const points = [
    [0, 0],
    [0.5, 0],
    [0.5, 0.25],
  ] as const;
  assert.equal(outlineOfPolygon(points, { width: 200, height: 100 })?.path, 'M0,0L100,0L100,25Z');
  assert.equal(outlineOfPolygon(points.slice(0, 2), { width: 200, height: 100 }), undefined);
});

test('outlines are remembered: a detection that is sent anew has its outline at once', async () => {
  const SIZE = { width: 640, height: 480 };
  let ready = () => {};
  const outlines = new MaskOutlines(() => ready(), setImmediate);
  const finished = new Promise<void>((done) => {
    ready = () => outlines.busy || done();
  });
  assert.equal(outlines.of(MASKED, SIZE, 127).size, 0);
  await finished;
  const first = outlines.of(MASKED, SIZE, 127);
  assert.equal(first.size, MASKED.length);
  const again = outlines.of(structuredClone(MASKED), SIZE, 127);
  for (const { id } of MASKED) assert.equal(again.get(id), first.get(id));
});

test('outlines for another threshold take the place of the earlier ones as they become known', async () => {
  const SIZE = { width: 640, height: 480 };
  const soft = object(1, 'ball', [0, 0, 1, 1], { mask: { kind: 'bitmap', width: 32, height: 32, png: drawMask(32, 32, (x) => 8 * x) } });
  let ready = () => {};
  const outlines = new MaskOutlines(() => ready(), setImmediate);
  const finished = () =>
    new Promise<void>((done) => {
      ready = () => outlines.busy || done();
    });
  outlines.of([soft], SIZE, 127);
  await finished();
  const first = outlines.of([soft], SIZE, 127).get('1');
  assert.ok(first?.soft);
  assert.equal(outlines.of([soft], SIZE, 200).get('1'), first);
  assert.ok(outlines.busy);
  await finished();
  const second = outlines.of([soft], SIZE, 200).get('1');
  assert.ok((second?.coverage ?? 1) < (first.coverage ?? 0));
});

test('thickness: of a strip its width, of a disc half its diameter, of a ring its band', () => {
  const box = { x: 0, y: 0, width: 200, height: 200 };
  const thickness = (value: (x: number, y: number) => boolean) =>
    outlineOfMap(
      map(200, 200, (x, y) => (value(x, y) ? 255 : 0)),
      127,
      box,
    )?.thickness ?? 0;
  const near = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 0.1 * wanted, `${found}, not ${wanted}`);
  near(
    thickness((_x, y) => y >= 100 && y < 103),
    3,
  );
  near(
    thickness((x, y) => Math.hypot(x - 100, y - 100) < 80),
    80,
  );
  near(
    thickness((x, y) => Math.abs(Math.hypot(x - 100, y - 100) - 80) < 4),
    8,
  );
});
