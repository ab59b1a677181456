import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse as parseCsv } from 'csv-parse/sync';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { parse as parseYaml } from 'yaml';
import type { DataFormat } from '../../../../src/core/exports/dataWriters.ts';
import type { ExportFile, ExportImage } from '../../../../src/core/exports/exportImage.ts';
import { maskBitmap } from '../../../../src/core/exports/maskBitmap.ts';
import { exportedFiles } from '../../../fixtures/exportedFiles.ts';
import { detection, exportImage, HOSTILE_LABELS, inspectionOf, mapPng, random, randomDetections } from '../../../fixtures/exportImages.ts';

const SIZE = { width: 160, height: 120 };
/** As classes: one without a word is called something. */
const HOSTILE_CLASSES = HOSTILE_LABELS.map((label) => (label.trim() === '' ? 'unlabeled' : label));
const RANDOM = [1, 2, 3].map((seed) => exportImage(randomDetections(seed, SIZE), { ...SIZE, name: `street ${seed}.png` }));
const HOSTILE = exportImage(
  HOSTILE_LABELS.map((label, index) => detection(index + 1, label, [index, 2 * index, index + 30, 2 * index + 40], SIZE)),
  SIZE,
);
const WITH_POINT = exportImage(
  [detection(1, 'eye', [32, 48, 32, 48], SIZE, { point: { x: 0.2, y: 0.4 } }), detection(2, 'face', [0, 0, 160, 120], SIZE)],
  SIZE,
);
/** XML and YAML cannot hold every character of a string: what stands for it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const inXml = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Cs}/gu, '\ufffd');

function fileOf(format: DataFormat, images: readonly ExportImage[], path: string): string {
  const files = exportedFiles(format, images);
  const file = files.find((candidate) => candidate.path === path);
  assert.ok(file, `no ${path} among ${files.map((candidate) => candidate.path).join(', ')}`);
  return file.text;
}

/** The pixels of an object in the whole image, row by row. */
function pixelsOf(image: ExportImage, place: number): Uint8Array {
  const bitmap = maskBitmap(image.detections[place] as ExportImage['detections'][number], image, 127);
  const pixels = new Uint8Array(image.width * image.height);
  bitmap?.data.forEach((value, at) => {
    const [x, y] = [bitmap.region.x + (at % bitmap.region.width), bitmap.region.y + Math.floor(at / bitmap.region.width)];
    pixels[y * image.width + x] = value;
  });
  return pixels;
}

