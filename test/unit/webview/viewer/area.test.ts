import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaBetween, areaPixels, changedArea, MIDDLE_HALF, snapped } from '../../../../src/webview/viewer/area.ts';

const size = { width: 100, height: 50 };
const pixels = (...[x, y, width, height]: [number, number, number, number]) => ({
  x: x / 100,
  y: y / 50,
  width: width / 100,
  height: height / 50,
});
const assertPixels = (area: ReturnType<typeof snapped>, expected: [number, number, number, number]) => {
  const { x, y, width, height } = areaPixels(area, size);
  assert.deepEqual([x, y, width, height], expected);
};

test('an area begins as the middle half, on whole pixels', () => {
  assertPixels(snapped(MIDDLE_HALF, size), [25, 13, 50, 25]);
});

test('an area lies between two points in whatever order, inside the picture, and has a pixel at least', () => {
  assertPixels(areaBetween({ x: 80, y: 40 }, { x: 20, y: 10 }, size), [20, 10, 60, 30]);
  assertPixels(areaBetween({ x: -30, y: 10 }, { x: 20, y: 900 }, size), [0, 10, 20, 40]);
  assertPixels(areaBetween({ x: 30, y: 10 }, { x: 30, y: 10 }, size), [30, 10, 1, 1]);
  assertPixels(areaBetween({ x: 300, y: 100 }, { x: 400, y: 90 }, size), [99, 49, 1, 1]);
});

test('an area that is moved keeps its size and stays inside', () => {
  assertPixels(changedArea(pixels(20, 10, 30, 20), 'move', { x: 5.4, y: -3 }, size), [25, 7, 30, 20]);
  assertPixels(changedArea(pixels(20, 10, 30, 20), 'move', { x: 500, y: -300 }, size), [70, 0, 30, 20]);
});

test('a handle moves its edges alone, and an area may turn over', () => {
  assertPixels(changedArea(pixels(20, 10, 30, 20), 'e', { x: 10, y: 10 }, size), [20, 10, 40, 20]);
  assertPixels(changedArea(pixels(20, 10, 30, 20), 'nw', { x: 5, y: -5 }, size), [25, 5, 25, 25]);
  assertPixels(changedArea(pixels(20, 10, 30, 20), 'w', { x: 40, y: 0 }, size), [50, 10, 10, 20]);
});
