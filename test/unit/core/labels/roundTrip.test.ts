import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { DataFormat } from '../../../../src/core/exports/dataWriters.ts';
import type { ExportImage } from '../../../../src/core/exports/exportImage.ts';
import { maskBitmap } from '../../../../src/core/exports/maskBitmap.ts';
import type { Detection, Inspection } from '../../../../src/core/inspection/inspection.ts';
import { labeledInspection } from '../../../../src/core/labels/labeledInspection.ts';
import { labelKindOf, labelReader } from '../../../../src/core/labels/labelFile.ts';
import { LabelIndex } from '../../../../src/core/labels/labelIndex.ts';
import { yoloNames } from '../../../../src/core/labels/yoloNames.ts';
import { exportedFiles } from '../../../fixtures/exportedFiles.ts';
import { detection, exportImage, HOSTILE_LABELS, randomDetections } from '../../../fixtures/exportImages.ts';

const SIZE = { width: 160, height: 120 };
const IMAGES = [1, 2, 3].map((seed) =>
  exportImage(
    randomDetections(seed, SIZE).map((one) => ({ ...one, ...(seed === 2 ? { confidence: 0.25 } : {}) })),
    { ...SIZE, name: `street ${seed}.png` },
  ),
);
const HOSTILE = exportImage(
  HOSTILE_LABELS.map((label, index) => detection(index + 1, label, [index, 2 * index, index + 30, 2 * index + 40], SIZE)),
  { ...SIZE, name: 'hostile.png' },
);

/** XML has no such characters; what stands for them, spaces at the ends and kinds of line ends are not kept either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]|\p{Cs}/gu;

/** What is read of the one file that is for an image. */
function readBack(format: DataFormat, images: readonly ExportImage[], of: ExportImage, path: string): Inspection {
  const files = exportedFiles(format, images);
  const file = files.find((one) => one.path === path);
  assert.ok(file, `no ${path} among ${files.map((one) => one.path).join(', ')}`);
  const kind = labelKindOf(path);
  assert.ok(kind !== undefined && kind !== 'dataset');
  const yaml = files.find((one) => one.path === path.replace(/labels\/[^/]*$/, 'data.yaml'));
  const reader = labelReader(kind, { shapes: true }, yoloNames(yaml?.text ?? ''));
  // In pieces, as a file comes.
  for (let at = 0; at < file.text.length; at += 97) reader.push(file.text.slice(at, at + 97));
  const read = reader.end();
  assert.equal(read.problemCount, 0, JSON.stringify(read.problems));
  const labels = read.images.length === 1 ? read.images[0] : new LabelIndex(read.images).find(`/pictures/${of.name}`);
  assert.ok(labels, 'its labels are found');
  const image = { uri: 'file:///pictures/street.png', sha256: '00', mimeType: 'image/png', ...SIZE };
  return labeledInspection(labels, read, { id: 'x', createdAt: '2026-11-28T00:00:00.000Z', image });
}

function pixelsOf(one: Detection): Uint8Array {
  const bitmap = maskBitmap(one, SIZE, 127);
  const pixels = new Uint8Array(SIZE.width * SIZE.height);
  bitmap?.data.forEach((value, at) => {
    const [x, y] = [bitmap.region.x + (at % bitmap.region.width), bitmap.region.y + Math.floor(at / bitmap.region.width)];
    pixels[y * SIZE.width + x] = value;
  });
  return pixels;
}

function assertNear(actual: Detection['pixelBox'], expected: Detection['pixelBox'], most: number, what: string): void {
  for (const side of ['x', 'y', 'width', 'height'] as const)
    assert.ok(Math.abs(actual[side] - expected[side]) <= most, `${what}: ${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}

interface Form {
  format: DataFormat;
  path: (image: ExportImage) => string;
  hasMasks: boolean;
  hasConfidence: boolean;
  /** True where the box is that of the outline. */
  boxByShape?: boolean;
}

const FORMS: Record<string, Form> = {
  'COCO with polygons': { format: 'coco', path: () => 'dataset.coco.json', hasMasks: true, hasConfidence: true, boxByShape: true },
  'COCO with RLE': { format: 'coco', path: () => 'dataset.coco-rle.json', hasMasks: true, hasConfidence: true, boxByShape: true },
  'YOLO boxes': { format: 'yolo', path: ({ stem }) => `labels/${stem}.txt`, hasMasks: false, hasConfidence: false },
  'YOLO segments': {
    format: 'yolo',
    path: ({ stem }) => `segment/labels/${stem}.txt`,
    hasMasks: true,
    hasConfidence: false,
    boxByShape: true,
  },
  'Pascal VOC': { format: 'voc', path: ({ stem }) => `${stem}.xml`, hasMasks: false, hasConfidence: false },
  LabelMe: { format: 'labelme', path: ({ stem }) => `${stem}.json`, hasMasks: true, hasConfidence: false, boxByShape: true },
  JSON: { format: 'json', path: ({ stem }) => `${stem}.inspection.json`, hasMasks: true, hasConfidence: true },
  CSV: { format: 'csv', path: () => 'dataset.csv', hasMasks: false, hasConfidence: true },
};

suite('what is exported is read as it was', () => {
  for (const [name, { format, path, hasMasks, hasConfidence, boxByShape = false }] of Object.entries(FORMS)) {
    test(name, () => {
      for (const image of IMAGES) {
        const read = readBack(format, IMAGES, image, path(image));
        const { detections = [] } = read;
        assert.equal(read.source, 'file');
        assert.deepEqual([read.prompt, read.model, read.tokens, read.complete], ['', '', { estimated: 0 }, true]);
        assert.equal(read.task, hasMasks ? 'segment' : 'detect');
        assert.deepEqual(
          detections.map(({ id, label }) => [id, label]),
          image.detections.map(({ label }, index) => [String(index + 1), label]),
        );
        for (const [index, one] of detections.entries()) {
          const original = image.detections[index] as Detection;
          const what = `${image.name}, object ${original.id}`;
          assert.equal(one.confidence, hasConfidence ? original.confidence : undefined, what);
          const pixels = pixelsOf(original);
          const isShaped = hasMasks && pixels.includes(1);
          if (!(isShaped && boxByShape)) assertNear(one.pixelBox, original.pixelBox, 0.01, what);
          if (isShaped) assert.deepEqual(pixelsOf(one), pixels, `${what}: its pixels`);
        }
      }
    });
  }

  test('labels that some format could take for something else', () => {
    const plain = (label: string) => label.replace(NOT_IN_XML, '').trim().replace(/\r\n?/g, '\n') || 'unlabeled';
    for (const [name, { format, path }] of Object.entries(FORMS)) {
      if (name === 'YOLO segments' || name === 'COCO with RLE') continue;
      const read = readBack(format, [HOSTILE], HOSTILE, path(HOSTILE).replace('dataset', 'hostile'));
      assert.deepEqual(
        read.detections?.map(({ label }) => plain(label)),
        HOSTILE_LABELS.map(plain),
        name,
      );
    }
  });

  test('a point stays a point where the format has points', () => {
    const image = exportImage([detection(1, 'eye', [32, 48, 32, 48], SIZE, { point: { x: 0.2, y: 0.4 } })], { ...SIZE, name: 'eye.png' });
    for (const [format, path] of [
      ['labelme', 'eye.json'],
      ['csv', 'eye.csv'],
      ['json', 'eye.inspection.json'],
    ] as const)
      assert.deepEqual(readBack(format, [image], image, path).detections?.[0]?.point, { x: 0.2, y: 0.4 }, format);
  });
});
