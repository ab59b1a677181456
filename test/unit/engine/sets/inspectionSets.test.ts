import assert from 'node:assert/strict';
import { cp, mkdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { correctedInspection } from '../../../../src/core/editing/personInspection.ts';
import type { SetLine } from '../../../../src/core/sets/inspectionSet.ts';
import { foldJournal } from '../../../../src/core/sets/journal.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { maybeBilled } from '../../../../src/webview/set/rowFilter.ts';
import { rateLimited } from '../../../fakes/errors.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';
import { SetWorld, setCall } from './setWorld.ts';

let world: SetWorld;
let folders = 0;

before(async () => {
  world = await SetWorld.start();
});

after(() => world.stop());

beforeEach(() => world.server.reset());

/** A folder with so many different images, a copy of the first, one that is broken and one that is no image. */
async function folderOf(count: number): Promise<string> {
  const folder = `folder ${++folders}`;
  await mkdir(world.path(`${folder}/sub`), { recursive: true });
  const png = Buffer.from(await encoded(portrait(), { format: 'png' }));
  for (let index = 0; index < count; index++)
    await world.write(`${folder}/${index % 2 ? 'sub/' : ''}image ${index}.png`, Buffer.concat([png, Buffer.alloc(100 * folders + index)]));
  await world.write(`${folder}/z copy.png`, Buffer.concat([png, Buffer.alloc(100 * folders)]));
  await world.write(`${folder}/y broken.png`, 'no image');
  await world.write(`${folder}/notes.txt`, 'no image');
  return folder;
}

async function linesOf(lines: AsyncIterable<SetLine>): Promise<SetLine[]> {
  const all: SetLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

suite('a set of images', () => {
  test('is planned, run, and read back by its id', async () => {
    const folder = await folderOf(5);
    const sets = world.sets();
    const planned = await sets.plan(setCall(world.uri(folder)), new Job());
    const { speeds, ...numbers } = planned.plan;
    assert.deepEqual(numbers, { images: 7, new: 5, done: 0, excluded: 0, unsupported: 0, broken: 1, duplicates: 1 });
    assert.deepEqual(
      speeds.map(({ speed }) => speed),
      ['standard', 'flex', 'batch'],
    );
    assert.equal(world.server.requests.length, 0);

    const set = await sets.start(planned, 'standard');
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(world.server.requests.length, 5);
    assert.deepEqual(set.counts(), { waiting: 0, done: 6, failed: 0, skipped: 1, cancelled: 0 });
    const lines = await linesOf(set.lines());
    assert.deepEqual(
      lines.map(({ key, state }) => [key, state]),
      [
        ['image 0.png', 'done'],
        ['image 2.png', 'done'],
        ['image 4.png', 'done'],
        ['sub/image 1.png', 'done'],
        ['sub/image 3.png', 'done'],
        ['y broken.png', 'skipped'],
        ['z copy.png', 'done'],
      ],
    );
    assert.deepEqual(lines[6]?.inspection?.detections, lines[0]?.inspection?.detections);
    assert.equal(lines[6]?.inspection?.images[0]?.uri, world.uri(`${folder}/z copy.png`));
    await sets.dispose();

    const again = await world.sets().open(set.id);
    assert.deepEqual(await linesOf(again.lines()), lines);
    assert.deepEqual(again.result(), set.result());
    assert.equal(again.result().ended, true);
  });

  test('goes on after a kill at any byte: nothing is lost, and nothing that may have been billed is asked for again', async () => {
    const folder = await folderOf(4);
    const kept = world.path(`${folder}.sets`);
    const sets = world.sets({ folder: kept });
    const set = await sets.start(await sets.plan(setCall(world.uri(folder)), new Job()), 'standard');
    await set.run();
    await sets.dispose();
    const journal = await readFile(join(kept, set.id, 'journal.ndjson'));
    const head = journal.indexOf('"kind":"phase"');
    const results = (await stat(join(kept, set.id, 'results.ndjson'))).size;
    const random = seeded(7);
    for (let round = 0; round < 20; round++) {
      const cut = head + Math.floor(random() * (journal.length - head));
      const whole = foldJournal(journal.toString('utf8', 0, cut));
      const told = Math.max(0, ...whole.images.map(({ at = 0, length = -1 }) => at + length + 1));
      const copy = world.path(`${folder}.${round}`);
      await cp(kept, copy, { recursive: true });
      await truncate(join(copy, set.id, 'journal.ndjson'), cut);
      // What was written and not yet told of: nothing, a torn line, or all of it.
      const rest = [0, 10, results - told][round % 3] ?? 0;
      await truncate(join(copy, set.id, 'results.ndjson'), Math.min(results, told + rest));
      world.server.reset();
      const again = await world.sets({ folder: copy }).open(set.id);
      const sentBefore = new Set(whole.images.filter(({ state }) => state === 'sent').map(({ key }) => key));
      await again.run();
      for (const { key, state, mayBeBilled } of again.rows()) {
        if (key === 'y broken.png') assert.equal(state, 'skipped');
        else if (state !== 'done') assert.ok(mayBeBilled === true || key === 'z copy.png', `${key} ${state} after ${cut}`);
        if (mayBeBilled) assert.ok(sentBefore.has(key), `${key} had not been sent at ${cut}`);
      }
      const before = whole.images
        .filter(({ state }) => state === 'waiting' || state === 'prepared')
        .filter(({ twin }) => twin === undefined);
      assert.equal(world.server.requests.length, before.length, `requests after ${cut}`);
      assert.equal(
        (await linesOf(again.lines())).filter(({ state, inspection }) => state === 'done' && inspection === undefined).length,
        0,
      );

      const billedTwice = maybeBilled(again.rows(), 'failed') + maybeBilled(again.rows(), 'cancelled');
      await again.retry();
      await again.run();
      assert.equal(again.counts().done, 5);
      assert.equal(world.server.requests.length, before.length + billedTwice);
      await again.close();
    }
  });

  test('is run by one process at a time', async () => {
    const folder = await folderOf(1);
    const first = world.sets();
    const set = await first.start(await first.plan(setCall(world.uri(folder)), new Job()), 'standard');
    world.server.respondWith({ text: '[]', delayMs: 300 });
    const other = await world.sets().open(set.id);
    const running = set.run();
    await world.server.waitForRequest();
    await assert.rejects(other.run(), { reason: 'unsupported' });
    await running;
    await first.dispose();
    assert.deepEqual(await other.run(), { isEnded: true });
    await other.close();
  });

  test('keeps what is done when it is cancelled, and asks again for the rest when it is told to', async () => {
    const folder = await folderOf(8);
    const sets = world.sets({ concurrency: () => 1 });
    const set = await sets.start(await sets.plan(setCall(world.uri(folder)), new Job()), 'standard');
    const running = set.run();
    await world.server.waitForRequest(() => world.server.requests.length === 3);
    await set.cancel();
    await running;
    const { done, cancelled, waiting } = set.counts();
    assert.equal(waiting, 0);
    assert.ok(done >= 2 && cancelled >= 5, `${done} done, ${cancelled} cancelled`);
    assert.equal(set.phase.phase, 'ended');
    await set.retry();
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(set.counts().done, 9);
    await sets.dispose();
  });

  test('that is told to ask again while it runs does so before it ends', async () => {
    const folder = await folderOf(4);
    const sets = world.sets({ concurrency: () => 1 });
    const set = await sets.start(await sets.plan(setCall(world.uri(folder)), new Job()), 'standard');
    world.server.respondWith({ text: '', finishReason: 'PROHIBITED_CONTENT' });
    let again: Promise<number> | undefined;
    set.onDidChange((rows) => {
      if (rows.some(({ state }) => state === 'failed')) again ??= set.retry();
    });
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.ok(((await again) ?? 0) > 0);
    assert.deepEqual([set.counts().done, set.counts().failed], [5, 0]);
    await sets.dispose();
  });

  test('leaves alone what failed and a person has done by hand: no answer of a model, and nothing to be asked again', async () => {
    const folder = await folderOf(2);
    const sets = world.sets({ concurrency: () => 1 });
    const set = await sets.start(await sets.plan(setCall(world.uri(folder)), new Job()), 'standard');
    world.server.respondWith({ text: '', finishReason: 'PROHIBITED_CONTENT' });
    await set.run();
    const states = () => set.rows().map(({ key, state, review = '' }) => `${key} ${state} ${review}`.trim());
    const others = ['sub/image 1.png done', 'y broken.png skipped', 'z copy.png failed'];
    assert.deepEqual(states(), ['image 0.png failed', ...others]);
    const [answer] = await linesOf(set.lines(({ state }) => state === 'done'));
    assert.ok(answer?.inspection);
    const mine = correctedInspection(answer.inspection, [], { id: 'mine', createdAt: '2026-11-28T12:00:00.000Z' });
    assert.equal(await set.reviews.annotate('image 0.png', mine), true);
    assert.deepEqual(states(), ['image 0.png done corrected', ...others]);
    const keysOf = async (asAnswered: boolean) =>
      (await linesOf(set.lines(({ state }) => state === 'done', { asAnswered }))).map(({ key, inspection }) =>
        `${key} ${inspection?.source ?? ''}`.trim(),
      );
    assert.deepEqual(await keysOf(false), ['image 0.png person', 'sub/image 1.png']);
    assert.deepEqual(await keysOf(true), ['sub/image 1.png']);
    // Its copy would have had the answer, and there is none.
    const sent = world.server.requests.length;
    assert.equal(await set.retry(), 1);
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.deepEqual(states(), ['image 0.png done corrected', ...others]);
    assert.equal(world.server.requests.length, sent);
    await sets.dispose();
  });

  test('has the same pace when what is done is reviewed while it runs', async () => {
    let now = 0;
    const sets = world.sets({ concurrency: () => 1, now: () => now });
    const set = await sets.start(await sets.plan(setCall(world.uri(await folderOf(4))), new Job()), 'standard');
    world.server.respondWith({ text: '[]' }, { text: '[]' }, { text: '[]', delayMs: 60_000 });
    const running = set.run();
    await world.server.waitForRequest(() => world.server.requests.length === 3);
    now = 60_000;
    // Two, and the copy of one.
    assert.equal(set.progress().perMinute, 3);
    await set.reviews.judge(
      set.rows().map(({ key }) => key),
      'accepted',
    );
    assert.equal(set.rows().filter(({ review }) => review === 'accepted').length, 3);
    assert.equal(set.progress().perMinute, 3);
    await set.cancel();
    await running;
    await sets.dispose();
  });

  test('waits for the user where every image would fail, and has failed none', async () => {
    const folder = await folderOf(6);
    const sets = world.sets({ sending: { key: async () => undefined } });
    const set = await sets.start(await sets.plan(setCall(world.uri(folder)), new Job()), 'standard');
    const end = await set.run();
    assert.equal(end.isEnded ? '' : end.reason?.reason, 'noApiKey');
    assert.deepEqual(set.counts(), { waiting: 7, done: 0, failed: 0, skipped: 1, cancelled: 0 });
    assert.deepEqual(await sets.running(), []);
    await sets.dispose();
    const again = await world.sets().open(set.id);
    assert.equal(again.phase.reason, 'noApiKey');
    await again.run();
    assert.equal(again.counts().done, 7);
    await again.close();
  });

  test('leaves out what it has a result of, and stops before its limit in dollars', async () => {
    const folder = await folderOf(6);
    const sets = world.sets();
    const call = setCall(world.uri(folder));
    const first = await sets.start(await sets.plan({ ...call, limit: 2 }, new Job()), 'standard');
    await first.run();
    const planned = await sets.plan({ ...call, maxUsd: 0.000001 }, new Job());
    assert.deepEqual([planned.plan.new, planned.plan.done, planned.plan.duplicates], [4, 3, 0]);
    const poor = await sets.start(planned, 'standard');
    const end = await poor.run();
    assert.equal(end.isEnded ? '' : end.reason?.reason, 'overBudget');
    assert.equal(poor.counts().done, 0);
    await sets.dispose();
  });

  // Also one that asks for no wait at all, or for one that is over by the time it is read.
  for (const seconds of [0.01, 0]) {
    test(`holds back for ${seconds} s where the API wants fewer requests, and answers all in the end`, async () => {
      const folder = await folderOf(6);
      const sets = world.sets();
      const set = await sets.start(await sets.plan(setCall(world.uri(folder)), new Job()), 'standard');
      world.server.respondWith(...Array.from({ length: 3 }, () => rateLimited(seconds)));
      assert.deepEqual(await set.run(), { isEnded: true });
      assert.equal(set.counts().done, 7);
      await sets.dispose();
    });
  }
});

/** Numbers from 0 to 1, the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}
