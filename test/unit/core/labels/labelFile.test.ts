import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { maskBitmap } from '../../../../src/core/exports/maskBitmap.ts';
import type { LabelWish } from '../../../../src/core/labels/coco.ts';
import { JsonEntries, type JsonPlace } from '../../../../src/core/labels/jsonEntries.ts';
import { labeledInspection } from '../../../../src/core/labels/labeledInspection.ts';
import { type LabelKind, labelReader } from '../../../../src/core/labels/labelFile.ts';
import { LabelIndex } from '../../../../src/core/labels/labelIndex.ts';
import type { LabelsRead } from '../../../../src/core/labels/labels.ts';
import { unpackedCounts } from '../../../../src/core/labels/rle.ts';
import { listedNames, yoloNames } from '../../../../src/core/labels/yoloNames.ts';

const SIZE = { width: 10, height: 8 };
const IMAGE = { uri: 'file:///a.png', sha256: '00', mimeType: 'image/png', ...SIZE };

function read(
  kind: Exclude<LabelKind, 'dataset'>,
  text: string,
  wish: LabelWish = { shapes: true },
  names = new Map<number, string>(),
): LabelsRead {
  const reader = labelReader(kind, wish, names);
  reader.push(text);
  return reader.end();
}

function detectionsIn(labels: LabelsRead, place = 0) {
  const image = labels.images[place];
  assert.ok(image);
  return labeledInspection(image, labels, { id: 'x', createdAt: '', image: IMAGE });
}

const unreadable = (kind: Exclude<LabelKind, 'dataset'>, text: string) =>
  assert.throws(() => read(kind, text), { name: 'InspectorError', reason: 'unreadableFile' }, text.slice(0, 80));

suite('JSON piece by piece', () => {
  const TEXT = '\ufeff{"a": "x\\"],", "images" : [ {"id":1, "n":"[{"}, 7 , "two" ,[1,[2]] ],\n "b":{"c":[1]},"list":[], "d":null}';

  test('the same entries wherever the text is cut', () => {
    const all = (cut: (text: string) => string[]) => {
      const { entries, reader } = collected();
      for (const piece of cut(TEXT)) reader.push(piece);
      assert.ok(reader.isComplete);
      return entries;
    };
    const whole = all((text) => [text]);
    assert.deepEqual(
      whole.map(({ section, index, line, value }) => [section, index, line, value]),
      [
        ['a', undefined, 1, 'x"],'],
        ['images', 0, 1, { id: 1, n: '[{' }],
        ['images', 1, 1, 7],
        ['images', 2, 1, 'two'],
        ['images', 3, 1, [1, [2]]],
        ['b', undefined, 2, { c: [1] }],
        ['d', undefined, 2, null],
      ],
    );
    for (let length = 1; length < 30; length++)
      assert.deepEqual(
        all((text) => Array.from({ length: Math.ceil(text.length / length) }, (_, at) => text.slice(at * length, (at + 1) * length))),
        whole,
        `pieces of ${length}`,
      );
  });

  test('elements that are read at once are those that are read one by one, wherever the text is cut and whatever is broken', () => {
    const elements = [
      '{"id":1}',
      '{"id":2,"s":{"a":[{"b":1},{"b":2}, {"b":3}]}}',
      '{"t":"},{"}',
      '7',
      '{"u":"}, {","v":[]}',
      '{"w":{},"x":{}}',
    ];
    for (const comma of [',', ', ', ' ,  ', ',\n']) {
      for (const broken of ['', '{"id":nought}', '{"y":[1}', '{"z":"\t"}', '}']) {
        const list = [...elements, ...elements, ...(broken === '' ? [] : [broken]), ...elements, ...elements];
        const text = `{"images":[${list.join(comma)}],"annotations":[${elements.join(comma)}]}`;
        const byOne = collected();
        for (const character of text) byOne.reader.push(character);
        for (const length of [7, 20, 64, 150, text.length]) {
          const { reader, entries } = collected();
          for (let at = 0; at < text.length; at += length) reader.push(text.slice(at, at + length));
          assert.deepEqual(entries, byOne.entries, `${JSON.stringify(comma)} ${broken} ${length}`);
        }
        if (broken === '') assert.equal(byOne.entries.length, 5 * elements.length);
      }
    }
  });
});

