import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import { missingObjects, objectsOfVersions } from '../../../../src/core/inspection/versionResults.ts';

let made = 0;
function run(change: Partial<Inspection> = {}): Inspection {
  made++;
  const image = { uri: 'file:///a.png', sha256: 'aa', mimeType: 'image/png', width: 10, height: 10 };
  return {
    version: 1,
    id: `run ${made}`,
    task: 'detect',
    createdAt: new Date(made * 1000).toISOString(),
    prompt: '',
    model: 'gemini',
    images: [image],
    detections: [],
    dropped: [],
    tokens: { estimated: 0 },
    complete: true,
    raw: '',
    ...change,
  };
}

suite('the results of two versions', () => {
  test('are the latest that asked the same, else the latest of each', () => {
    const [cats, dogs, segmented] = [run({ prompt: 'cats' }), run({ prompt: 'dogs' }), run({ task: 'segment' })];
    const [newerCats, newerAll] = [run({ prompt: ' cats' }), run()];
    assert.deepEqual(objectsOfVersions([cats, dogs, segmented], [newerCats, newerAll]), { older: cats, newer: newerCats });
    assert.deepEqual(objectsOfVersions([dogs, segmented], [newerCats, newerAll]), { older: segmented, newer: newerAll });
  });

  test('are results with objects, whole and of one image', () => {
    const good = run();
    for (const other of [run({ task: 'caption' }), run({ task: 'readText' }), run({ brokenOff: 'connection' }), run({ images: [] })])
      assert.equal(objectsOfVersions([other], [good]), undefined);
    assert.equal(objectsOfVersions([good], []), undefined);
  });

  test('what is missing is asked as the latest of either asked; where nothing is, for all objects', () => {
    const cats = run({ task: 'segment', prompt: 'cats' });
    assert.deepEqual(missingObjects([cats], []), { task: 'segment', prompt: 'cats', older: false, newer: true });
    assert.deepEqual(missingObjects([], [run({ prompt: 'dogs' })]), { task: 'detect', prompt: 'dogs', older: true, newer: false });
    assert.deepEqual(missingObjects([run({ task: 'ask' })], []), { task: 'detect', prompt: '', older: true, newer: true });
    assert.deepEqual(missingObjects([cats], [run({ task: 'segment', prompt: 'cats' })]).newer, false);
  });
});
