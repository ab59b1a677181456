import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'fast-png';
import type { Box, Mask } from '../../src/core/inspection.ts';
import { maskSpans } from '../../src/core/maskSpans.ts';
import type { Colour, PaintedMask } from '../../src/core/paintMasks.ts';
import { paintMasks } from '../../src/core/paintMasks.ts';
import { pseudoRandom } from '../bench/mutateReply.ts';
import { toBase64 } from '../fixtures/replies/make.ts';

interface Grey {
  width: number;
  height: number;
  data: Uint8Array;
}

function bitmap({ width, height, data }: Grey): Mask {
  return { kind: 'bitmap', width, height, png: toBase64(encode({ width, height, data, channels: 1, depth: 8 })) };
}

function grey(width: number, height: number, value: (x: number, y: number) => number): Grey {
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))) };
}

const box = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height });

/** A picture of the object, a row a line: # where it is. */
function drawn(mask: Mask, pixelBox: Box, width: number, height: number, threshold = 127): string {
  const rows = Array.from({ length: height }, () => Array.from({ length: width }, () => '.'));
  maskSpans(mask, pixelBox, { width, height }, threshold, (y, from, to) => {
    assert.ok(y >= 0 && y < height && from >= 0 && from < to && to <= width, `${y}: ${from} to ${to}`);
    for (let x = from; x < to; x++) (rows[y] as string[])[x] = '#';
  });
  return rows.map((row) => row.join('')).join('\n');
}

/** The share of each cell in the middle of a pixel, by the definition: a triangle as wide as two cells or two pixels, the larger. */
function weights(cells: number, pixels: number, pixel: number): number[] {
  const reach = Math.max(1, cells / pixels);
  const place = ((pixel + 0.5) * cells) / pixels;
  const near = Array.from({ length: cells }, (_, cell) => Math.max(0, 1 - Math.abs(cell + 0.5 - place) / reach));
  const sum = near.reduce((total, value) => total + value, 0);
  return near.map((value) => value / sum);
}

/** The value of a map in each pixel of its box, every cell weighed for every pixel. */
function stretched(map: Grey, pixelBox: Box): number[][] {
  const across = Array.from({ length: pixelBox.width }, (_, x) => weights(map.width, pixelBox.width, x));
  return Array.from({ length: pixelBox.height }, (_, y) => {
    const down = weights(map.height, pixelBox.height, y);
    return across.map((shares) => {
      let value = 0;
      for (const [row, share] of down.entries()) {
        if (share > 0) for (const [cell, part] of shares.entries()) value += share * part * (map.data[row * map.width + cell] as number);
      }
      return value;
    });
  });
}

test('a map is stretched over its box as a picture is, pixel by pixel', () => {
  const random = pseudoRandom(7);
  const whole = (most: number) => 1 + Math.floor(random() * most);
  const seen = { object: 0, not: 0 };
  for (let round = 0; round < 300; round++) {
    const isHard = round % 2 === 0;
    const map = grey(whole(12), whole(12), () => (isHard ? 255 * Math.round(random()) : Math.floor(random() * 256)));
    const pixelBox = box(whole(5), whole(5), whole(30), whole(30));
    const threshold = round % 3 === 0 ? Math.floor(random() * 255) : 127;
    const rows = drawn(bitmap(map), pixelBox, 40, 40, threshold).split('\n');
    for (const [y, values] of stretched(map, pixelBox).entries()) {
      for (const [x, value] of values.entries()) {
        const isObject = rows[pixelBox.y + y]?.[pixelBox.x + x] === '#';
        seen[isObject ? 'object' : 'not']++;
        // On the level itself the last bit of the arithmetic decides.
        const isClear = Math.abs(value - threshold - 0.5) > 1e-9;
        if (isClear) assert.equal(isObject, value > threshold + 0.5, `round ${round}, ${x} ${y}: ${value} over ${threshold}`);
      }
    }
    const outside = rows.flatMap((row, y) =>
      [...row].filter((_, x) => x < pixelBox.x || y < pixelBox.y || x >= pixelBox.x + pixelBox.width || y >= pixelBox.y + pixelBox.height),
    );
    assert.ok(!outside.includes('#'), `round ${round}: outside the box`);
  }
  assert.ok(seen.object > 10_000 && seen.not > 10_000, JSON.stringify(seen));
});

test('a full map fills its box and no more, an empty one nothing', () => {
  const full = bitmap(grey(256, 256, () => 255));
  assert.equal(drawn(full, box(1, 1, 3, 2), 5, 4), '.....\n.###.\n.###.\n.....');
  assert.equal(drawn(full, box(0, 0, 2, 2), 2, 2), '##\n##');
  assert.equal(drawn(bitmap(grey(256, 256, () => 0)), box(0, 0, 2, 2), 2, 2), '..\n..');
  assert.equal(drawn(bitmap(grey(1, 1, () => 255)), box(1, 0, 1, 1), 3, 1), '.#.');
});

test('values above the threshold are object, the threshold itself is not', () => {
  const ramp = bitmap(grey(4, 1, (x) => [126, 127, 128, 129][x] as number));
  assert.equal(drawn(ramp, box(0, 0, 4, 1), 4, 1), '..##');
  assert.equal(drawn(ramp, box(0, 0, 4, 1), 4, 1, 128), '...#');
  assert.equal(drawn(bitmap(grey(3, 1, (x) => x)), box(0, 0, 3, 1), 3, 1, 0), '.##');
});

