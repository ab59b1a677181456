import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelStyle } from '../../../../src/core/drawing/palette.ts';
import type { Detection } from '../../../../src/core/inspection/inspection.ts';
import { isEmptyFilter, NO_FILTER, type ObjectFilter, passes, type Sort, sorted } from '../../../../src/webview/result/objectFilter.ts';
import { INITIAL_STATE, type PageAction, reduce } from '../../../../src/webview/state/pageState.ts';
import { Visibility } from '../../../../src/webview/state/visibility.ts';
import { OBJECTS, object } from '../../../webview/support/sessions.ts';

const left = (filter: Partial<ObjectFilter>, objects: readonly Detection[] = OBJECTS) =>
  objects.filter((detection) => passes(detection, { ...NO_FILTER, ...filter })).map(({ id }) => id);

test('words are looked for in the label, in any order and case; a number is that of the object', () => {
  assert.deepEqual(left({ text: ' JAR glass' }), ['1', '2']);
  assert.deepEqual(left({ text: 'jar spoon' }), []);
  assert.deepEqual(left({ text: '3' }), ['3']);
  assert.deepEqual(left({ label: 'lid' }), ['4']);
  assert.deepEqual(left({ label: 'li' }), []);
});

test('size is that of the longer side, position that of the middle, and both bounds count', () => {
  // 96 x 144, 96 x 144, 192 x 48, 51 x 29 pixels
  assert.deepEqual(left({ atLeast: 144 }), ['1', '2', '3']);
  assert.deepEqual(left({ atLeast: 100, atMost: 144 }), ['1', '2']);
  assert.deepEqual(left({ place: 'left' }), ['1', '4']);
  assert.deepEqual(left({ place: 'right' }), ['2', '3']);
  assert.deepEqual(left({ place: 'top' }), ['1', '2', '4']);
  assert.deepEqual(left({ place: 'bottom', text: 'spoon' }), ['3']);
});

test('a least confidence leaves out objects that have none', () => {
  const objects = [0.9, 0.4, undefined].map((confidence, i) =>
    object(i + 1, 'jar', [0, 0, 0.1, 0.1], confidence === undefined ? {} : { confidence }),
  );
  assert.deepEqual(left({ confidence: 0.4 }, objects), ['1', '2']);
  assert.deepEqual(left({}, objects), ['1', '2', '3']);
});

test('a filter of spaces is none', () => {
  assert.ok(isEmptyFilter({ text: '  ' }) && !isEmptyFilter({ text: '', atLeast: 0 }));
});

test('the list is sorted by label, size, position and confidence, and equal ones stay in the order of the reply', () => {
  const objects = [
    object(1, 'b', [0.6, 0.1, 0.1, 0.1], { confidence: 0.5 }),
    object(2, 'a', [0.1, 0.12, 0.1, 0.1]),
    object(3, 'b', [0.1, 0.6, 0.3, 0.3], { confidence: 0.9 }),
  ].map((detection) => ({ detection, style: labelStyle(0, false) }));
  const order = (sort: Sort) => sorted(objects, sort).map(({ detection }) => detection.id);
  assert.deepEqual(order('reply'), ['1', '2', '3']);
  assert.deepEqual(order('label'), ['2', '1', '3']);
  assert.deepEqual(order('size'), ['3', '1', '2']);
  assert.deepEqual(order('position'), ['2', '1', '3']);
  assert.deepEqual(order('confidence'), ['3', '1', '2']);
});

test('what is hidden is what was hidden and what the filter leaves out, and the same answer as long as nothing changes', () => {
  const objects = OBJECTS.map((detection) => ({ detection, style: labelStyle(0, false) }));
  const after = (...actions: PageAction[]) => actions.reduce(reduce, INITIAL_STATE);
  const visibility = new Visibility();
  const state = after({ type: 'hide', ids: ['1'] }, { type: 'filter', filter: { text: 'jar' } });
  const hidden = visibility.of(objects, state);
  assert.deepEqual([[...hidden.ids].sort(), hidden.filtered], [['1', '3', '4'], 2]);
  assert.equal(visibility.of(objects, { ...state }), hidden);
  assert.equal(visibility.of(objects, reduce(state, { type: 'showAll' })).ids.size, 0);
  assert.deepEqual([...visibility.of(objects, reduce(state, { type: 'unhide', ids: ['1'] })).ids].sort(), ['3', '4']);
  assert.equal(reduce(state, { type: 'shown', key: 'next', task: 'detect', prompt: '', boxes: true }).filter, NO_FILTER);
});