/** The pixels whose middles are inside polygons, by the even-odd rule for each. Points by x and y in turn. */
function filled(polygons: readonly (readonly number[])[], { width, height }: { width: number; height: number }): Uint8Array {
  const pixels = new Uint8Array(width * height);
  for (const polygon of polygons) {
    for (let at = 0; at < pixels.length; at++) {
      const [x, y] = [(at % width) + 0.5, Math.floor(at / width) + 0.5];
      let inside = 0;
      for (let i = 0; i < polygon.length; i += 2) {
        const [x1, y1] = [polygon[i] as number, polygon[i + 1] as number];
        const [x2, y2] = [polygon[(i + 2) % polygon.length] as number, polygon[(i + 3) % polygon.length] as number];
        if (y1 <= y !== y2 <= y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside ^= 1;
      }
      pixels[at] = (pixels[at] ?? 0) | inside;
    }
  }
  return pixels;
}

function assertSamePixels(actual: Uint8Array, expected: Uint8Array, what: string, most = 0): void {
  const different = actual.reduce((count, value, at) => count + (value === expected[at] ? 0 : 1), 0);
  assert.ok(different <= most, `${what}: ${different} pixels differ`);
}

suite('COCO', () => {
  interface Coco {
    info: { description: string };
    images: { id: number; file_name: string; width: number; height: number }[];
    categories: { id: number; name: string }[];
    annotations: {
      id: number;
      image_id: number;
      category_id: number;
      bbox: number[];
      area: number;
      iscrowd: number;
      score?: number;
      segmentation: number[][] | { size: number[]; counts: number[] };
    }[];
  }
  const read = (images: readonly ExportImage[], path: string) => JSON.parse(fileOf('coco', images, path)) as Coco;
  /** After the format's own description: runs down the columns, of nothing first. */
  const unrolled = ({ size: [height = 0, width = 0], counts }: { size: number[]; counts: number[] }) => {
    const pixels = new Uint8Array(width * height);
    let at = 0;
    for (const [place, count] of counts.entries()) {
      for (const end = at + count; at < end; at++) pixels[(at % height) * width + Math.floor(at / height)] = place % 2;
    }
    assert.equal(at, width * height);
    return pixels;
  };

  test('images, labels, boxes and areas come back', () => {
    const coco = read(RANDOM, 'dataset.coco.json');
    const expected = RANDOM.flatMap((image) => image.detections.map((object, place) => ({ image, object, place })));
    assert.equal(coco.annotations.length, expected.length);
    for (const [index, { image, object, place }] of expected.entries()) {
      const annotation = coco.annotations[index] as Coco['annotations'][number];
      const { x, y, width, height } = object.pixelBox;
      assert.equal(annotation.id, index + 1);
      assert.equal(coco.images.find(({ id }) => id === annotation.image_id)?.file_name, image.name);
      assert.equal(coco.categories.find(({ id }) => id === annotation.category_id)?.name, object.label);
      assert.deepEqual(annotation.bbox, [x, y, width, height]);
      const pixels = pixelsOf(image, place).reduce((sum, value) => sum + value, 0);
      assert.equal(annotation.area, pixels || width * height);
      assert.equal(annotation.iscrowd, 0);
      assert.equal(annotation.score, object.confidence);
    }
    assert.deepEqual(coco.images[0], { id: 1, file_name: 'street 1.png', ...SIZE });
    assert.match(coco.info.description, /gemini-3\.8-flash.*review/);
  });

  test('masks come back: RLE and the polygons of maps pixel for pixel', () => {
    const [polygons, runs] = [read(RANDOM, 'dataset.coco.json'), read(RANDOM, 'dataset.coco-rle.json')];
    let seen = 0;
    for (const [index, { image_id, segmentation }] of polygons.annotations.entries()) {
      const image = RANDOM[image_id - 1] as ExportImage;
      const place = index % image.detections.length;
      const run = runs.annotations[index]?.segmentation;
      const expected = pixelsOf(image, place);
      if (!expected.includes(1)) {
        assert.deepEqual([segmentation, run], [[], []]);
        continue;
      }
      assert.ok(run !== undefined && 'counts' in run && Array.isArray(segmentation));
      assertSamePixels(unrolled(run), expected, `RLE ${index}`);
      // A polygon of the model's own goes through its points, which are written in hundredths.
      const isOwn = image.detections[place]?.mask?.kind === 'polygon';
      assertSamePixels(filled(segmentation, SIZE), expected, `polygons ${index}`, isOwn ? 2 : 0);
      seen += 1;
    }
    assert.ok(seen > 15);
  });

  test('a ring in a ring, parts that touch by a corner, and a mask over all of the image', () => {
    const rows = ['#######.', '#.....#.', '#.###.#.', '#.#.#.#.', '#.###.#.', '#.....#.', '#######.', '.......#'];
    const png = (lines: readonly string[]) => mapPng(8, 8, (x, y) => (lines[y]?.[x] === '#' ? 255 : 0));
    const small = { width: 8, height: 8 };
    const masked = (lines: readonly string[]) =>
      detection(1, 'ring', [0, 0, 8, 8], small, { mask: { kind: 'bitmap', width: 8, height: 8, png: png(lines) } });
    for (const lines of [
      rows,
      Array(8).fill('########'),
      [...Array(7).fill('#.#.#.#.'), '########'],
      Array(4).fill(['#.#.#.#.', '.#.#.#.#']).flat(),
    ]) {
      const image = exportImage([masked(lines)], small);
      const [{ segmentation }] = read([image], 'street.coco.json').annotations as [Coco['annotations'][number]];
      const expected = Uint8Array.from(lines.join(''), (character) => (character === '#' ? 1 : 0));
      assertSamePixels(filled(segmentation as number[][], small), expected, lines.join('\n'));
      const [{ segmentation: run }] = read([image], 'street.coco-rle.json').annotations as [Coco['annotations'][number]];
      assertSamePixels(unrolled(run as { size: number[]; counts: number[] }), expected, lines.join('\n'));
    }
  });

  test('without masks there is one file; a damaged mask is a box', () => {
    const mask = { kind: 'bitmap' as const, width: 9, height: 9, png: 'AAAA' };
    const image = exportImage([detection(1, 'cat', [1, 2, 4, 6], SIZE, { mask })], SIZE);
    assert.deepEqual(
      exportedFiles('coco', [image]).map(({ path }) => path),
      ['street.coco.json'],
    );
    const [annotation] = read([image], 'street.coco.json').annotations;
    assert.deepEqual([annotation?.bbox, annotation?.area, annotation?.segmentation], [[1, 2, 3, 4], 12, []]);
  });

  test('points are left out, labels are kept as they are', () => {
    assert.equal(read([WITH_POINT], 'street.coco.json').annotations.length, 1);
    const { categories, annotations } = read([HOSTILE], 'street.coco.json');
    assert.deepEqual(
      annotations.map(({ category_id }) => categories.find(({ id }) => id === category_id)?.name),
      [...HOSTILE_CLASSES],
    );
  });
});

suite('YOLO', () => {
  const namesOf = (yaml: string) => {
    const { names, nc, path, train, val } = parseYaml(yaml) as {
      names: Record<string, string>;
      nc: number;
      path: string;
      train: string;
      val: string;
    };
    assert.deepEqual([path, train, val], ['.', 'images', 'images']);
    assert.equal(Object.keys(names).length, nc);
    return names;
  };
  const rowsOf = (text: string) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' ').map(Number));

  test('boxes come back, with classes by first appearance', () => {
    const names = namesOf(fileOf('yolo', RANDOM, 'data.yaml'));
    assert.equal(names[0], RANDOM[0]?.detections[0]?.label);
    for (const image of RANDOM) {
      const rows = rowsOf(fileOf('yolo', RANDOM, `labels/${image.stem}.txt`));
      assert.equal(rows.length, image.detections.length);
      for (const [place, [label = -1, x = 0, y = 0, width = 0, height = 0, ...rest]] of rows.entries()) {
        const object = image.detections[place];
        assert.equal(names[label], object?.label);
        assert.deepEqual(rest, []);
        const box = [(x - width / 2) * 160, (y - height / 2) * 120, width * 160, height * 120].map(Math.round);
        const { pixelBox } = object as ExportImage['detections'][number];
        assert.deepEqual(box, [pixelBox.x, pixelBox.y, pixelBox.width, pixelBox.height]);
        for (const value of [x, y, width, height]) assert.ok(value >= 0 && value <= 1);
      }
    }
  });

  test('segments come back: one polygon for an object, also of several parts', () => {
    for (const image of RANDOM) {
      const rows = rowsOf(fileOf('yolo', RANDOM, `segment/labels/${image.stem}.txt`));
      for (const [place, [, ...numbers]] of rows.entries()) {
        assert.ok(numbers.length >= 6 && numbers.every((value) => value >= 0 && value <= 1));
        const points = numbers.map((value, at) => (at % 2 === 0 ? value * 160 : value * 120));
        const expected = pixelsOf(image, place);
        const isOwn = image.detections[place]?.mask?.kind === 'polygon';
        if (expected.includes(1)) assertSamePixels(filled([points], SIZE), expected, `segment ${place}`, isOwn ? 2 : 0);
        else assert.equal(numbers.length, 8, 'a box as a polygon');
      }
    }
  });

  test('hostile labels are strings of YAML; what it has no character for is replaced', () => {
    const names = namesOf(fileOf('yolo', [HOSTILE], 'data.yaml'));
    assert.deepEqual(
      Object.values(names),
      [...new Set(HOSTILE_CLASSES)].map((label) => label.replace(/\p{Cs}/gu, '\ufffd')),
    );
  });

  test('an image without objects has an empty file', () => {
    assert.equal(fileOf('yolo', [exportImage([], SIZE)], 'labels/street.txt'), '');
    assert.deepEqual(namesOf(fileOf('yolo', [exportImage([], SIZE)], 'data.yaml')), {});
  });
});

