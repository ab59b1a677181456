import assert from 'node:assert/strict';
import { InspectorError } from '../../src/core/base/failure.ts';
import { labeledInspection } from '../../src/core/labels/labeledInspection.ts';
import { labelKindOf, labelReader } from '../../src/core/labels/labelFile.ts';
import type { LabelsRead } from '../../src/core/labels/labels.ts';
import { listedNames, yoloNames } from '../../src/core/labels/yoloNames.ts';
import { random } from '../fixtures/exportImages.ts';
import { type ToolFile, type ToolObject, toolFiles } from '../fixtures/otherTools.ts';
import { mutateReply } from './mutateReply.ts';

/** What became of damaged label files. */
export interface LabelRun {
  files: number;
  /** Read, with nothing or something that could not be. */
  whole: number;
  inPart: number;
  /** Refused: `unreadableFile`. */
  refused: number;
  objects: number;
  /** Milliseconds of the slowest. */
  slowest: number;
}

const SIZE = { width: 640, height: 480 };

/** Reads so many damaged label files. Throws AssertionError for one of which something other is thrown than that it cannot be read, or an object lies outside the image, or that says another thing in other pieces. */
export function readDamagedLabels(seed: number, count: number): LabelRun {
  const next = random(seed);
  const run: LabelRun = { files: 0, whole: 0, inPart: 0, refused: 0, objects: 0, slowest: 0 };
  while (run.files < count) {
    const files = toolFiles(objects(next), SIZE);
    for (const file of files) {
      const other = files[Math.floor(next() * files.length)] as ToolFile;
      const text = mutateReply(file.text, other.text, next);
      const begun = performance.now();
      const read = readIn(file, text, text.length + 1);
      run.slowest = Math.max(run.slowest, performance.now() - begun);
      run.files += 1;
      const inPieces = readIn(file, text, 1 + Math.floor(next() * 300));
      assert.deepEqual(inPieces, read, `${file.tool}, seed ${seed}: in pieces ${text}`);
      if (read === undefined) run.refused += 1;
      else {
        if (read.problemCount > 0 || !read.complete) run.inPart += 1;
        else run.whole += 1;
        run.objects += countedObjects(read, `${file.tool}, seed ${seed}: ${text}`);
      }
    }
  }
  return run;
}

/** Undefined for a file that is refused. */
function readIn({ path, names }: ToolFile, text: string, length: number): LabelsRead | undefined {
  const kind = labelKindOf(path);
  assert.ok(kind !== undefined && kind !== 'dataset');
  const classes = names?.kind === 'yaml' ? yoloNames(names.text) : listedNames(names?.text ?? '');
  const reader = labelReader(kind, { shapes: true }, classes);
  try {
    for (let at = 0; at < text.length; at += length) reader.push(text.slice(at, at + length));
    return reader.end();
  } catch (error) {
    assert.ok(error instanceof InspectorError && error.reason === 'unreadableFile', `${path}: ${error} ${text}`);
    return undefined;
  }
}

function countedObjects(read: LabelsRead, what: string): number {
  let count = 0;
  for (const labels of read.images) {
    const image = { uri: 'file:///shelf_03.jpg', sha256: '00', mimeType: 'image/jpeg', ...SIZE };
    const { detections = [], dropped } = labeledInspection(labels, read, { id: 'x', createdAt: '', image });
    for (const { box } of detections) {
      const edges = [box.x, box.y, 1 - box.x - box.width, 1 - box.y - box.height];
      assert.ok(
        edges.every((edge) => edge >= -1e-9 && edge <= 1 + 1e-9),
        `an object outside: ${JSON.stringify(box)}, ${what}`,
      );
    }
    // What is not among the objects is among what was dropped.
    assert.ok(detections.length === labels.objects.length || dropped.length > 0, `an object is lost: ${what}`);
    count += detections.length;
  }
  return count;
}

function objects(next: () => number): ToolObject[] {
  return Array.from({ length: 1 + Math.floor(next() * 5) }, (_, index): ToolObject => {
    const [x, y] = [Math.floor(next() * 500), Math.floor(next() * 400)];
    const [width, height] = [2 + Math.floor(next() * 130), 2 + Math.floor(next() * 70)];
    const label = ['jar', 'glass lid', 'spoon', 'Löffel "groß"'][Math.floor(next() * 4)] as string;
    const object: ToolObject = { label, box: [x, y, width, height] };
    if (next() < 0.3)
      object.ring = [
        [x, y],
        [x + width, y],
        [x + width, y + height],
      ];
    if (index > 0 && next() < 0.2) object.crowd = true;
    return object;
  });
}
