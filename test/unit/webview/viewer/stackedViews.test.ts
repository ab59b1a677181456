import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { View } from '../../../../src/webview/state/view.ts';
import { StackedViews } from '../../../../src/webview/viewer/stackedViews.ts';
import { Viewport } from '../../../../src/webview/viewer/viewport.ts';

const FIT: View = { x: 0, y: 0, k: 0.5 };

function viewport(): Viewport {
  const made = {
    picture: { width: 100, height: 50 },
    view: FIT,
    fitted: true,
    fit: () => Object.assign(made, { view: FIT, fitted: true }),
    show: (view: View) => Object.assign(made, { view, fitted: false }),
  };
  return made as unknown as Viewport;
}

suite('two pictures in the same place', () => {
  test('move together, and one that only followed comes back to its own view', () => {
    const [first, other, stacked] = [viewport(), viewport(), new StackedViews()];
    first.show({ x: -20, y: 0, k: 2 });
    stacked.follow(first, other, first);
    assert.deepEqual([other.view, other.fitted], [{ x: -20, y: 0, k: 2 }, false]);
    stacked.end();
    assert.deepEqual([first.view.k, other.view, other.fitted], [2, FIT, true]);
  });

  test('are fitted again both of them where each has led once', () => {
    const [first, other, stacked] = [viewport(), viewport(), new StackedViews()];
    for (const leader of [first, other, first, other]) stacked.follow(first, other, leader);
    stacked.end();
    assert.deepEqual([first.fitted, other.fitted], [true, true]);
  });

  test('are fitted again where one was moved while it was being fitted', () => {
    const stacked = new StackedViews();
    let isStacked = true;
    const moved = () => {
      if (isStacked) stacked.follow(first, other, other);
    };
    const made = (): Viewport => new Viewport(new EventTarget() as HTMLElement, { moved, settled: () => undefined });
    const [first, other]: Viewport[] = [made(), made()];
    for (const one of [other, first]) {
      one?.setViewer({ width: 1000, height: 500 });
      one?.setPicture({ width: 2000, height: 1000 });
    }
    isStacked = false;
    stacked.end();
    assert.deepEqual([first?.fitted, other?.fitted], [true, true]);
  });
});
