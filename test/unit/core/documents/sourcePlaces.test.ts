import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourcePlaces } from '../../../../src/core/documents/sourcePlaces.ts';

const places = (source: string | undefined) => {
  const found = sourcePlaces(source);
  return found && [found.below, ...found.paths].join(' ');
};

test('a path is one from the document, from the folders of a site, or by a sign of bundlers from the sources', () => {
  assert.equal(places('img/a.png?v=1#x'), 'document img/a.png');
  assert.equal(places('../a%20b.png'), 'document ../a b.png');
  assert.equal(places('/a.png'), 'project a.png public/a.png static/a.png src/a.png');
  for (const sign of ['@/', '~@/', '~/']) assert.equal(places(`${sign}assets/a.png`), 'project src/assets/a.png assets/a.png', sign);
  // A package of others.
  assert.equal(places('@scope/images/a.png'), 'document @scope/images/a.png');
});

test('what is no file has no places', () => {
  for (const source of [undefined, '', '//host/a.png', 'https://host/a.png', 'data:image/png;base64,AA', 'a%00.png', '#a'])
    assert.equal(places(source), undefined, source);
});