/** What a reader gives, in its order. */
function collected() {
  const entries: (JsonPlace & { value?: unknown; broken?: string })[] = [];
  const reader = new JsonEntries({
    take: (at, value) => entries.push({ ...at, value }),
    broken: (at, broken) => entries.push({ ...at, broken }),
  });
  return { reader, entries };
}

suite('COCO', () => {
  const file = (annotations: unknown[], more: object = {}) =>
    JSON.stringify({
      images: [
        { id: 1, file_name: 'one/a.png', ...SIZE },
        { id: 2, file_name: 'two/a.png', ...SIZE },
        { id: 3, file_name: 'none.png', ...SIZE },
      ],
      categories: [
        { id: 7, name: 'cat' },
        { id: 9, name: 'dog' },
      ],
      annotations,
      ...more,
    });

  test('several images, told apart by as much of their path as it takes', () => {
    const labels = read(
      'json',
      file([
        { id: 1, image_id: 1, category_id: 7, bbox: [1, 2, 3, 4.25] },
        { id: 2, image_id: 2, category_id: 9, bbox: [0, 0, 10, 8], score: 0.5, iscrowd: 1 },
      ]),
    );
    const index = new LabelIndex(labels.images);
    assert.equal(index.find('/w/one/a.png')?.objects[0]?.label, 'cat');
    assert.deepEqual(index.find('C:\\w\\two\\a.png')?.objects[0], {
      label: 'dog',
      box: { x: 0, y: 0, width: 10, height: 8 },
      confidence: 0.5,
      crowd: true,
    });
    assert.deepEqual(index.find('/w/none.png')?.objects, []);
    assert.equal(index.find('/w/a.png'), undefined);
    assert.equal(index.find('/w/other.png'), undefined);
    assert.deepEqual(detectionsIn(labels).detections, [
      {
        id: '1',
        label: 'cat',
        imageIndex: 0,
        box: { x: 0.1, y: 0.25, width: 0.3, height: 4.25 / 8 },
        pixelBox: { x: 1, y: 2, width: 3, height: 4.25 },
      },
    ]);
  });

  test('only what is wanted is kept, in whatever order the lists come', () => {
    const annotations = [
      { image_id: 1, category_id: 7, bbox: [1, 2, 3, 4] },
      { image_id: 2, category_id: 7, bbox: [1, 2, 3, 4] },
    ];
    const { images, categories } = JSON.parse(file([]).replace('two/a.png', 'two\\\\\u00c4.png')) as Record<string, unknown[]>;
    for (const text of [JSON.stringify({ images, categories, annotations }), JSON.stringify({ annotations, categories, images })]) {
      const labels = read('json', text, { shapes: false, imageName: 'A\u0308.png' });
      assert.deepEqual(
        labels.images.map(({ name, objects }) => [name, objects.length]),
        [['two\\\u00c4.png', 1]],
      );
      assert.equal(labels.problemCount, 0);
    }
  });

  test('outlines of one image, in whatever order the lists come', () => {
    const annotation = (image: number) => ({ image_id: image, category_id: 7, bbox: [1, 2, 3, 4], segmentation: [[1, 2, 4, 2, 4, 6]] });
    const { images, categories } = JSON.parse(file([])) as Record<string, unknown[]>;
    const annotations = [annotation(1), annotation(3), { image_id: 3, category_id: 7 }, annotation(4)];
    for (const text of [JSON.stringify({ images, categories, annotations }), JSON.stringify({ annotations, categories, images })]) {
      const labels = read('json', text, { shapes: true, imageName: 'none.png' });
      assert.deepEqual(
        labels.images.map(({ objects }) => objects.map(({ shape }) => shape)),
        [[{ kind: 'rings', rings: [[[1, 2], [4, 2], [4, 6]]] }]], // biome-ignore format: points
      );
      assert.equal(labels.problemCount, 2, 'one without a box, one without an image');
    }
  });

  test('runs, as they are and packed: columns from the left, crowds too', () => {
    // As pycocotools 2.0.11 packs a mask of 10 x 8 pixels with the pixels (1..2, 2..4) and (5, 0) set.
    const counts = [10, 3, 5, 3, 19, 1, 39];
    assert.deepEqual(unpackedCounts(':350>Nd0'), counts);
    assert.equal(unpackedCounts('::35cM~'), undefined);
    assert.equal(unpackedCounts('k'), undefined);
    for (const form of [counts, ':350>Nd0']) {
      const labels = read(
        'json',
        file([{ image_id: 1, category_id: 7, iscrowd: 1, bbox: [1, 0, 5, 5], segmentation: { size: [8, 10], counts: form } }]),
      );
      const [one] = detectionsIn(labels).detections ?? [];
      assert.ok(one);
      assert.deepEqual([one.crowd, one.pixelBox], [true, { x: 1, y: 0, width: 5, height: 5 }]);
      const bitmap = maskBitmap(one, SIZE, 127);
      const pixels = [...(bitmap?.data ?? [])].flatMap((value, at) => (value === 1 ? [`${(at % 5) + 1},${Math.floor(at / 5)}`] : []));
      assert.deepEqual(pixels.toSorted(), ['1,2', '1,3', '1,4', '2,2', '2,3', '2,4', '5,0'].toSorted());
    }
  });

  test('several rings become a bitmap, one stays a polygon', () => {
    const two = {
      image_id: 1,
      category_id: 7,
      bbox: [0, 0, 9, 4],
      segmentation: [
        [0, 0, 2, 0, 2, 2, 0, 2],
        [7, 2, 9, 2, 9, 4, 7, 4],
      ],
    };
    const one = { ...two, segmentation: [[0, 0, 9, 0, 9, 4]] };
    const { detections } = detectionsIn(read('json', file([two, one])));
    assert.deepEqual(
      detections?.map(({ mask }) => mask?.kind),
      ['bitmap', 'polygon'],
    );
    assert.equal(detections?.[0] && maskBitmap(detections[0], SIZE, 127)?.area, 8);
    assert.deepEqual(detections?.[1]?.pixelBox, { x: 0, y: 0, width: 9, height: 4 });
  });

  test('what is broken is told by line and entry, the rest is read', () => {
    const text = `{"images":[{"id":1,"file_name":"a.png","width":10,"height":8}],\n"categories":[{"id":7,"name":"cat"}],\n"annotations":[
{"image_id":1,"category_id":7,"bbox":[1,1,2,2]},
{"image_id":1,"category_id":7,"bbox":[1,1,"x",2]},
{"image_id":1,"category_id":7,"bbox":[1,1,2,2],},
{"image_id":5,"category_id":7,"bbox":[1,1,2,2]},
{"image_id":1,"category_id":8,"bbox":[20,20,2,2]},
{"image_id":1,"category_id":7,"bbox":[3,3,2,`;
    const labels = read('json', text);
    const { detections, dropped, complete } = detectionsIn(labels);
    assert.equal(complete, false);
    assert.deepEqual(
      detections?.map(({ label }) => label),
      ['cat'],
    );
    assert.deepEqual(
      dropped.map(({ reason }) => reason),
      [
        'line 5, annotations 2: There is no box.',
        'line 6, annotations 3: It is not valid JSON.',
        'at its end: The file ends before its end.',
        'line 7, annotations 4: Its image is not in the file.',
        'line 8, annotations 5: Its category is not in the file: the object is called by its number.',
        'object "8": It lies outside the image.',
      ],
    );
  });

  test('what is none is refused', () => {
    for (const text of ['', '[]', '{}', 'null', '{"a": 1}', '[[[[', '{"shapes":', '"text"', '[{"box_2d":[1,2,3,4]}]'])
      unreadable('json', text);
  });

  test('a size that is not the image’s scales the labels, and is told where it has another shape', () => {
    const scaled = file([{ image_id: 1, category_id: 7, bbox: [2, 4, 6, 8] }], {
      images: [{ id: 1, file_name: 'a.png', width: 20, height: 16 }],
    });
    const { detections, dropped } = detectionsIn(read('json', scaled));
    assert.deepEqual(detections?.[0]?.pixelBox, { x: 1, y: 2, width: 3, height: 4 });
    assert.deepEqual(dropped, []);
    const turned = file([{ image_id: 1, category_id: 7, bbox: [2, 4, 6, 4] }], {
      images: [{ id: 1, file_name: 'a.png', width: 8, height: 10 }],
    });
    assert.match(detectionsIn(read('json', turned)).dropped[0]?.reason ?? '', /8 × 10/);
  });
});