test('the documentation contradicts itself: its text has 127 as the middle point, its code takes more than 128; ours is more than 127', () => {
  const ramp = bitmap(grey(3, 1, (x) => 127 + x));
  assert.equal(drawn(ramp, box(0, 0, 3, 1), 3, 1, 127), '.##');
});

test('a thin line of a large map is not passed over in a small box', () => {
  const comb = bitmap(grey(256, 4, (x) => (x % 8 === 0 ? 255 : 0)));
  assert.equal(drawn(comb, box(0, 0, 8, 1), 8, 1, 16), '########');
});

test('a damaged map is an error', () => {
  const mask: Mask = { kind: 'bitmap', width: 2, height: 2, png: 'iVBORw0KGgo=' };
  assert.throws(() => maskSpans(mask, box(0, 0, 2, 2), { width: 2, height: 2 }, 127, () => {}));
});

/** By the definition: a ray to the right crosses the edges an odd number of times. */
function isInside(points: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  for (const [index, [x1, y1]] of points.entries()) {
    const [x2, y2] = points[(index + 1) % points.length] as readonly [number, number];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}

test('a polygon is filled by the even-odd rule, also where it crosses itself or leaves the image', () => {
  const random = pseudoRandom(11);
  let inside = 0;
  for (let round = 0; round < 200; round++) {
    const points = Array.from({ length: 3 + Math.floor(random() * 8) }, (): [number, number] => [
      random() * 1.4 - 0.2,
      random() * 1.4 - 0.2,
    ]);
    const [width, height] = [1 + Math.floor(random() * 40), 1 + Math.floor(random() * 40)];
    const rows = drawn({ kind: 'polygon', points }, box(0, 0, width, height), width, height).split('\n');
    for (const [y, row] of rows.entries()) {
      for (const [x, pixel] of [...row].entries()) {
        const expected = isInside(points, (x + 0.5) / width, (y + 0.5) / height);
        assert.equal(pixel === '#', expected, `round ${round}, ${x} ${y} of ${JSON.stringify(points)}`);
        if (expected) inside++;
      }
    }
  }
  assert.ok(inside > 10_000, String(inside));
});

test('polygons that share an edge share no pixel and leave none out', () => {
  const left: Mask = {
    kind: 'polygon',
    points: [
      [0, 0],
      [0.5, 0],
      [0.5, 1],
      [0, 1],
    ],
  };
  const right: Mask = {
    kind: 'polygon',
    points: [
      [0.5, 0],
      [1, 0],
      [1, 1],
      [0.5, 1],
    ],
  };
  assert.equal(drawn(left, box(0, 0, 4, 1), 5, 1), '##...');
  assert.equal(drawn(right, box(0, 0, 4, 1), 5, 1), '..###');
});

/** Laying one colour over another (W3C Compositing, source over), without premultiplication. */
function over(colour: Colour, below: readonly number[]): number[] {
  const [share, shareBelow] = [colour[3] / 255, (below[3] as number) / 255];
  const alpha = share + shareBelow * (1 - share);
  if (alpha === 0) return [...below];
  const channel = (i: number) => ((colour[i] as number) * share + (below[i] as number) * shareBelow * (1 - share)) / alpha;
  return [channel(0), channel(1), channel(2), alpha * 255].map(Math.round);
}

test('colours are laid over what is below: nothing, or other masks in any order and number', () => {
  const random = pseudoRandom(3);
  const byte = () => Math.floor(random() * 256);
  const [width, height] = [150, 20];
  let overlaps = 0;
  for (let round = 0; round < 40; round++) {
    const masks = Array.from({ length: 1 + Math.floor(random() * 6) }, (): PaintedMask => {
      const points = Array.from({ length: 3 }, (): [number, number] => [random(), random()]);
      return {
        mask: { kind: 'polygon', points },
        pixelBox: box(0, 0, width, height),
        colour: [byte(), byte(), byte(), round % 4 === 0 ? 255 : byte()],
      };
    });
    const data = new Uint8Array(width * height * 4);
    paintMasks({ width, height, data }, masks, 127);
    const expected = Array.from({ length: width * height }, (): readonly number[] => [0, 0, 0, 0]);
    for (const { mask, pixelBox, colour } of masks) {
      maskSpans(mask, pixelBox, { width, height }, 127, (y, from, to) => {
        for (let at = y * width + from; at < y * width + to; at++) {
          const below = expected[at] as readonly number[];
          if (below[3] !== 0) overlaps++;
          expected[at] = over(colour, below);
        }
      });
    }
    assert.deepEqual([...data], expected.flat(), `round ${round}`);
  }
  assert.ok(overlaps > 5000, String(overlaps));
});

test('each mask is painted in its place and its colour, later ones over earlier ones', () => {
  const data = new Uint8ClampedArray(4 * 2 * 4);
  const square: Mask = {
    kind: 'polygon',
    points: [
      [0.25, 0],
      [0.75, 0],
      [0.75, 1],
      [0.25, 1],
    ],
  };
  const masks: PaintedMask[] = [
    { mask: square, pixelBox: box(1, 0, 2, 2), colour: [10, 20, 30, 255] },
    { mask: bitmap(grey(1, 1, () => 255)), pixelBox: box(2, 1, 2, 1), colour: [200, 100, 50, 255] },
  ];
  paintMasks({ width: 4, height: 2, data }, masks, 127);
  const [none, first, second] = [
    [0, 0, 0, 0],
    [10, 20, 30, 255],
    [200, 100, 50, 255],
  ];
  assert.deepEqual([...data], [none, first, first, none, none, first, second, second].flat());
});
