import assert from 'node:assert/strict';
import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { correctedInspection } from '../../../../src/core/editing/personInspection.ts';
import type { Inspection } from '../../../../src/core/inspection/inspection.ts';
import type { SetLine, SetTask } from '../../../../src/core/sets/inspectionSet.ts';
import type { SetImage } from '../../../../src/core/sets/journal.ts';
import { leftOver } from '../../../../src/core/sets/leftOver.ts';
import { countStates, rowOf } from '../../../../src/core/sets/setRows.ts';
import { KnownResults } from '../../../../src/engine/sets/knownResults.ts';
import { resultsInSets } from '../../../../src/engine/sets/storage/resultsInSets.ts';
import { doneRecord, SetFiles } from '../../../../src/engine/sets/storage/setFiles.ts';
import { readLineOf } from '../../../../src/engine/sets/storage/setLines.ts';
import { SetReviews } from '../../../../src/engine/sets/storage/setReviews.ts';
import { inspection, OBJECTS } from '../../../webview/support/sessions.ts';

const ID = '2026-11-28-00000000-0000-4000-8000-000000000000';
const KEYS = ['a.png', 'b.png', 'c.png'];
const answerOf = (image: number): Inspection => inspection('detect', { id: `answer-${image}`, detections: OBJECTS });
const personOf = (answer: Inspection): Inspection =>
  correctedInspection(answer, [{ kind: 'delete', id: '1' }], { id: `mine of ${answer.id}`, createdAt: '2026-11-28T12:00:00.000Z' });