suite('Pascal VOC', () => {
  interface Voc {
    annotation: {
      filename: string;
      size: { width: string; height: string };
      object: { name: string; bndbox: Record<'xmin' | 'ymin' | 'xmax' | 'ymax', string> }[];
    };
  }
  const read = (images: readonly ExportImage[], path: string) => {
    const text = fileOf('voc', images, path);
    assert.equal(XMLValidator.validate(text), true);
    return new XMLParser({ isArray: (name) => name === 'object', parseTagValue: false, trimValues: false, htmlEntities: true }).parse(
      text,
    ) as Voc;
  };

  test('sizes, labels and boxes come back', () => {
    for (const image of RANDOM) {
      const { annotation } = read(RANDOM, `${image.stem}.xml`);
      assert.equal(annotation.filename, image.name);
      assert.deepEqual([annotation.size.width, annotation.size.height], ['160', '120']);
      const boxes = annotation.object.map(({ name, bndbox: { xmin, ymin, xmax, ymax } }) => ({
        label: name,
        pixelBox: {
          x: Number(xmin) - 1,
          y: Number(ymin) - 1,
          width: Number(xmax) - Number(xmin) + 1,
          height: Number(ymax) - Number(ymin) + 1,
        },
      }));
      assert.deepEqual(
        boxes,
        image.detections.map(({ label, pixelBox }) => ({ label, pixelBox })),
      );
    }
  });

  test('labels stay text', () => {
    assert.deepEqual(
      read([HOSTILE], 'street.xml').annotation.object.map(({ name }) => name),
      HOSTILE_CLASSES.map(inXml),
    );
  });
});

