import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDetections } from '../../../../src/core/reply/detections.ts';
import { item, list, read, readInChunks, SQUARE, theOnly } from '../../../fixtures/replies/make.ts';

/** A triangle as [x, y] in 0..1000 of its box. */
const TRIANGLE: [number, number][] = [
  [0, 1000],
  [500, 0],
  [1000, 900],
];
/** Left, top, right, bottom: none of them symmetric. */
const BOXES: [number, number, number, number][] = [
  [100, 600, 300, 900],
  [20, 10, 400, 300],
  [700, 0, 1000, 40],
  [5, 5, 995, 60],
  [400, 100, 440, 900],
  [500, 510, 540, 530],
];

type Box = (typeof BOXES)[number];

function inImage([left, top, right, bottom]: Box): [number, number][] {
  return TRIANGLE.map(([x, y]) => [left + (x / 1000) * (right - left), top + (y / 1000) * (bottom - top)]);
}

function flipped(points: readonly [number, number][]): [number, number][] {
  return points.map(([x, y]) => [y, x]);
}

function outlineIn([left, top, right, bottom]: Box, mask: unknown, key = 'mask'): [number, number][] {
  const cat = theOnly(list(item('cat', [top, left, bottom, right], { [key]: mask })));
  assert.equal(cat.maskProblem, undefined);
  assert.ok(cat.mask?.kind === 'polygon');
  return cat.mask.points.map(([x, y]) => [Math.round(x * 1e6) / 1000, Math.round(y * 1e6) / 1000]);
}

for (const box of BOXES) {
  test(`an outline lies in its box, however it is written: ${box}`, () => {
    const expected = inImage(box);
    assert.deepEqual(outlineIn(box, expected), expected, '[x, y] of the image');
    assert.deepEqual(outlineIn(box, flipped(expected)), expected, '[y, x] of the image');
    assert.deepEqual(outlineIn(box, TRIANGLE), expected, '[x, y] of the box');
    assert.deepEqual(outlineIn(box, expected.flat()), expected, 'a flat list');
    assert.deepEqual(outlineIn(box, flipped(expected).flat()), expected, 'a flat list of [y, x]');
    assert.deepEqual(outlineIn(box, [expected.flat()]), expected, 'a flat list in a list');
    assert.deepEqual(outlineIn(box, [expected]), expected, 'one ring');
    assert.deepEqual(outlineIn(box, expected, 'polygon'), expected);
    assert.deepEqual(outlineIn(box, expected, 'segmentation'), expected);
    assert.deepEqual(
      outlineIn(
        box,
        expected.map(([x, y]) => [String(x), String(y)]),
      ),
      expected,
      'numbers as strings',
    );
  });
}

test('a rough outline is still read in the right order', () => {
  // Leaves a fifth of the box unfilled and leans over its edge.
  assert.deepEqual(
    outlineIn(
      [100, 600, 300, 900],
      [
        [90, 640],
        [270, 620],
        [280, 880],
      ],
    ),
    [
      [90, 640],
      [270, 620],
      [280, 880],
    ],
  );
});

test('where both orders fit, [x, y] is meant', () => {
  const square: [number, number][] = [
    [100, 100],
    [900, 120],
    [880, 890],
  ];
  assert.deepEqual(outlineIn([100, 100, 900, 900], square), square);
});

/** An item whose outline is a triangle in its box, [left, top, right, bottom], as the model writes it. */
function outlined(
  label: string,
  [left, top, right, bottom]: Box,
  order: 'xy' | 'yx',
  shape: (box: Box) => [number, number][] = inImage,
): string {
  const points = shape([left, top, right, bottom]);
  return item(label, [top, left, bottom, right], { mask: order === 'xy' ? points : flipped(points) });
}

function masksIn(found: ReturnType<typeof read>): (readonly [number, number][] | string | undefined)[] {
  return found.detections.map(({ mask, maskProblem }) =>
    mask?.kind === 'polygon'
      ? mask.points.map(([x, y]): [number, number] => [Math.round(x * 1e6) / 1000, Math.round(y * 1e6) / 1000])
      : maskProblem,
  );
}

/** Wide and high ones about the diagonal: the bounds of the outline fit them in both orders. */
const BOTH_FIT: Box[] = [
  [100, 100, 900, 890],
  [400, 410, 600, 600],
  [200, 205, 700, 700],
];
/** Wide ones of which the outline covers the middle only, which lies on the diagonal: all of it is inside in both orders. */
const WIDE: Box[] = [
  [100, 400, 900, 600],
  [50, 450, 980, 560],
];
const middle = ([left, top, right, bottom]: Box): [number, number][] => {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return [
    [x - 30, y - 20],
    [x + 30, y - 20],
    [x, y + 20],
  ];
};

