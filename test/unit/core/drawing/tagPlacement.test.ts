import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlacedTag, placeTags, type TagRequest } from '../../../../src/core/drawing/tagPlacement.ts';
import type { Box } from '../../../../src/core/inspection/inspection.ts';

const PICTURE = { x: 20, y: 20, width: 800, height: 600 };
const VIEWER = { x: 0, y: 0, width: 840, height: 640 };
const widthOf = (text: string) => text.length * 6;

function place(...requests: (Partial<TagRequest> & { box: Box })[]): PlacedTag[] {
  const full = requests.map((request, i) => ({ id: String(i + 1), number: String(i + 1), label: 'jar', emphasis: 0 as const, ...request }));
  return placeTags(full, PICTURE, VIEWER, widthOf);
}

function touches(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test('a tag stands above the left corner of its box', () => {
  const [tag] = place({ box: { x: 100, y: 100, width: 80, height: 60 } });
  assert.equal(tag?.text, '1 jar');
  assert.ok(tag && tag.y + tag.height <= 100 && Math.abs(tag.x - 100) <= 1);
});

test('at the upper edge it goes below, at the right edge it is pushed inside', () => {
  const [top] = place({ box: { x: 100, y: 22, width: 80, height: 60 } });
  assert.ok(top && top.y >= 82);
  const [right] = place({ box: { x: 810, y: 100, width: 8, height: 60 } });
  assert.ok(right && right.x + right.width <= PICTURE.x + PICTURE.width);
});

test('an object that fills the picture has no tag; selected, its name may stand beside the picture', () => {
  assert.deepEqual(place({ box: PICTURE }), []);
  const [tag] = place({ box: PICTURE, emphasis: 2 });
  assert.ok(tag && !touches(tag, PICTURE));
});

test('no tag covers its own object or another tag, and all stay inside the picture', () => {
  const boxes = Array.from({ length: 38 }, (_, i) => ({
    x: 30 + ((i * 97) % 740),
    y: 30 + ((i * 61) % 540),
    width: 20 + ((i * 13) % 60),
    height: 15 + ((i * 7) % 50),
  }));
  const tags = place(...boxes.map((box) => ({ box, label: 'a thing' })));
  assert.ok(tags.length > 30);
  for (const [i, tag] of tags.entries()) {
    assert.ok(!touches(tag, boxes[Number(tag.id) - 1] as Box), `tag ${tag.id} covers its object`);
    assert.ok(tag.x >= PICTURE.x && tag.y >= PICTURE.y && tag.x + tag.width <= 820 && tag.y + tag.height <= 620);
    for (const other of tags.slice(i + 1)) assert.ok(!touches(tag, other), `tags ${tag.id} and ${other.id} overlap`);
  }
});

test('more than forty objects show numbers only, the selected one its name', () => {
  const boxes = Array.from({ length: 41 }, (_, i) => ({
    box: { x: 40 + (i % 10) * 70, y: 60 + Math.floor(i / 10) * 80, width: 30, height: 30 },
  }));
  const tags = place({ ...(boxes[0] as { box: Box }), emphasis: 2 }, ...boxes.slice(1));
  assert.equal(tags.find(({ id }) => id === '1')?.text, '1 jar');
  assert.equal(tags.find(({ id }) => id === '2')?.text, '2');
});

test('a long label is shortened where its whole would cover others', () => {
  const label = 'a label that is far longer than its object is wide';
  const other = { x: 200, y: 60, width: 580, height: 500 };
  const [tag] = place({ box: { x: 40, y: 100, width: 60, height: 300 }, label }, { box: other, label: 'b' }).filter(({ id }) => id === '1');
  assert.match(tag?.text ?? '', /…$/);
});

test('objects out of sight have no tag', () => {
  assert.deepEqual(place({ box: { x: 900, y: 900, width: 50, height: 50 } }), []);
});

test('the tag of a mask stands above its highest point', () => {
  const tips = { top: [150, 110], bottom: [150, 190], left: [100, 150], right: [200, 150] } as const;
  const [tag] = place({ box: { x: 100, y: 100, width: 100, height: 100 }, tips });
  assert.ok(tag && tag.y + tag.height <= 110 && tag.x < 150 && tag.x + tag.width > 150);
});
