import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { cellByKey, gridMetrics, rowsInView } from '../../../../src/webview/set/gridMetrics.ts';

suite('the grid of a set', () => {
  test('has as many columns as fit, and never less than one', () => {
    assert.equal(gridMetrics(340, 13).columns, 2);
    assert.equal(gridMetrics(1200, 13).columns, 7);
    // Text of twice the size.
    assert.equal(gridMetrics(340, 26).columns, 1);
    assert.equal(gridMetrics(0, 13).columns, 1);
  });

  test('cells never need more than the width', () => {
    for (let width = 200; width < 2000; width += 7) {
      const { columns, cellWidth } = gridMetrics(width, 13);
      assert.ok(columns * cellWidth + (columns + 1) * 8 <= width, `${width}`);
    }
  });

  test('draws what is in view and a row on either side', () => {
    assert.deepEqual(rowsInView(0, 500, 100, 1000), { first: 0, last: 5 });
    assert.deepEqual(rowsInView(1050, 500, 100, 1000), { first: 9, last: 16 });
    assert.deepEqual(rowsInView(0, 500, 100, 2), { first: 0, last: 1 });
    assert.deepEqual(rowsInView(0, 500, 100, 0), { first: 0, last: -1 });
  });

  test('arrows, pages and ends lead from cell to cell', () => {
    const grid = { columns: 4, count: 22, page: 3 };
    const to = (key: string, at: number, ctrlKey = false) => cellByKey({ key, ctrlKey, metaKey: false }, at, grid);
    assert.deepEqual([to('ArrowRight', 3), to('ArrowLeft', 4), to('ArrowLeft', 0), to('ArrowRight', 21)], [4, 3, 0, 21]);
    assert.deepEqual([to('ArrowDown', 1), to('ArrowUp', 5), to('ArrowUp', 2)], [5, 1, 2]);
    // The last row has two cells.
    assert.deepEqual([to('ArrowDown', 19), to('ArrowDown', 20), to('ArrowDown', 21)], [21, 20, 21]);
    assert.deepEqual([to('Home', 6), to('End', 5), to('End', 20), to('Home', 21, true), to('End', 0, true)], [4, 7, 21, 0, 21]);
    assert.deepEqual([to('PageDown', 1), to('PageUp', 14), to('PageUp', 5), to('PageDown', 18)], [13, 2, 1, 21]);
    assert.equal(to('a', 3), undefined);
  });
});
