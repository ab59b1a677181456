import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { maskBitmap } from '../../../../src/core/exports/maskBitmap.ts';
import { labeledInspection } from '../../../../src/core/labels/labeledInspection.ts';
import { labelKindOf, labelReader } from '../../../../src/core/labels/labelFile.ts';
import { LabelIndex } from '../../../../src/core/labels/labelIndex.ts';
import { listedNames, yoloNames } from '../../../../src/core/labels/yoloNames.ts';
import { type ToolObject, toolFiles } from '../../../fixtures/otherTools.ts';

const SIZE = { width: 640, height: 480 };
const OBJECTS: ToolObject[] = [
  { label: 'jar', box: [40, 30, 120, 90] },
  {
    label: 'glass lid',
    box: [200, 100, 80, 60],
    ring: [
      [200, 100],
      [280, 100],
      [280, 160],
      [240, 160],
      [240, 130],
      [200, 130],
    ],
  },
  { label: 'jar', box: [300, 20, 50, 200] },
  { label: 'spoon', box: [400, 300, 100, 60], crowd: true },
];

suite('label files as other tools write them', () => {
  for (const { tool, path, text, names, objects } of toolFiles(OBJECTS, SIZE)) {
    test(`${tool}: labels, order, crowds, boxes and masks`, () => {
      const kind = labelKindOf(path);
      assert.ok(kind !== undefined && kind !== 'dataset');
      const classes = names?.kind === 'yaml' ? yoloNames(names.text) : listedNames(names?.text ?? '');
      const reader = labelReader(kind, { shapes: true }, classes);
      for (let at = 0; at < text.length; at += 4001) reader.push(text.slice(at, at + 4001));
      const read = reader.end();
      assert.deepEqual(read.problems, []);
      const image = read.images.length === 1 ? read.images[0] : new LabelIndex(read.images).find('/home/me/images/shelf_03.jpg');
      assert.ok(image, 'its labels are found');
      const facts = { uri: 'file:///shelf_03.jpg', sha256: '00', mimeType: 'image/jpeg', ...SIZE };
      const { detections = [], dropped } = labeledInspection(image, read, { id: 'x', createdAt: '', image: facts });
      assert.deepEqual(dropped, []);
      assert.deepEqual(
        detections.map(({ label, crowd }) => [label, crowd === true]),
        objects.map(({ label, crowd }) => [label, crowd === true]),
      );
      for (const [index, { box, ring, crowd }] of objects.entries()) {
        const found = detections[index];
        assert.ok(found);
        const { x, y, width, height } = found.pixelBox;
        for (const [side, value] of [x, y, width, height].entries())
          assert.ok(Math.abs(value - (box[side] ?? 0)) <= 0.01, `${found.label}: ${[x, y, width, height]} is not ${box}`);
        if (crowd && found.mask !== undefined) assert.equal(maskBitmap(found, SIZE, 127)?.area, box[2] * box[3]);
        // Two rectangles of 80 x 30 and 40 x 30.
        if (ring && found.mask !== undefined) assert.equal(maskBitmap(found, SIZE, 127)?.area, 80 * 30 + 40 * 30);
        if (found.confidence !== undefined) assert.equal(found.confidence, 0.913);
      }
      const masks = detections.filter(({ mask }) => mask !== undefined).length;
      const shapes = objects.filter(({ ring, crowd }) => ring !== undefined || (crowd && path.includes('instances'))).length;
      assert.equal(masks, path.startsWith('masks/') ? 1 : shapes, 'shapes that are kept');
    });
  }
});
