import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isolines } from '../../../../src/core/masks/isolines.ts';

/** Whether a point lies inside closed lines by the even-odd rule. */
function isWithin(lines: readonly (readonly (readonly [number, number])[])[], x: number, y: number): boolean {
  let inside = false;
  for (const line of lines) {
    for (const [i, [x1, y1]] of line.entries()) {
      const [x2, y2] = line[(i + 1) % line.length] as readonly [number, number];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
    }
  }
  return inside;
}

test('every value above the level is inside, every other outside, in maps of noise of all shapes', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let round = 0; round < 200; round++) {
    const [width, height] = [1 + Math.floor(random() * 9), 1 + Math.floor(random() * 9)];
    const data = Uint8Array.from({ length: width * height }, () => Math.floor(random() * 256));
    const lines = isolines({ width, height, data }, 127.5);
    // A little beside the middle, where no line passes through a corner.
    for (const [i, value] of data.entries())
      assert.equal(isWithin(lines, (i % width) + 0.5001, Math.floor(i / width) + 0.5002), value > 127.5, `round ${round}, value ${i}`);
  }
});

test('a full map has its own edge, an empty one has no line, a hole a line of its own', () => {
  const full = isolines({ width: 2, height: 1, data: [255, 255] }, 127.5);
  assert.equal(full.length, 1);
  assert.ok(full[0]?.every(([x, y]) => x === 0 || x === 2 || y === 0 || y === 1));
  assert.deepEqual(isolines({ width: 2, height: 1, data: [0, 127] }, 127.5), []);
  assert.equal(isolines({ width: 3, height: 3, data: [9, 9, 9, 9, 0, 9, 9, 9, 9] }, 4.5).length, 2);
});

test('between two values the line is set by proportion', () => {
  const [line = []] = isolines({ width: 2, height: 1, data: [200, 0] }, 50);
  assert.ok(line.some(([x, y]) => x === 1.25 && y === 0.5));
});
