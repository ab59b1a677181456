import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDetections } from '../../../../src/core/reply/detections.ts';
import { assertBoxes, labels, read, readInChunks, reasons, SQUARE, theOnly } from '../../../fixtures/replies/make.ts';

/** [label, top, left, bottom, right], as replies write a box. */
type Row = [string, number, number, number, number];

/** Reads the reply whole and in pieces, and expects these objects and nothing dropped. */
function assertRead(reply: string, ...rows: Row[]): void {
  const found = read(reply);
  assert.deepEqual(reasons(found), [], reply);
  assertBoxes(found, ...rows.map(([label, top, left, bottom, right]): Row => [label, left, top, right, bottom]));
  for (const sizes of [[1], [5, 11]]) assert.deepEqual(readInChunks(reply, sizes).found, found, `in pieces: ${reply}`);
}

suite('a box is read however its value is written', () => {
  for (const value of [
    '"480, 590, 690, 810"',
    '"[480, 590, 690, 810]"',
    '"480 590 690 810"',
    '"(480,590),(690,810)"',
    '"480;590;690;810"',
    '"480-590-690-810"',
    '"480 | 590 / 690 / 810"',
    '"<box>480 590 690 810</box>"',
    '"ymin: 480, xmin: 590, ymax: 690, xmax: 810"',
    '"x1=590 y1=480 x2=810 y2=690"',
    '"xmin, ymin, xmax, ymax = 590, 480, 810, 690"',
    '"{\\"ymin\\": 480, \\"xmin\\": 590, \\"ymax\\": 690, \\"xmax\\": 810}"',
    '"48%, 59%, 69%, 81%"',
    '[[480, 590, 690, 810]]',
    '[[[480, 590, 690, 810]]]',
    '["480, 590, 690, 810"]',
    '[[480, 590], [690, 810]]',
    '[[480, 590], [480, 810], [690, 810], [690, 590]]',
    '["480", "590", "690", "810"]',
    '["480px", "590px", "690 px", "810px"]',
    '["48%", "59%", "69%", "81%"]',
    '[690, 810, 480, 590]',
    '{"ymin": 480, "xmin": 590, "ymax": 690, "xmax": 810}',
    '{"xmin": "590", "xmax": "810", "ymin": "480", "ymax": "690"}',
    '{"y_min": 480, "x_min": 590, "y_max": 690, "x_max": 810}',
    '{"yMin": 480, "xMin": 590, "yMax": 690, "xMax": 810}',
    '{"min_x": 590, "min_y": 480, "max_x": 810, "max_y": 690}',
    '{"left": 590, "top": 480, "right": 810, "bottom": 690}',
    '{"x1": 590, "y1": 480, "x2": 810, "y2": 690}',
    '{"x0": 590, "y0": 480, "x1": 810, "y1": 690}',
    '{"x": 590, "y": 480, "width": 220, "height": 210}',
    '{"x": 590, "y": 480, "w": 220, "h": 210}',
    '{"left": 590, "top": 480, "width": 220, "height": 210}',
    '{"x_center": 700, "y_center": 585, "width": 220, "height": 210}',
    '{"cx": 700, "cy": 585, "w": 220, "h": 210}',
    '{"top_left": {"x": 590, "y": 480}, "bottom_right": {"x": 810, "y": 690}}',
    '{"topLeft": [480, 590], "bottomRight": [690, 810]}',
    '{"min": {"x": 590, "y": 480}, "max": {"x": 810, "y": 690}}',
    '{"vertices": [{"x": 590, "y": 480}, {"x": 810, "y": 480}, {"x": 810, "y": 690}, {"x": 590, "y": 690}]}',
    '[{"x": 590, "y": 480}, {"x": 810, "y": 690}]',
    '{"box": [480, 590, 690, 810]}',
    '{"coordinates": [480, 590, 690, 810]}',
    '{"xyxy": [590, 480, 810, 690]}',
    '[{"ymin": 480, "xmin": 590, "ymax": 690, "xmax": 810}]',
  ])
    test(value, () => {
      assertRead(
        `[{"label": "bell", "box_2d": ${value}}, {"box_2d": ${value}, "label": "bell 2"}]`,
        ['bell', 480, 590, 690, 810],
        ['bell 2', 480, 590, 690, 810],
      );
    });
});