suite('LabelMe', () => {
  interface LabelMe {
    imagePath: string;
    imageWidth: number;
    imageHeight: number;
    imageData: null;
    shapes: { label: string; points: [number, number][]; shape_type: string; group_id: number | null }[];
  }
  const read = (image: ExportImage) => JSON.parse(fileOf('labelme', [image], `${image.stem}.json`)) as LabelMe;

  test('masks are polygons, the parts of one in a group; boxes are rectangles', () => {
    for (const image of RANDOM) {
      const { shapes, imageData, imageWidth, imageHeight, imagePath } = read(image);
      assert.deepEqual([imageData, imageWidth, imageHeight, imagePath], [null, 160, 120, image.path]);
      const rest = [...shapes];
      for (const [place, object] of image.detections.entries()) {
        const [first] = rest;
        assert.equal(first?.label, object.label);
        const count = first?.group_id === null ? 1 : rest.filter(({ group_id }) => group_id === first?.group_id).length;
        const parts = rest.splice(0, count);
        const expected = pixelsOf(image, place);
        if (!expected.includes(1)) {
          const { x, y, width, height } = object.pixelBox;
          assert.equal(first?.shape_type, 'rectangle');
          assert.deepEqual(first.points, [
            [x, y],
            [x + width, y + height],
          ]);
          continue;
        }
        assert.ok(parts.every(({ shape_type }) => shape_type === 'polygon'));
        const polygons = parts.map(({ points }) => points.flat());
        assertSamePixels(filled(polygons, SIZE), expected, `object ${place}`, object.mask?.kind === 'polygon' ? 2 : 0);
      }
      assert.deepEqual(rest, []);
    }
  });

  test('points are points; labels are kept', () => {
    assert.deepEqual(
      read(WITH_POINT).shapes.map(({ shape_type, points }) => [shape_type, points[0]]),
      [
        ['point', [32, 48]],
        ['rectangle', [0, 0]],
      ],
    );
    assert.deepEqual(
      read(HOSTILE).shapes.map(({ label }) => label),
      [...HOSTILE_CLASSES],
    );
  });
});

