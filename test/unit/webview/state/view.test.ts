import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitSide, fitView, keepInSight, reveal, scaleAround, viewOfPart } from '../../../../src/webview/state/view.ts';
import { gridLines } from '../../../../src/webview/viewer/drawing/overlay.ts';
import { partInSight } from '../../../../src/webview/viewer/minimap.ts';

const VIEWER = { width: 840, height: 640 };

test('a picture that fits is whole, centred and leaves a margin', () => {
  const view = fitView(VIEWER, { width: 1600, height: 400 });
  assert.equal(view.k, 0.5);
  assert.deepEqual([view.x, view.y], [20, 220]);
});

test('fit enlarges small pictures until they fill the viewer, an icon too', () => {
  assert.equal(fitView(VIEWER, { width: 400, height: 300 }).k, 2);
  assert.equal(fitView(VIEWER, { width: 16, height: 16 }).k, 37.5);
  assert.equal(fitView(VIEWER, { width: 1, height: 1 }).k, 64);
});

test('a panorama fits by its height from the left edge, a long page by its width from the top', () => {
  const panorama = fitSide(VIEWER, { width: 6000, height: 300 }, 'height');
  assert.deepEqual(panorama, { x: 20, y: 20, k: 2 });
  const page = fitSide(VIEWER, { width: 400, height: 9000 }, 'width');
  assert.deepEqual(page, { x: 20, y: 20, k: 2 });
  assert.deepEqual(fitSide(VIEWER, { width: 100, height: 10 }, 'width'), { x: 20, y: 280, k: 8 });
});

test('fit works in a viewer smaller than its margins', () => {
  const { k } = fitView({ width: 30, height: 30 }, { width: 100, height: 100 });
  assert.ok(k > 0.2 && k < 0.3);
});

test('scaling keeps the point under the pointer', () => {
  const before = { x: 10, y: -30, k: 0.7 };
  const after = scaleAround(before, 1.5, 200, 100);
  assert.ok(Math.abs((200 - before.x) / before.k - (200 - after.x) / after.k) < 1e-9);
  assert.ok(Math.abs((100 - before.y) / before.k - (100 - after.y) / after.k) < 1e-9);
});

test('a picture cannot be lost out of sight, and is left alone where it is in sight', () => {
  const picture = { width: 100, height: 100 };
  assert.deepEqual(keepInSight({ x: -5000, y: 9000, k: 2 }, VIEWER, picture), { x: 48 - 200, y: 640 - 48, k: 2 });
  assert.deepEqual(keepInSight({ x: 3, y: 4, k: 2 }, VIEWER, picture), { x: 3, y: 4, k: 2 });
});

test('the view of a part shows all of it, in the middle', () => {
  const part = { x: 100, y: 50, width: 80, height: 20 };
  const { x, y, k } = viewOfPart(VIEWER, { width: 1000, height: 1000 }, part);
  assert.ok(Math.abs(x + (part.x + part.width / 2) * k - VIEWER.width / 2) < 1e-9);
  assert.ok(Math.abs(y + (part.y + part.height / 2) * k - VIEWER.height / 2) < 1e-9);
  assert.ok(part.width * k < VIEWER.width && part.height * k < VIEWER.height);
});

test('the view of a point does not enlarge without end', () => {
  assert.equal(viewOfPart(VIEWER, { width: 1000, height: 1000 }, { x: 5, y: 5, width: 0, height: 0 }).k, 8);
});

test('revealing moves no further than needed, and not at all for what is in sight', () => {
  const view = { x: 0, y: 0, k: 1 };
  assert.equal(reveal(view, VIEWER, { x: 10, y: 10, width: 20, height: 20 }), view);
  assert.deepEqual(reveal(view, VIEWER, { x: 900, y: 10, width: 20, height: 20 }), { x: 840 - 12 - 920, y: 0, k: 1 });
  assert.deepEqual(reveal(view, VIEWER, { x: 10, y: -50, width: 20, height: 20 }), { x: 0, y: 62, k: 1 });
});

test('the part in sight is given in fractions of the picture', () => {
  const viewer = { width: 100, height: 100 };
  const picture = { width: 200, height: 400 };
  assert.deepEqual(partInSight({ x: -50, y: 20, k: 1 }, viewer, picture), { x: 0.25, y: 0, width: 0.5, height: 0.2 });
  assert.deepEqual(partInSight({ x: 10, y: 10, k: 0.1 }, viewer, picture), { x: 0, y: 0, width: 1, height: 1 });
});

test('lines of the token grid stand between tiles, and none outside the picture', () => {
  assert.deepEqual(gridLines({ columns: 3, rows: 2, unit: 360 }, { width: 960, height: 540 }), { x: [360, 720], y: [360] });
  assert.deepEqual(gridLines({ columns: 1, rows: 1, unit: 384 }, { width: 100, height: 100 }), { x: [], y: [] });
});