suite('a box is read whatever its key is called', () => {
  for (const key of [
    'bbox',
    'bbox_2d',
    'bbox2d',
    'box-2d',
    'Box_2D',
    'box 2d',
    'boundingBox',
    'BoundingBox',
    'bounding_box_2d',
    'bounding box',
    'bndbox',
    'box_coordinates',
    'coordinates',
    'coords',
    'rect',
    'location',
    'position',
    'where_it_is',
  ]) {
    test(key, () => {
      assertRead(`[{"${key}": [110, 210, 310, 410], "label": "mug"}]`, ['mug', 110, 210, 310, 410]);
      assertRead(`{"result": {"objects": [{"label": "mug", "${key}": {"top": 110, "left": 210, "bottom": 310, "right": 410}}]}}`, [
        'mug',
        110,
        210,
        310,
        410,
      ]);
      assertRead(`[{"label": "mug", "${key}": "110, 210, 310, 410"}]`, ['mug', 110, 210, 310, 410]);
    });
  }
  test('its own key is believed first', () => {
    assertRead('[{"location": "top left", "bbox": [1, 2, 3, 4], "box_2d": [110, 210, 310, 410], "label": "mug"}]', [
      'mug',
      110,
      210,
      310,
      410,
    ]);
    assertRead('[{"box_2d": "see bbox", "bbox": [110, 210, 310, 410], "label": "mug"}]', ['mug', 110, 210, 310, 410]);
    assertRead('[{"label": "mug", "color": [255, 0, 0, 1], "where": [110, 210, 310, 410]}]', ['mug', 110, 210, 310, 410]);
  });
  test('a key that says the order of its numbers', () => {
    assertRead('[{"xyxy": [210, 110, 410, 310], "label": "mug"}]', ['mug', 110, 210, 310, 410]);
    assertRead('[{"bbox_xywh": [210, 110, 200, 200], "label": "mug"}]', ['mug', 110, 210, 310, 410]);
  });
});

suite('edges may be keys of the item itself', () => {
  for (const edges of [
    '"ymin": 815, "xmin": 55, "ymax": 955, "xmax": 945',
    '"xmin": 55, "ymin": 815, "xmax": 945, "ymax": 955',
    '"x1": 55, "y1": 815, "x2": 945, "y2": 955',
    '"top": "815", "left": "55", "bottom": "955", "right": "945"',
    '"x": 55, "y": 815, "width": 890, "height": 140',
    '"bbox_ymin": 815, "bbox_xmin": 55, "bbox_ymax": 955, "bbox_xmax": 945',
    '"box_2d": null, "y_min": 815, "x_min": 55, "y_max": 955, "x_max": 945',
  ])
    test(edges, () => {
      assertRead(`[{"label": "ruler", ${edges}}]`, ['ruler', 815, 55, 955, 945]);
      assertRead(`{"boxes": [{${edges}, "label": "ruler"}]}`, ['ruler', 815, 55, 955, 945]);
      assertRead(`{"ruler": {${edges}}}`, ['ruler', 815, 55, 955, 945]);
      assert.deepEqual(labels(read(`[{${edges}}]`)), ['']);
    });
});