suite('CSV', () => {
  const read = (images: readonly ExportImage[], path: string): Record<string, string>[] =>
    parseCsv(fileOf('csv', images, path), { columns: true });

  test('rows come back', () => {
    const rows = read(RANDOM, 'dataset.csv');
    const expected = RANDOM.flatMap((image) => image.detections.map((object, place) => ({ image, object, area: pixelsOf(image, place) })));
    assert.equal(rows.length, expected.length);
    for (const [index, { image, object, area }] of expected.entries()) {
      const row = rows[index] as Record<string, string>;
      const { x, y, width, height } = object.pixelBox;
      assert.deepEqual([row.image, row.number, row.label?.replace(/^'/, '')], [image.name, object.id, object.label]);
      assert.deepEqual([row.x, row.y, row.width, row.height].map(Number), [x, y, width, height]);
      assert.equal(
        Number(row.mask_pixels),
        area.reduce((sum, value) => sum + value, 0),
      );
      assert.ok(Math.abs(Number(row.x_fraction) - object.box.x) < 1e-6);
    }
  });

  test('no cell is a formula, and nothing else is changed', () => {
    const labels = read([HOSTILE], 'street.csv').map(({ label }) => label ?? '');
    assert.deepEqual(
      labels,
      HOSTILE_LABELS.map((label) => (/^[=+\-@\t\r]/.test(label) ? `'${label}` : label.replace(/\p{Cs}/gu, '\ufffd'))),
    );
    const named = exportImage([detection(1, '＝1', [0, 0, 1, 1], SIZE)], { ...SIZE, name: '=1.png', listedAs: '=1.png', stem: '=1' });
    assert.deepEqual(
      read([named], '=1.csv').map(({ image, label }) => [image, label]),
      [["'=1.png", "'＝1"]],
    );
  });
});

suite('SVG', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    preserveOrder: false,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    htmlEntities: true,
  });
  const read = (image: ExportImage) => {
    const text = fileOf('svg', [image], `${image.stem}.svg`);
    assert.equal(XMLValidator.validate(text), true);
    return { text, svg: parser.parse(text).svg };
  };
  const list = <Item>(value: Item | Item[]): Item[] => (Array.isArray(value) ? value : [value]);

  test('boxes and labels come back, over the picture', () => {
    const { svg } = read(WITH_POINT);
    assert.deepEqual([svg['@_viewBox'], svg['@_width'], svg['@_height']], ['0 0 160 120', '160', '120']);
    assert.equal(svg.image['@_href'], './street.png');
    const [eye, face] = list(svg.g[0].g);
    assert.equal(eye.title, '1 eye');
    assert.deepEqual([eye.circle['@_cx'], eye.circle['@_cy']], ['32', '48']);
    assert.equal(face.title, '2 face');
    assert.deepEqual(
      ['x', 'y', 'width', 'height'].map((name) => face.rect[1][`@_${name}`]),
      ['0', '0', '160', '120'],
    );
  });

  test('how sure somebody is of an object stands behind its label, in title and tag', () => {
    const large = { width: 800, height: 600 };
    const sure = detection(1, 'face', [100, 100, 300, 300], large, { confidence: 0.934 });
    const { svg } = read(exportImage([sure, detection(2, 'hat', [500, 100, 100, 100], large)], large));
    const [objects, tags] = list(svg.g) as { g: { title?: string; text?: string | { '#text': string } }[] }[];
    assert.deepEqual(
      list(objects?.g ?? []).map(({ title }) => title),
      ['1 face 93 %', '2 hat'],
    );
    assert.match(JSON.stringify(tags), /1 face 93 %/);
  });

  test('labels are text and cannot run or load anything', () => {
    const { svg, text } = read(HOSTILE);
    assert.deepEqual(
      list(svg.g[0].g).map(({ title }) => title),
      HOSTILE_LABELS.map((label, place) => inXml(`${place + 1} ${label}`)),
    );
    const tags = new Set(Array.from(text.matchAll(/<([a-z]+)/g), (match) => match[1]));
    assert.deepEqual(
      [...tags].sort(),
      ['circle', 'desc', 'g', 'image', 'path', 'rect', 'svg', 'text', 'title'].filter((tag) => tags.has(tag)),
    );
    assert.doesNotMatch(text, /<[^>]*\son\w+=/);
  });

  test('the way to the picture leads nowhere else', () => {
    const { svg } = read(exportImage([], { ...SIZE, name: 'x', path: 'javascript:alert(1)//"><script>/a b#c?.png', stem: 'x' }));
    assert.equal(svg.image['@_href'], './javascript%3Aalert(1)//%22%3E%3Cscript%3E/a%20b%23c%3F.png');
  });

  test('masks are paths', () => {
    for (const image of RANDOM) {
      const paths = list(read(image).svg.g[0].g).filter((group) => group.path !== undefined);
      const masks = image.detections.filter((_, place) => pixelsOf(image, place).includes(1));
      assert.ok(paths.length >= masks.length);
    }
  });
});

