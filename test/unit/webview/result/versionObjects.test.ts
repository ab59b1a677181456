import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Size } from '../../../../src/core/base/geometry.ts';
import type { Box, Detection, Inspection } from '../../../../src/core/inspection/inspection.ts';
import type { ShownResult } from '../../../../src/webview/result/types.ts';
import { versionObjects } from '../../../../src/webview/result/versionObjects.ts';

/** Objects by their boxes in pixels. */
function run(id: string, size: Size, objects: [label: string, ...Box[]][]): Inspection {
  const detections = objects.map(([label, pixelBox], at): Detection => {
    const { x, y, width, height } = pixelBox as Box;
    const box = { x: x / size.width, y: y / size.height, width: width / size.width, height: height / size.height };
    return { id: String(at + 1), label, imageIndex: 0, box, pixelBox: pixelBox as Box };
  });
  const image = { uri: `file:///${id}.png`, sha256: id, mimeType: 'image/png', ...size };
  return {
    version: 1,
    id,
    task: 'detect',
    createdAt: '',
    prompt: '',
    model: 'm',
    images: [image],
    detections,
    dropped: [],
    tokens: { estimated: 0 },
    complete: true,
    raw: '',
  };
}

const box = (x: number, y: number, width = 100, height = 100): Box => ({ x, y, width, height });
const SMALL = { width: 400, height: 400 };
const LARGE = { width: 600, height: 500 };
const shown = { key: 'pair 1', images: [{}, {}], objects: [], objectsIn: [], lines: [], thread: [] } as unknown as ShownResult;
const look = { alignment: 'corner', isOver: false, highContrast: false, threshold: 127 } as const;
const kinds = ({ compared }: ShownResult) =>
  compared?.groups?.flatMap(({ kind, objects }) => objects.map(({ detection }) => `${kind} ${detection.label}`));

suite('the objects of two versions', () => {
  const older = run('old', SMALL, [
    ['button', box(10, 10)],
    ['logo', box(200, 10)],
    ['banner', box(10, 200)],
  ]);

  test('are added, lost, moved or the same, where the upper left corner stays', () => {
    const newer = run('new', LARGE, [
      ['button', box(10, 10)],
      ['logo', box(220, 10)],
      ['chart', box(400, 300)],
    ]);
    const result = versionObjects(shown, { older, newer }, look);
    assert.deepEqual(kinds(result), ['added chart', 'lost banner', 'moved logo', 'same button']);
    assert.equal(result.compared?.summary, '1 added · 1 lost · 1 moved · 1 same · mean agreement 0.83');
    // Each in the picture that it is in, in the pixels of that.
    assert.deepEqual(
      result.objects.map(({ detection }) => [detection.imageIndex, detection.pixelBox.x, detection.pixelBox.y]),
      [
        [1, 400, 300],
        [0, 10, 200],
        [1, 220, 10],
        [1, 10, 10],
      ],
    );
    assert.deepEqual(
      result.objectsIn.map((objects) => objects.map(({ detection }) => detection.label)),
      [
        ['banner', 'logo', 'button'],
        ['chart', 'logo', 'button'],
      ],
    );
    assert.deepEqual(result.objectsIn[0]?.[0]?.detection.box, older.detections?.[2]?.box);
  });

  test('are matched where the pictures are aligned by their centers', () => {
    const newer = run('new', LARGE, [
      ['button', box(110, 60)],
      ['logo', box(300, 60)],
      ['banner', box(110, 250)],
    ]);
    assert.deepEqual(kinds(versionObjects(shown, { older, newer }, { ...look, alignment: 'center' })), [
      'same button',
      'same logo',
      'same banner',
    ]);
    assert.equal(versionObjects(shown, { older, newer }, look).compared?.groups?.find(({ kind }) => kind === 'same')?.objects.length, 0);
  });

  test('lie over the newer version where both are seen in one place, lost ones with gaps in their outline', () => {
    const newer = run('new', LARGE, [['logo', box(220, 10)]]);
    const { objectsIn } = versionObjects(shown, { older, newer }, { ...look, isOver: true });
    assert.deepEqual(objectsIn[0], []);
    const banner = objectsIn[1]?.find(({ detection }) => detection.label === 'banner');
    assert.deepEqual(banner?.detection.box, { x: 10 / 600, y: 200 / 500, width: 100 / 600, height: 100 / 500 });
    assert.deepEqual([banner?.style.line, banner?.style.hollow, banner?.compared?.value], ['gapped', true, 'only in the older version']);
    const logo = objectsIn[1]?.find(({ detection }) => detection.label === 'logo');
    assert.deepEqual(logo?.compared?.earlier, { x: 200 / 600, y: 10 / 500, width: 100 / 600, height: 100 / 500 });
  });
});