suite('items are found however they are wrapped', () => {
  const CAT: Row = ['cat', 10, 20, 300, 400];
  const DOG: Row = ['dog', 500, 500, 900, 900];
  for (const [reply, ...rows] of [
    ['{"cat": [{"box_2d": [10, 20, 300, 400]}], "dog": [{"box_2d": [500, 500, 900, 900]}]}', CAT, DOG],
    ['{"objects": {"cat": {"box_2d": [10, 20, 300, 400]}, "dog": {"bbox": [500, 500, 900, 900]}}}', CAT, DOG],
    ['{"cat": {"ymin": 10, "xmin": 20, "ymax": 300, "xmax": 400}, "dog": {"ymin": 500, "xmin": 500, "ymax": 900, "xmax": 900}}', CAT, DOG],
    ['{"detected_objects": {"cat": [[10, 20, 300, 400]], "dog": [[500, 500, 900, 900]]}}', CAT, DOG],
    ['{"cat": "10, 20, 300, 400", "dog": "500, 500, 900, 900"}', CAT, DOG],
    ['[{"cat": [10, 20, 300, 400], "confidence": 0.5}, {"dog": [500, 500, 900, 900], "confidence": 0.6}]', CAT, DOG],
    [
      '{"animals": [{"category": "cat", "instances": [{"box_2d": [10, 20, 300, 400]}]}, {"category": "dog", "instances": [{"box_2d": [500, 500, 900, 900]}]}]}',
      CAT,
      DOG,
    ],
    ['[{"label": "cat", "boxes": [[10, 20, 300, 400], [500, 500, 900, 900]]}]', CAT, ['cat', 500, 500, 900, 900]],
    ['[{"label": "cat", "box_2d": [[10, 20, 300, 400], [500, 500, 900, 900]]}]', CAT, ['cat', 500, 500, 900, 900]],
    ['{"cat": [[10, 20, 300, 400], [500, 500, 900, 900]]}', CAT, ['cat', 500, 500, 900, 900]],
    ['{"boxes": [[10, 20, 300, 400], [500, 500, 900, 900]], "labels": ["cat", "dog"]}', CAT, DOG],
    ['{"boxes": [[10, 20, 300, 400]]}', ['', 10, 20, 300, 400]],
    ['{"boxes": [{"box_2d": [10, 20, 300, 400]}]}', ['', 10, 20, 300, 400]],
  ] as [string, ...Row[]][])
    test(reply, () => assertRead(reply, ...rows));
});

suite('a label may stand under any short text', () => {
  for (const [fields, label] of [
    ['"text_content": "STOP"', 'STOP'],
    ['"text": "STOP"', 'STOP'],
    ['"object": "spoon"', 'spoon'],
    ['"object_name": "spoon"', 'spoon'],
    ['"className": "spoon"', 'spoon'],
    ['"title": "spoon"', 'spoon'],
    ['"description": "a spoon"', 'a spoon'],
    ['"Label": "spoon"', 'spoon'],
    ['"utensil": "spoon"', 'spoon'],
    ['"label": "", "utensil": "spoon"', 'spoon'],
    ['"labels": ["spoon", "cutlery"]', 'spoon, cutlery'],
    ['"color": "red", "utensil": "spoon"', 'spoon'],
    ['"color": "red"', 'red'],
    ['"id": 3, "mask": "x", "image": "1"', ''],
    [`"essay": "${'long '.repeat(30)}"`, ''],
  ] as const)
    test(fields, () => {
      assert.equal(theOnly(`[{${fields}, "box_2d": [140, 310, 210, 530]}]`).label, label);
      assert.equal(theOnly(`[{"box_2d": [140, 310, 210, 530], ${fields}}]`).label, label);
    });
});

suite('fractions of 1 are judged over the whole reply', () => {
  const door = { ...SQUARE, width: 800, height: 600 };
  const pixels = (reply: string) => {
    const { detections, dropped } = readDetections(reply, door);
    return [
      ...detections.map(({ pixelBox: { x, y, width, height } }) => [y, x, y + height, x + width]),
      ...dropped.map(({ reason }) => reason),
    ];
  };
  test('all in 0..1, some not whole', () => {
    assert.deepEqual(pixels('[{"label": "door", "box_2d": [0.05, 0.25, 0.45, 0.65]}]'), [[30, 200, 270, 520]]);
    assert.deepEqual(pixels('[{"label": "all", "box_2d": [0, 0, 1, 1]}, {"label": "door", "box_2d": [0.05, 0.25, 0.45, 0.65]}]'), [
      [0, 0, 600, 800],
      [30, 200, 270, 520],
    ]);
    assert.deepEqual(pixels('[{"label": "door", "ymin": "0.05", "xmin": "0.25", "ymax": "0.45", "xmax": "0.65"}]'), [[30, 200, 270, 520]]);
  });
  test('no hair is lost: 0.57 is 570', () => {
    assertRead('[{"label": "x", "box_2d": [0.57, 0.29, 0.58, 1.0]}]', ['x', 570, 290, 580, 1000]);
  });
  test('a single number above 1 makes thousandths of all, also of what came before it', () => {
    assert.deepEqual(pixels('[{"label": "a", "box_2d": [0.5, 0.5, 0.9, 0.9]}, {"label": "b", "box_2d": [0.5, 100, 500, 900]}]'), [
      [0, 80, 300, 720],
      'The box has no area.',
    ]);
  });
  test('all whole are thousandths', () => {
    assert.deepEqual(pixels('[{"label": "a", "box_2d": [0, 0, 1, 1]}]'), ['The box has no area.']);
  });
  test('a point and an outline in fractions', () => {
    const { detections } = readDetections('[{"point": [0.25, 0.5], "label": "tip"}]', door);
    assert.deepEqual(detections[0]?.point, { x: 0.5, y: 0.25 });
    const cup = theOnly('[{"box_2d": [0.1, 0.2, 0.5, 0.6], "mask": [[0.2, 0.1], [0.6, 0.1], [0.4, 0.5]], "label": "cup"}]');
    assert.deepEqual(cup.mask, {
      kind: 'polygon',
      points: [
        [0.2, 0.1],
        [0.6, 0.1],
        [0.4, 0.5],
      ],
    });
  });
  test('the same in pieces: what waits for the scale is not lost', () => {
    const reply = '[5, {"label": "a", "box_2d": [0.1, 0.2, 0.5, 0.6]}, {"label": "b"}, {"label": "c", "box_2d": [0.5, 0.6, 1, 1]}]';
    const found = read(reply);
    assertBoxes(found, ['a', 200, 100, 600, 500], ['c', 600, 500, 1000, 1000]);
    assert.deepEqual(reasons(found), ['This is not an object.', 'There is no box.']);
    for (const sizes of [[1], [7]]) assert.deepEqual(readInChunks(reply, sizes).found, found);
  });
});