suite('YOLO', () => {
  test('boxes, outlines, confidences and names of every form', () => {
    const names = yoloNames('names: [\'cat\', "dog"]\nnc: 2');
    assert.deepEqual(names && [...names], [
      [0, 'cat'],
      [1, 'dog'],
    ]);
    assert.deepEqual(
      [...(yoloNames('train: x\nnames:\n  0: cat\n  3: a dog\n') ?? [])],
      [
        [0, 'cat'],
        [3, 'a dog'],
      ],
    );
    assert.deepEqual(
      [...listedNames('cat\r\ndog\n')],
      [
        [0, 'cat'],
        [1, 'dog'],
      ],
    );
    const { images, problems } = read(
      'yolo',
      '1 0.5 0.5 0.2 0.5\r\n\n0 0.5 0.5 0.2 0.5 0.75\n5 0 0 1 0 1 1\nx 1 2 3 4\n1 0.5\n1 .5 .5 0 0\n',
      undefined,
      names,
    );
    assert.deepEqual(
      images[0]?.objects.map(({ label, confidence, shape }) => [label, confidence, shape?.kind]),
      [
        ['dog', undefined, undefined],
        ['cat', 0.75, undefined],
        ['5', undefined, 'rings'],
      ],
    );
    assert.deepEqual(images[0]?.objects[0]?.box, { x: 0.4, y: 0.25, width: 0.2, height: 0.5 });
    assert.deepEqual(
      problems.map(({ place }) => place),
      ['line 5', 'line 6', 'line 7'],
    );
  });

  test('an empty file is an image without objects, one of other words is none', () => {
    assert.deepEqual(read('yolo', '').images[0]?.objects, []);
    unreadable('yolo', 'Dear diary,\ntoday');
  });

  test('nothing that a YAML refers to is expanded', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`)
      .join('\n')}\nnames: *i\n`;
    const before = performance.now();
    assert.equal(yoloNames(bomb), undefined);
    assert.ok(performance.now() - before < 1000);
    for (const yaml of ['', 'names: 3', '- a', 'names: [', '{{{{']) assert.doesNotThrow(() => yoloNames(yaml));
  });
});