suite('what people say of the results of a set, and make of them', () => {
  let parent: string;
  let files: SetFiles;
  let changed: number[];
  let reviews: SetReviews;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'reviews-'));
    const task = { task: 'detect', query: '', model: 'm', mediaResolution: 'default', maxDimension: 0, speed: 'standard' } as const;
    files = await SetFiles.create(join(parent, ID), [
      { kind: 'set', version: 1, id: ID, createdAt: '2026-11-28T10:00:00.000Z', folder: 'file:///', task, words: 0 },
      ...KEYS.map((key, image) => ({ kind: 'image', image, key, uri: `file:///${key}`, bytes: 9, tokens: 9 }) as const),
    ]);
    await files.openForWriting();
    for (const image of [0, 1]) {
      const line: SetLine = {
        key: KEYS[image] ?? '',
        uri: `file:///${KEYS[image]}`,
        sha256: `hash${image}`,
        state: 'done',
        inspection: answerOf(image),
      };
      await files.record({ kind: 'state', image, state: 'prepared' }, { kind: 'state', image, state: 'sent' });
      await files.record(doneRecord(image, line, await files.addLine(line)));
    }
    changed = [];
    reviews = new SetReviews(files, { during: (work) => work(), changed: (images) => changed.push(...images) });
  });
  afterEach(async () => {
    await files.close();
    await rm(parent, { recursive: true });
  });

  const rows = () => files.state.images.map(rowOf);
  const holds = async (image: number, asAnswered = false) =>
    (await readLineOf(files, files.state.images[image] as (typeof files.state.images)[number], asAnswered)).inspection?.id;
  /** Closes the set, and reads what is on disk. */
  const reopen = async () => {
    await files.close();
    files = (await SetFiles.read(join(parent, ID))) as SetFiles;
    await files.openForWriting();
    reviews = new SetReviews(files, { during: (work) => work(), changed: () => undefined });
  };

  test('a correction holds in place of the answer, which stays; a list counts its objects; both are there in the next process', async () => {
    const made = await reviews.correct(personOf, { isWanted: ({ key }) => key === 'a.png' });
    assert.equal(made.images, 1);
    assert.deepEqual(changed, [0]);
    for (const again of [false, true]) {
      if (again) await reopen();
      assert.deepEqual([await holds(0), await holds(0, true), await holds(1)], ['mine of answer-0', 'answer-0', 'answer-1']);
      assert.deepEqual(
        rows().map(({ review, count }) => [review, count]),
        [
          ['corrected', 3],
          [undefined, 4],
          [undefined, undefined],
        ],
      );
    }
    const lines = (await readFile(files.resultsPath, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SetLine);
    assert.deepEqual(
      lines.map(({ key, review, inspection: { id } = answerOf(9) }) => [key, review, id]),
      [
        ['a.png', undefined, 'answer-0'],
        ['b.png', undefined, 'answer-1'],
        ['a.png', 'corrected', 'mine of answer-0'],
      ],
    );
  });

  test('verdicts leave it in force; one that is taken back leaves that it was corrected', async () => {
    await reviews.correct(personOf, { isWanted: ({ key }) => key === 'a.png' });
    await reviews.judge(['a.png', 'b.png'], 'rejected');
    assert.deepEqual([rows()[0]?.review, rows()[1]?.review, await holds(0)], ['rejected', 'rejected', 'mine of answer-0']);
    await reviews.judge(['a.png', 'b.png'], null);
    await reopen();
    assert.deepEqual([rows()[0]?.review, rows()[1]?.review, await holds(0)], ['corrected', undefined, 'mine of answer-0']);
    await reviews.takeBack('a.png');
    await reopen();
    assert.deepEqual([rows()[0]?.review, rows()[0]?.count, await holds(0)], [undefined, 4, 'answer-0']);
  });

  test('what was corrected is undone to what held before: the correction before it, or the answer with its verdict', async () => {
    await reviews.correct(personOf, { isWanted: ({ key }) => key === 'a.png' });
    await reviews.judge(['b.png'], 'accepted');
    const { images, undo } = await reviews.correct(personOf, { isWanted: () => true });
    assert.equal(images, 2, 'an image without an answer is left out');
    assert.equal(await holds(0), 'mine of mine of answer-0');
    await undo();
    await reopen();
    assert.deepEqual([await holds(0), await holds(1)], ['mine of answer-0', 'answer-1']);
    assert.deepEqual(
      rows().map(({ review }) => review),
      ['corrected', 'accepted', undefined],
    );
  });

  test('where it is ended in between, what was made until then is kept, and can be undone', async () => {
    const controller = new AbortController();
    const told: [number, number][] = [];
    const { images, undo } = await reviews.correct(
      (answer) => {
        controller.abort();
        return personOf(answer);
      },
      { isWanted: () => true, signal: controller.signal, onProgress: (done, of) => told.push([done, of]) },
    );
    assert.equal(images, 1);
    assert.deepEqual(told, [[0, 2]]);
    assert.deepEqual([await holds(0), await holds(1)], ['mine of answer-0', 'answer-1']);
    await undo();
    assert.equal(await holds(0), 'answer-0');
  });

  test('what is said of an image while others are corrected holds after that is undone', async () => {
    const { undo } = await reviews.correct(
      (answer) => {
        if (answer.id === 'answer-0') void reviews.judge(['b.png'], 'accepted');
        return personOf(answer);
      },
      { isWanted: () => true },
    );
    assert.deepEqual([rows()[1]?.review, await holds(1)], ['corrected', 'mine of answer-1']);
    await undo();
    await reopen();
    assert.deepEqual([rows()[1]?.review, await holds(1)], ['accepted', 'answer-1']);
  });

  // Of each image its line is written, then its record.
  for (const [write, corrected] of [0, 0, 1, 1].entries()) {
    test(`where write ${write + 1} finds the disk full, ${corrected} of 2 images are corrected, here and on disk, and it rejects`, async (context) => {
      const some = await open(files.resultsPath);
      const { write: writeAll } = Object.getPrototypeOf(some);
      let writes = 0;
      const full = context.mock.method(
        Object.getPrototypeOf(some),
        'write',
        async function (this: FileHandle, bytes: Buffer, ...place: number[]) {
          if (writes++ < write) return writeAll.call(this, bytes, ...place);
          await writeAll.call(this, bytes.subarray(0, 9), 0, 9, place[2]);
          throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        },
      );
      await some.close();
      await assert.rejects(reviews.correct(personOf, { isWanted: () => true }), { code: 'ENOSPC' });
      await assert.rejects(reviews.judge(['b.png'], 'accepted'), { code: 'ENOSPC' });
      full.mock.restore();
      assert.deepEqual(changed, corrected === 1 ? [0] : []);
      for (const again of [false, true]) {
        if (again) await reopen();
        assert.deepEqual(
          rows().map(({ review }) => review),
          [corrected === 1 ? 'corrected' : undefined, undefined, undefined],
        );
        assert.deepEqual([await holds(0), await holds(1)], [corrected === 1 ? 'mine of answer-0' : 'answer-0', 'answer-1']);
      }
      const { images } = await reviews.correct(personOf, { isWanted: ({ review }) => review !== 'corrected' });
      assert.equal(images, 2 - corrected);
      await reopen();
      assert.deepEqual([await holds(0), await holds(1)], ['mine of answer-0', 'mine of answer-1']);
    });
  }

  test('what failed is done once a person has annotated it, and has failed again without that; models have answered nothing', async () => {
    const failure = { reason: 'timeout', message: 'The request took too long.' } as const;
    await files.record({ kind: 'state', image: 2, state: 'prepared' }, { kind: 'state', image: 2, state: 'sent' });
    await files.record({ kind: 'state', image: 2, state: 'failed', sha256: 'hash2', ...failure, mayBeBilled: true });
    const failed = rows()[2];
    const mine = correctedInspection(undefined, [], { id: 'mine', createdAt: '2026-11-28T12:00:00.000Z', images: answerOf(2).images });
    assert.equal(await reviews.annotate('a.png', mine), false, 'one that has an answer');
    assert.equal(await reviews.annotate('c.png', mine), true);
    assert.deepEqual(changed, [2]);
    const done = { key: 'c.png', uri: 'file:///c.png', state: 'done', review: 'corrected', count: 0 };
    for (const again of [false, true]) {
      if (again) await reopen();
      const { state } = files;
      assert.deepEqual([rows()[2], await holds(2), await holds(2, true)], [done, 'mine', undefined]);
      assert.deepEqual([countStates(state.images).failed, leftOver(state).images], [0, 0]);
      const line = await readLineOf(files, state.images[2] as SetImage, true);
      assert.deepEqual([line.state, line.reason], ['failed', 'timeout']);
      const known = new KnownResults(state.head?.task as SetTask, async () => []);
      known.addSet(state);
      assert.deepEqual([await known.has('hash1'), await known.has('hash2')], [true, false]);
    }
    // Corrected further, and judged, as any other.
    await reviews.judge(['c.png'], 'rejected');
    assert.equal((await reviews.correct(personOf, { isWanted: ({ key }) => key === 'c.png' })).images, 1);
    assert.deepEqual([rows()[2]?.review, await holds(2)], ['corrected', 'mine of mine']);
    const [last] = (await readFile(files.resultsPath, 'utf8')).trim().split('\n').slice(-1);
    assert.deepEqual((({ state, reason, review }: SetLine) => [state, reason, review])(JSON.parse(last ?? '')), [
      'done',
      undefined,
      'corrected',
    ]);
    await reviews.takeBack('c.png');
    assert.deepEqual(rows()[2], failed);
    await files.record({ kind: 'state', image: 2, state: 'waiting' });
    await reopen();
    assert.deepEqual([rows()[2]?.state, rows()[2]?.review], ['waiting', undefined]);
    assert.equal(await reviews.annotate('c.png', mine), false, 'one that is asked about again');
  });

  test('an image that is opened elsewhere has both: the answer, and the correction that holds', async () => {
    const idsOf = async (hash: string) => (await resultsInSets(parent, hash)).map(({ id }) => id);
    await reviews.correct(personOf, { isWanted: ({ key }) => key === 'b.png' });
    await reviews.judge(['b.png'], 'accepted');
    assert.deepEqual([await idsOf('hash0'), await idsOf('hash1')], [['answer-0'], ['answer-1', 'mine of answer-1']]);
    await reviews.takeBack('b.png');
    assert.deepEqual(await idsOf('hash1'), ['answer-1']);
  });
});