suite('points and outlines have as many spellings', () => {
  for (const value of ['"250, 500"', '"[250, 500]"', '[[250, 500]]', '["250", "500"]', '{"x": 500, "y": 250}', '[{"x": 500, "y": 250}]'])
    test(`a point: ${value}`, () => assert.deepEqual(theOnly(`[{"point": ${value}, "label": "tip"}]`).point, { x: 0.5, y: 0.25 }));
  for (const fields of ['"point_2d": [250, 500]', '"x": 500, "y": 250', '"coordinates": [250, 500]', '"center": {"x": 500, "y": 250}'])
    test(`a point: ${fields}`, () => assert.deepEqual(theOnly(`[{${fields}, "label": "tip"}]`).point, { x: 0.5, y: 0.25 }));
  test('several points of one label', () => {
    const { detections, dropped } = read('[{"label": "tip", "points": [[250, 500], [750, 100]]}]');
    assert.deepEqual(dropped, []);
    assert.deepEqual(
      detections.map(({ label, point }) => [label, point]),
      [
        ['tip', { x: 0.5, y: 0.25 }],
        ['tip', { x: 0.1, y: 0.75 }],
      ],
    );
  });
  for (const mask of [
    '[{"x": 20, "y": 10}, {"x": 400, "y": 10}, {"x": 400, "y": 300}]',
    '{"points": [[20, 10], [400, 10], [400, 300]]}',
    '{"polygon": [{"x": "20", "y": "10"}, {"x": 400, "y": 10}, {"x": 400, "y": 300}]}',
    '"20,10 400,10 400,300"',
    '"[[20, 10], [400, 10], [400, 300]]"',
  ])
    for (const key of ['mask', 'polygon', 'segmentation_mask', 'outline'])
      test(`an outline: ${key} ${mask}`, () => {
        const cat = theOnly(`[{"${key}": ${mask}, "box_2d": [10, 20, 300, 400], "label": "cat"}]`);
        assert.deepEqual(cat.mask, {
          kind: 'polygon',
          points: [
            [0.02, 0.01],
            [0.4, 0.01],
            [0.4, 0.3],
          ],
        });
      });
});

test('words that are no box stay none, with the reason', () => {
  for (const [value, reason] of [
    ['"3 of 4 cups, 12 to 15 cm"', 'There is no box.'],
    ['"480, 590, 690"', 'The box has 3 numbers, 4 are needed.'],
    ['{"ymin": 1, "xmin": 2, "ymax": 3}', 'There is no box.'],
    ['{"ymin": "a", "xmin": 2, "ymax": 3, "xmax": 4}', 'The box contains something that is not a number.'],
    [`"${'1 '.repeat(300)}"`, 'There is no box.'],
  ] as const)
    assert.deepEqual(reasons(read(`[{"box_2d": ${value}, "label": "x"}]`)), [reason], value);
});