test('JSON is the inspection', () => {
  const inspection = inspectionOf([...HOSTILE.detections], SIZE);
  const [file] = exportedFiles('json', [{ ...HOSTILE, inspection }]) as [ExportFile];
  assert.equal(file.path, 'street.inspection.json');
  assert.deepEqual(JSON.parse(file.text), inspection);
});

test('noise is no polygon and takes no time', () => {
  const next = random(7);
  const png = mapPng(1200, 1200, () => (next() > 0.5 ? 255 : 0));
  const size = { width: 1200, height: 1200 };
  const image = exportImage(
    [detection(1, 'noise', [0, 0, 1200, 1200], size, { mask: { kind: 'bitmap', width: 1200, height: 1200, png } })],
    size,
  );
  const [annotation] = JSON.parse(fileOf('coco', [image], 'street.coco.json')).annotations;
  assert.deepEqual(annotation.segmentation, []);
  assert.ok(annotation.area > 600_000);
});

test('an object without a label is of the class "unlabeled" where readers need one, and has no words elsewhere', () => {
  const image = exportImage([detection(1, '', [10, 20, 40, 50], SIZE), detection(2, 'cat', [50, 20, 90, 50], SIZE)], SIZE);
  const written = (format: DataFormat) =>
    exportedFiles(format, [image])
      .map(({ text }) => text)
      .join('\n');
  const coco = JSON.parse(exportedFiles('coco', [image])[0]?.text ?? '') as { categories: { name: string }[] };
  assert.deepEqual(
    coco.categories.map(({ name }) => name),
    ['unlabeled', 'cat'],
  );
  assert.match(written('yolo'), /names:\n\s+0: "unlabeled"\n\s+1: "cat"/);
  assert.match(written('voc'), /<name>unlabeled<\/name>/);
  assert.match(written('labelme'), /"label": "unlabeled"/);
  const [row] = parseCsv(exportedFiles('csv', [image])[0]?.text ?? '', { columns: true }) as Record<string, string>[];
  assert.equal(row?.label, '');
  for (const format of ['csv', 'svg', 'json'] as const) assert.doesNotMatch(written(format), /unlabeled|no label/, format);
});