for (const order of ['xy', 'yx'] as const) {
  test(`one object that tells decides for wide objects that fit in both orders: ${order}`, () => {
    const tells: Box = [700, 20, 980, 60];
    for (const first of [true, false]) {
      const others = [
        ...BOTH_FIT.map((box, at) => outlined(`square ${at}`, box, order)),
        ...WIDE.map((box, at) => outlined(`wide ${at}`, box, order, middle)),
      ];
      const one = outlined('tells', tells, order);
      const reply = list(...(first ? [one, ...others] : [...others, one]));
      const expected = [...BOTH_FIT.map(inImage), ...WIDE.map(middle)];
      assert.deepEqual(masksIn(read(reply)), first ? [inImage(tells), ...expected] : [...expected, inImage(tells)]);
      assert.deepEqual(masksIn(readInChunks(reply, [7]).found), masksIn(read(reply)), 'as it comes');
    }
  });
}

test('the order that was asked for decides where all objects fit in both', () => {
  const reply = list(
    ...WIDE.map((box, at) => outlined(`wide ${at}`, box, 'xy', middle)),
    ...BOTH_FIT.map((box, at) => outlined(`${at}`, box, 'xy')),
  );
  assert.deepEqual(masksIn(read(reply)), [...WIDE.map(middle), ...BOTH_FIT.map(inImage)]);
});

test('a lone object that is drawn wrongly does not turn the others round', () => {
  const boxes: Box[] = [BOXES[0], BOXES[1], BOXES[2]] as Box[];
  const reply = list(...boxes.map((box, at) => outlined(`${at}`, box, 'yx')), outlined('odd', [700, 20, 980, 60], 'xy'));
  assert.deepEqual(masksIn(read(reply)), [...boxes.map(inImage), 'The mask does not lie in its box.']);
});

test('outlines of boxes are told by the whole reply too', () => {
  const reply = list(...BOXES.map(([left, top, right, bottom]) => item('cat', [top, left, bottom, right], { mask: TRIANGLE })));
  assert.deepEqual(masksIn(read(reply)), BOXES.map(inImage));
});

test('of several rings the one that encloses most is kept', () => {
  const box: Box = [100, 600, 300, 900];
  const speck = [
    [110, 610],
    [112, 610],
    [112, 612],
  ];
  assert.deepEqual(outlineIn(box, [speck, inImage(box), speck]), inImage(box));
});

test('points outside the image are moved to its edge', () => {
  assert.deepEqual(
    outlineIn(
      [0, 500, 1000, 1000],
      [
        [-20, 500],
        [1010, 500],
        [500, 1004],
      ],
    ),
    [
      [0, 500],
      [1000, 500],
      [500, 1000],
    ],
  );
});

test('an outline of a crop comes back in the whole image', () => {
  const toImage = { a: 0.5, b: 0, c: 0, d: 0.5, e: 0.5, f: 0 };
  const mask = [
    [0, 0],
    [1000, 0],
    [1000, 500],
  ];
  const { detections } = readDetections(list(item('cat', [0, 0, 500, 1000], { mask })), { ...SQUARE, toImage });
  assert.deepEqual(detections[0]?.mask, {
    kind: 'polygon',
    points: [
      [0.5, 0],
      [1, 0],
      [1, 0.25],
    ],
  });
});

const USELESS: [string, unknown, string][] = [
  ['no points', [], 'The mask has fewer than 3 points.'],
  [
    'two points',
    [
      [10, 20],
      [30, 40],
    ],
    'The mask has fewer than 3 points.',
  ],
  [
    'points on a line',
    [
      [20, 10],
      [100, 10],
      [300, 10],
    ],
    'The mask does not lie in its box.',
  ],
  [
    'points far away',
    [
      [5000, 5000],
      [6000, 5000],
      [6000, 6000],
    ],
    'The mask does not lie in its box.',
  ],
  ['too many points', Array.from({ length: 10_001 }, (_, i) => [i % 1000, (i * 7) % 1000]), 'The mask has more than 10000 points.'],
  ['too many numbers', Array.from({ length: 20_002 }, (_, i) => i % 1000), 'The mask has more than 10000 points.'],
  [
    'too many points in rings',
    Array.from({ length: 101 }, () => Array.from({ length: 100 }, (_, i) => [i, i * 2])),
    'The mask has more than 10000 points.',
  ],
];
for (const [name, mask, problem] of USELESS) {
  test(`an outline of ${name} is a problem of the mask only`, () => {
    const cat = theOnly(list(item('cat', [10, 20, 300, 400], { mask })));
    assert.equal(cat.mask, undefined);
    assert.equal(cat.maskProblem, problem);
  });
}

test('10,000 points are read', () => {
  const circle = Array.from({ length: 10_000 }, (_, i) => [500 + 400 * Math.cos(i / 1600), 500 + 400 * Math.sin(i / 1600)]);
  const cat = theOnly(list(item('cat', [100, 100, 900, 900], { mask: circle })));
  assert.ok(cat.mask?.kind === 'polygon');
  assert.equal(cat.mask.points.length, 10_000);
});