suite('Pascal VOC', () => {
  const object = (name: string, box: string) => `<object><name>${name}</name><bndbox>${box}</bndbox></object>`;
  const BOX = '<ymin>2</ymin><xmin>1</xmin><xmax>4.5</xmax><ymax>8</ymax>';

  test('pixels count from 1, and both ends belong to the box', () => {
    const { images } = read(
      'xml',
      `<annotation><filename>a.png</filename><size><width>10</width><height>8</height></size>${object('a &lt; b', BOX)}</annotation>`,
    );
    assert.deepEqual(images, [
      { name: 'a.png', size: SIZE, unit: 'pixels', objects: [{ label: 'a < b', box: { x: 0, y: 1, width: 4.5, height: 7 } }] },
    ]);
  });

  test('of a damaged file the objects that are whole', () => {
    const labels = read(
      'xml',
      `<annotation>\n<filename>a.png</filename>\n${object('cat', BOX)}${object('dog', '<xmin>')}${object('none', '')}${object('cow', BOX)}<object><name>`,
    );
    assert.deepEqual(
      labels.images[0]?.objects.map(({ label }) => label),
      ['cat', 'cow'],
    );
    assert.deepEqual(
      labels.problems.map(({ place }) => place),
      ['line 3', 'object 2', 'object 3', 'object 5'],
    );
  });

  test('entities of its own are not expanded, other XML is refused', () => {
    const bomb = `<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><annotation>${object('&c;', BOX)}</annotation>`;
    unreadable('xml', bomb);
    for (const text of ['', '<svg/>', 'text', `${'<a>'.repeat(20000)}`]) unreadable('xml', text);
  });
});

