import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import type { Memento, Uri as RealUri } from 'vscode';
import type { CorrectionDraft } from '../../../../src/core/editing/editHistory.ts';
import type { Edit } from '../../../../src/core/editing/edits.ts';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import type { ImageInfo } from '../../../../src/engine/files/imageInfo.ts';
import { WorkspaceMemory } from '../../../../src/host/session/workspaceMemory.ts';
import { statusBarMessages, Uri, useVscodeStub } from '../../../fakes/vscode.ts';
import { inspection, OBJECTS } from '../../../webview/support/sessions.ts';

useVscodeStub();
const { keepConsensus, saveCorrections } = await import('../../../../src/host/editing/personResults.ts');

const uri = Uri.file('/pictures/kitchen.png') as unknown as RealUri;
const ADDRESS = uri.toString();
const RUN = inspection('detect', { detections: OBJECTS });
const CAPTION = inspection('caption', { text: 'A kitchen.' });
const DELETE: Edit = { kind: 'delete', id: '1' };
const ADD: Edit = { kind: 'add', id: '5', label: 'cup', imageIndex: 0, box: { x: 1, y: 2, width: 30, height: 40 } };
const draft = (run: string, ...done: Edit[]): CorrectionDraft => ({ run, history: { done, undone: [] } });

suite('results of a person', () => {
  let stored: Inspection[];
  let memory: WorkspaceMemory;
  const store = { add: async (one: Inspection) => void stored.push(one) };
  const runs = [RUN, CAPTION];
  const info = { header: { mimeType: 'image/jpeg', upright: { width: 640, height: 480 } }, bytes: 9, sha256: 'ab' } as ImageInfo;
  const session = { uri, info, runOf: (id: string) => runs.find((run) => run.id === id) };
  const save = (run: string, edits: Edit[], of: Pick<typeof session, 'uri' | 'runOf'> & { info: ImageInfo | undefined } = session) =>
    saveCorrections(store, memory, of, { type: 'saveCorrections', run, edits });
  beforeEach(() => {
    stored = [];
    statusBarMessages.length = 0;
    const values: Record<string, unknown> = {};
    memory = new WorkspaceMemory({
      get: (key: string) => values[key],
      update: async (key: string, value: unknown) => {
        values[key] = value;
      },
    } as unknown as Memento);
  });

  test('a correction stands beside the run that it is based on, and what waited to be saved is gone, of this run only', async () => {
    await memory.keepDrafts(ADDRESS, [draft(RUN.id, DELETE), draft('other', DELETE)]);
    await save(RUN.id, [DELETE, ADD, { kind: 'relabel', id: '2', label: 'vase' }]);
    const [mine, ...more] = stored;
    assert.equal(more.length, 0);
    assert.deepEqual([mine?.source, mine?.basedOn, mine?.model], ['person', [RUN.id], '']);
    assert.deepEqual(
      mine?.detections?.map(({ id, label }) => [id, label]),
      [
        ['2', 'vase'],
        ['3', OBJECTS[2]?.label],
        ['4', 'lid'],
        ['5', 'cup'],
      ],
    );
    assert.equal(RUN.detections?.length, OBJECTS.length, 'what it corrects stays as it was');
    assert.notEqual(mine?.id, RUN.id);
    assert.deepEqual(
      memory.draftsOf(ADDRESS).map(({ run }) => run),
      ['other'],
    );
    assert.deepEqual(memory.givenLabels, ['vase', 'cup'], 'the latest first');
    assert.match(statusBarMessages.at(-1) ?? '', /Saved as a result of its own/);
  });

  test('without any result, and beside one without objects, it is based on none and names the image', async () => {
    await save('', [ADD]);
    await save(CAPTION.id, [ADD]);
    const [alone, beside] = stored;
    assert.deepEqual([alone?.source, alone?.basedOn], ['person', undefined]);
    assert.deepEqual(alone?.images, [{ uri: ADDRESS, sha256: 'ab', mimeType: 'image/jpeg', width: 640, height: 480 }]);
    assert.deepEqual(alone?.detections?.[0]?.box, { x: 1 / 640, y: 2 / 480, width: 30 / 640, height: 40 / 480 });
    assert.equal(beside?.basedOn, undefined);
    assert.equal(beside?.images[0]?.uri, CAPTION.images[0]?.uri);
  });

  test('nothing is stored, and nothing forgotten, of a run that is gone or an image that is not read', async () => {
    await memory.keepDrafts(ADDRESS, [draft('gone', ADD)]);
    await assert.rejects(save('gone', [ADD]), { reason: 'notFound' });
    await assert.rejects(save('', [ADD], { ...session, info: undefined }), { reason: 'unreadableImage' });
    assert.deepEqual(stored, []);
    assert.equal(memory.draftsOf(ADDRESS).length, 1);
  });

  test('of runs that asked the same, what enough of them found is kept; of a single one nothing is', async () => {
    const again = [RUN, { ...RUN, id: 'again', detections: OBJECTS.slice(0, 2) }];
    const keep = (all: Inspection[], least: number) =>
      keepConsensus(
        store,
        { state: { runs: all } },
        {
          type: 'keepConsensus',
          run: RUN.id,
          least,
          threshold: 127,
        },
      );
    await keep(again, 2);
    assert.deepEqual([stored[0]?.basedOn, stored[0]?.detections?.length], [[RUN.id, 'again'], 2]);
    await keep([RUN], 1);
    assert.equal(stored.length, 1);
  });
});

suite('corrections that are not saved', () => {
  test('are kept by image; of too many images the oldest are given up', async () => {
    const values: Record<string, unknown> = {};
    const memory = new WorkspaceMemory({
      get: (key: string) => values[key],
      update: async (key: string, value: unknown) => {
        values[key] = value;
      },
    } as unknown as Memento);
    for (let image = 0; image < 201; image++) await memory.keepDrafts(`file:///${image}.png`, [draft('run', ADD)]);
    assert.deepEqual(memory.draftsOf('file:///0.png'), []);
    assert.deepEqual(memory.draftsOf('file:///200.png'), [draft('run', ADD)]);
    await memory.keepDrafts('file:///200.png', []);
    assert.deepEqual(memory.draftsOf('file:///200.png'), []);
    assert.deepEqual(memory.draftsOf('file:///199.png'), [draft('run', ADD)]);
  });
});
