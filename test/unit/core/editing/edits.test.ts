import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { boxBetween, movedBox, resizedBox, snappedBox } from '../../../../src/core/editing/boxes.ts';
import { type EditHistory, NO_EDITS, nextId, redo, undo, withEdit } from '../../../../src/core/editing/editHistory.ts';
import { applyEdits, type Edit } from '../../../../src/core/editing/edits.ts';
import { correctedInspection } from '../../../../src/core/editing/personInspection.ts';
import type { Detection, Inspection } from '../../../../src/core/inspection/inspection.ts';
import { readInspection } from '../../../../src/core/inspection/storedInspection.ts';
import { pseudoRandom } from '../../../tools/pseudoRandom.ts';

const SIZE = { width: 200, height: 100 };

function box(id: string, label: string, [x, y, width, height]: [number, number, number, number], more: Partial<Detection> = {}): Detection {
  const pixelBox = { x, y, width, height };
  return { id, label, imageIndex: 0, box: { x: x / 200, y: y / 100, width: width / 200, height: height / 100 }, pixelBox, ...more };
}

const TRIANGLE: [number, number][] = [
  [0.1, 0.2],
  [0.3, 0.2],
  [0.2, 0.6],
];
const OBJECTS = [
  box('1', 'cat', [10, 10, 40, 30], { confidence: 0.4 }),
  box('2', 'dog', [100, 20, 50, 60]),
  box('7', 'rope', [20, 20, 40, 40], { mask: { kind: 'polygon', points: TRIANGLE } }),
];
const RUN: Inspection = {
  version: 1,
  id: 'run',
  task: 'segment',
  createdAt: '2026-11-28T10:00:00.000Z',
  prompt: 'pets',
  model: 'gemini-3.8-flash',
  images: [
    {
      uri: 'file:///a.png',
      sha256: '00',
      mimeType: 'image/png',
      ...SIZE,
      sent: { mimeType: 'image/png', ...SIZE, bytes: 9, via: 'inline' },
    },
  ],
  detections: OBJECTS,
  dropped: [],
  tokens: { estimated: 1089, total: 1200 },
  finishReason: 'STOP',
  complete: true,
  raw: '[]',
};

const after = (...edits: Edit[]) => applyEdits(OBJECTS, edits, [SIZE]);

suite('the steps of correcting', () => {
  test('an object is added, moved, resized, renamed, deleted, accepted; the others stay the very same', () => {
    const added = after({ kind: 'add', id: '8', label: 'cup', imageIndex: 0, box: { x: 0, y: 50, width: 20, height: 10 } });
    assert.deepEqual(added.at(-1), {
      id: '8',
      label: 'cup',
      imageIndex: 0,
      box: { x: 0, y: 0.5, width: 0.1, height: 0.1 },
      pixelBox: { x: 0, y: 50, width: 20, height: 10 },
      accepted: true,
    });
    const moved = after({ kind: 'move', id: '1', box: { x: 20, y: 15, width: 40, height: 30 } });
    assert.deepEqual(moved[0], box('1', 'cat', [20, 15, 40, 30]), 'a confidence was said of another place');
    assert.equal(moved[1], OBJECTS[1]);
    assert.equal(after({ kind: 'relabel', id: '2', label: 'wolf' })[1]?.label, 'wolf');
    assert.deepEqual(
      after({ kind: 'delete', id: '2' }).map(({ id }) => id),
      ['1', '7'],
    );
    const accepted = after({ kind: 'accept', ids: ['1', '2'], accepted: true });
    assert.deepEqual(
      accepted.map((one) => one.accepted),
      [true, true, undefined],
    );
    assert.equal(accepted[0]?.confidence, 0.4);
    assert.deepEqual(applyEdits(accepted, [{ kind: 'accept', ids: ['1', '2'], accepted: false }], [SIZE]), OBJECTS);
  });

  test('a polygon goes with its box, and its box with a corner', () => {
    const [, , moved] = after({ kind: 'move', id: '7', box: { x: 30, y: 20, width: 40, height: 40 } });
    const points = moved?.mask?.kind === 'polygon' ? moved.mask.points : [];
    assert.deepEqual(
      points.map(([x, y]) => [Math.round(x * 200), Math.round(y * 100)]),
      [
        [30, 20],
        [70, 20],
        [50, 60],
      ],
    );
    const [, , bent] = after({ kind: 'corner', id: '7', at: 2, to: [100.4, 80.2] });
    assert.deepEqual(bent?.mask, {
      kind: 'polygon',
      points: [
        [0.1, 0.2],
        [0.3, 0.2],
        [0.5, 0.8],
      ],
    });
    assert.deepEqual(bent?.pixelBox, { x: 20, y: 20, width: 80, height: 60 });
    assert.deepEqual(after({ kind: 'corner', id: '7', at: 3, to: [0, 0] }), OBJECTS, 'there is no such corner');
    assert.deepEqual(after({ kind: 'corner', id: '1', at: 0, to: [0, 0] }), OBJECTS, 'it is no polygon');
  });

  test('boxes stand on whole pixels, inside the picture, and have at least one', () => {
    assert.deepEqual(snappedBox({ x: -3.2, y: 99.9, width: 10.6, height: 5 }, SIZE), { x: 0, y: 99, width: 7, height: 1 });
    assert.deepEqual(boxBetween({ x: 50.4, y: 40 }, { x: 10.6, y: 40 }, SIZE), { x: 11, y: 40, width: 39, height: 1 });
    assert.deepEqual(movedBox({ x: 150, y: 0, width: 40, height: 20 }, 30, -5, SIZE), { x: 160, y: 0, width: 40, height: 20 });
    assert.deepEqual(resizedBox({ x: 10, y: 10, width: 20, height: 20 }, 'se', -30, 5, SIZE), { x: 0, y: 10, width: 10, height: 25 });
    assert.deepEqual(resizedBox({ x: 10, y: 10, width: 20, height: 20 }, 'n', 99, -4, SIZE), { x: 10, y: 6, width: 20, height: 24 });
  });
});