suite('LabelMe', () => {
  const file = (shapes: object[]) =>
    JSON.stringify({ version: '5', imagePath: 'a.png', shapes, imageData: 'A'.repeat(200_000), imageHeight: 8, imageWidth: 10 });
  const shape = (label: string, shape_type: string, points: number[][], group_id: number | null = null) => ({
    label,
    points,
    group_id,
    shape_type,
    flags: {},
  });

  test('all kinds of shapes; a group of polygons is one object', () => {
    const labels = read(
      'json',
      file([
        shape('box', 'rectangle', [
          [4, 6],
          [1, 2],
        ]),
        shape(
          'cat',
          'polygon',
          [
            [0, 0],
            [2, 0],
            [2, 2],
            [0, 2],
          ],
          1,
        ),
        shape(
          'cat',
          'polygon',
          [
            [6, 0],
            [8, 0],
            [8, 2],
            [6, 2],
          ],
          1,
        ),
        shape(
          'dog',
          'polygon',
          [
            [6, 0],
            [8, 0],
            [8, 2],
            [6, 2],
          ],
          1,
        ),
        shape('disc', 'circle', [
          [5, 4],
          [7, 4],
        ]),
        shape('line', 'linestrip', [
          [5, 4],
          [7, 4],
        ]),
      ]),
    );
    const { detections = [], dropped } = detectionsIn(labels);
    assert.deepEqual(
      detections.map(({ label, pixelBox, mask }) => [label, pixelBox, mask?.kind]),
      [
        ['box', { x: 1, y: 2, width: 3, height: 4 }, undefined],
        ['cat', { x: 0, y: 0, width: 8, height: 2 }, 'bitmap'],
        ['dog', { x: 6, y: 0, width: 2, height: 2 }, 'polygon'],
        ['disc', { x: 3, y: 2, width: 4, height: 4 }, 'polygon'],
      ],
    );
    assert.match(dropped[0]?.reason ?? '', /shapes 6: .*linestrip/);
  });

  test('without a shape it is an image without objects', () => {
    assert.deepEqual(read('json', file([])).images[0], { name: 'a.png', size: SIZE, unit: 'pixels', objects: [] });
  });
});

suite('CSV', () => {
  test('with edges, as others write it, and what cannot be read by its line', () => {
    const labels = read(
      'csv',
      'filename,width,height,class,xmin,ymin,xmax,ymax\n"a, b.png",10,8,"two\nlines",1,2,4,6\na.png,10,8,dog,1,2\nempty.png,10,8,,,,,\n',
    );
    assert.deepEqual(labels.images, [
      { name: 'a, b.png', size: SIZE, unit: 'pixels', objects: [{ label: 'two\nlines', box: { x: 1, y: 2, width: 3, height: 4 } }] },
      { name: 'a.png', size: SIZE, unit: 'pixels', objects: [] },
      { name: 'empty.png', size: SIZE, unit: 'pixels', objects: [] },
    ]);
    assert.deepEqual(
      labels.problems.map(({ place }) => place),
      ['line 4'],
    );
    assert.equal(read('csv', 'image;label;x;y;width;height\na.png;cat;1;2;3;4').images[0]?.objects[0]?.label, 'cat');
  });

  test('of the image that is wanted alone, where it has one; the others are counted', () => {
    const text = 'image,label,x,y,width,height\na/one.png,cat,1,2,3,4\ntwo.png,dog,1,2,3,4\nb/one.png,cow,1,2,3,4\n';
    const { images, others, isForMany } = read('csv', text, { shapes: true, imageName: 'one.png' });
    assert.deepEqual([images.map(({ name }) => name), others, isForMany], [['a/one.png', 'b/one.png'], 1, true]);
    assert.deepEqual(read('csv', text, { shapes: true, imageName: 'none.png' }).images, []);
  });

  test('a table of something else is refused', () => {
    for (const text of ['', 'a,b\n1,2\n', 'image,label\na.png,cat\n', '"""""']) unreadable('csv', text);
  });
});
