import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortNames } from '../../../../src/core/exports/places.ts';
import { random } from '../../../fixtures/exportImages.ts';

test('short names are as long as tells files apart, and no longer', () => {
  assert.deepEqual(shortNames(['/a/b/cat.png', '/a/c/cat.png', '/dog.png']), ['b/cat.png', 'c/cat.png', 'dog.png']);
  assert.deepEqual(shortNames(['/cat.png', '/a/cat.png', '/a/a/cat.png']), ['cat.png', 'a/cat.png', 'a/a/cat.png']);
  const next = random(3);
  const part = () => 'abc'[Math.floor(next() * 3)] ?? '';
  const paths = [...new Set(Array.from({ length: 80 }, () => `/${Array.from({ length: 1 + Math.floor(next() * 5) }, part).join('/')}`))];
  const parts = paths.map((path) => path.slice(1).split('/'));
  const ends = (own: readonly string[], count: number) => own.slice(-count).join('/');
  const expected = parts.map((own) => {
    const lengths = own.map((_, index) => index + 1);
    const free = lengths.find((count) => parts.every((other) => other === own || ends(other, count) !== ends(own, count)));
    return ends(own, free ?? own.length);
  });
  assert.deepEqual(shortNames(paths), expected);
});