suite('undoing and doing again', () => {
  test('moves by keys are one step for each object, others one each', () => {
    const nudge = (id: string, x: number): Edit => ({ kind: 'move', id, box: { x, y: 0, width: 5, height: 5 }, nudge: true });
    const history = [nudge('1', 1), nudge('1', 2), nudge('2', 3), nudge('1', 4)].reduce(withEdit, NO_EDITS);
    assert.deepEqual(history.done, [nudge('1', 2), nudge('2', 3), nudge('1', 4)]);
    const dragged: Edit = { kind: 'move', id: '1', box: { x: 9, y: 0, width: 5, height: 5 } };
    assert.equal(withEdit(withEdit(history, dragged), dragged).done.length, 5);
  });

  test('a new step forgets what was taken back; a number never means two objects', () => {
    const add = (id: string): Edit => ({ kind: 'add', id, label: '', imageIndex: 0, box: { x: 0, y: 0, width: 1, height: 1 } });
    assert.equal(nextId(OBJECTS, NO_EDITS), '8');
    const added = withEdit(NO_EDITS, add('8'));
    assert.equal(nextId(OBJECTS, withEdit(added, { kind: 'delete', id: '8' })), '9');
    assert.deepEqual(withEdit(undo(added), { kind: 'delete', id: '1' }), { done: [{ kind: 'delete', id: '1' }], undone: [] });
    assert.equal(undo(NO_EDITS), NO_EDITS);
    assert.equal(redo(added), added);
  });

  test('whatever was done: all of it undone is the original, done again it is what it was, and every box is inside', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = pseudoRandom(seed);
      let history: EditHistory = NO_EDITS;
      const objects = () => applyEdits(OBJECTS, history.done, [SIZE]);
      for (let step = 0; step < 30; step++) {
        history = random() < 0.2 ? undo(history) : random() < 0.2 ? redo(history) : withEdit(history, anyEdit(objects(), history, random));
        for (const { pixelBox: pixels, box: part } of objects()) {
          assert.ok(pixels.x >= 0 && pixels.y >= 0 && pixels.width >= 1 && pixels.height >= 1, `seed ${seed}`);
          assert.ok(pixels.x + pixels.width <= SIZE.width && pixels.y + pixels.height <= SIZE.height, `seed ${seed}`);
          assert.ok(part.x >= 0 && part.x + part.width <= 1 + 1e-9 && part.y + part.height <= 1 + 1e-9, `seed ${seed}`);
        }
        const ids = objects().map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length, `seed ${seed}`);
      }
      const before = objects();
      const steps = history.done.length;
      for (let step = 0; step < steps; step++) history = undo(history);
      assert.deepEqual(objects(), OBJECTS, `seed ${seed}`);
      for (let step = 0; step < steps; step++) history = redo(history);
      assert.deepEqual(objects(), before, `seed ${seed}`);
    }
  });
});

