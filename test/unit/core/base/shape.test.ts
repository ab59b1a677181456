import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasShape, isRecord, isText, recordOf } from '../../../../src/core/base/shape.ts';

test('a record has members; a list, null and what is no object have none', () => {
  assert.deepEqual([{}, { a: 1 }, [], null, undefined, 'a', 1].map(isRecord), [true, true, false, false, false, false, false]);
  assert.deepEqual([recordOf({ a: 1 }), recordOf(null), recordOf(['a'])], [{ a: 1 }, {}, {}]);
});

test('a shape wants its members and bears others', () => {
  const isNamed = hasShape({ name: isText });
  assert.deepEqual([{ name: 'a', more: 1 }, { name: 1 }, {}, ['name']].map(isNamed), [true, false, false, false]);
});
