import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoxGrid } from '../../../../src/core/drawing/boxGrid.ts';

const FRAME = { x: -50, y: 20, width: 800, height: 600 };

test('all boxes that touch a place are found, each once', () => {
  const grid = new BoxGrid(FRAME);
  const boxes = Array.from({ length: 200 }, (_, i) => ({
    x: ((i * 97) % 1000) - 150,
    y: ((i * 61) % 800) - 60,
    width: 1 + ((i * 31) % 300),
    height: 1 + ((i * 17) % 200),
  }));
  for (const box of boxes) grid.add(box);
  for (const place of boxes.slice(0, 50)) {
    const found = grid.near(place);
    assert.equal(new Set(found).size, found.length);
    const touching = boxes.filter(
      ({ x, y, width, height }) => x < place.x + place.width && place.x < x + width && y < place.y + place.height && place.y < y + height,
    );
    for (const box of touching) assert.ok(found.includes(box));
  }
});

test('boxes far away are not looked at', () => {
  const grid = new BoxGrid(FRAME);
  grid.add({ x: 0, y: 30, width: 10, height: 10 });
  grid.add({ x: 600, y: 500, width: 10, height: 10 });
  assert.equal(grid.near({ x: 5, y: 35, width: 10, height: 10 }).length, 1);
});