test('a corrected result stands for itself: of a person, based on the other, nothing sent, nothing billed; it can be stored', () => {
  const facts = { id: 'mine', createdAt: '2026-11-28T11:00:00.000Z' };
  const edits: Edit[] = [
    { kind: 'delete', id: '1' },
    { kind: 'accept', ids: ['2', '7'], accepted: true },
  ];
  const corrected = correctedInspection(RUN, edits, facts);
  const { detections, images, ...rest } = corrected;
  assert.deepEqual(rest, {
    version: 1,
    ...facts,
    task: 'segment',
    prompt: '',
    model: '',
    source: 'person',
    basedOn: ['run'],
    dropped: [],
    tokens: { estimated: 0 },
    complete: true,
    raw: '',
  });
  assert.deepEqual(images, [{ uri: 'file:///a.png', sha256: '00', mimeType: 'image/png', ...SIZE }]);
  assert.deepEqual(
    detections?.map(({ id, accepted }) => [id, accepted]),
    [
      ['2', true],
      ['7', true],
    ],
  );
  assert.equal(correctedInspection(RUN, [{ kind: 'delete', id: '7' }], facts).task, 'detect');
  assert.deepEqual(readInspection(JSON.stringify(corrected)), corrected);
  assert.equal(readInspection(JSON.stringify({ ...corrected, detections: [{ ...OBJECTS[0], accepted: 'yes' }] })), 'broken');
});

test('where there is no result with objects, the person alone makes one: it is based on none', () => {
  const facts = { id: 'mine', createdAt: '2026-11-28T11:00:00.000Z' };
  const [{ sent: _, ...image } = { uri: '', sha256: '', mimeType: '', ...SIZE }] = RUN.images;
  const add: Edit = { kind: 'add', id: '1', label: 'cup', imageIndex: 0, box: { x: 0, y: 50, width: 20, height: 10 } };
  const alone = correctedInspection(undefined, [add], { ...facts, images: [image] });
  assert.deepEqual([alone.source, alone.basedOn, alone.task, alone.images], ['person', undefined, 'detect', [image]]);
  assert.deepEqual(
    alone.detections?.map(({ label, box: { x, width } }) => [label, x, width]),
    [['cup', 0, 0.1]],
  );
  assert.deepEqual(readInspection(JSON.stringify(alone)), alone);
  const { detections: _none, ...without } = RUN;
  const caption: Inspection = { ...without, task: 'caption', text: 'A cup.' };
  assert.equal(correctedInspection(caption, [add], facts).basedOn, undefined);
  const lines: Inspection = { ...RUN, task: 'readText' };
  assert.deepEqual(
    correctedInspection(lines, [add], facts).detections?.map(({ label }) => label),
    ['cup'],
  );
  const grounded = correctedInspection({ ...caption, detections: OBJECTS }, [{ ...add, id: '8' }], facts);
  assert.deepEqual([grounded.basedOn, grounded.detections?.length], [['run'], 4]);
  assert.deepEqual(correctedInspection({ ...RUN, detections: [] }, [add], facts).basedOn, ['run']);
});

function anyEdit(objects: readonly Detection[], history: EditHistory, random: () => number): Edit {
  const object = objects[Math.floor(random() * objects.length)];
  const by = () => (random() - 0.5) * 150;
  const add: Edit = {
    kind: 'add',
    id: nextId(OBJECTS, history),
    label: 'new',
    imageIndex: 0,
    box: boxBetween({ x: by(), y: by() }, { x: by(), y: by() }, SIZE),
  };
  if (object === undefined) return add;
  const { id, pixelBox } = object;
  const nudge = random() < 0.5 ? { nudge: true as const } : {};
  const edits: Edit[] = [
    add,
    { kind: 'move', id, box: movedBox(pixelBox, by(), by(), SIZE), ...nudge },
    { kind: 'resize', id, box: resizedBox(pixelBox, random() < 0.5 ? 'nw' : 'e', by(), by(), SIZE), ...nudge },
    { kind: 'relabel', id, label: `label ${Math.floor(random() * 3)}` },
    { kind: 'delete', id },
    { kind: 'accept', ids: objects.filter(() => random() < 0.5).map((one) => one.id), accepted: random() < 0.7 },
    { kind: 'corner', id, at: Math.floor(random() * 3), to: [by() * 2, by() * 2] },
  ];
  return edits[Math.floor(random() * edits.length)] ?? add;
}
