import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import type { Task } from '../../../../src/core/inspection/inspection.ts';
import type { SetLine } from '../../../../src/core/sets/inspectionSet.ts';
import { connect } from '../../../../src/engine/sending/connect.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
import { resultsInSets } from '../../../../src/engine/sets/storage/resultsInSets.ts';
import type { Gemini } from '../../../../src/gemini/api/api.ts';
import { rateLimited } from '../../../fakes/errors.ts';
import { noisePng } from '../../../fixtures/images.ts';
import { pseudoRandom } from '../../../tools/pseudoRandom.ts';
import { SetWorld, setCall } from './setWorld.ts';

let world: SetWorld;
let folders = 0;

before(async () => {
  world = await SetWorld.start();
});

after(() => world.stop());

beforeEach(() => world.server.reset());

/** A folder of so many images, all different and of different sizes. */
async function folderOf(count: number): Promise<string> {
  const folder = `bills ${++folders}`;
  await mkdir(world.path(folder), { recursive: true });
  for (let index = 0; index < count; index++)
    await world.write(`${folder}/image ${index}.png`, noisePng(40 + 37 * (index % 7), 30 + 51 * (index % 5), 1000 * folders + index));
  return folder;
}

async function linesOf(lines: AsyncIterable<SetLine>): Promise<SetLine[]> {
  const all: SetLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

/** So many boxes as a reply. */
function boxes(count: number): string {
  const box = (index: number) => ({ box_2d: [index % 900, 10, (index % 900) + 50, 60], label: `thing ${index}` });
  return JSON.stringify(Array.from({ length: count }, (_, index) => box(index)));
}

suite('the bill of a set', () => {
  const questions: [Task, string, string][] = [
    ['detect', 'cats and dogs', 'gemini-3.8-flash'],
    ['caption', '', 'gemini-3.8-flash'],
    ['ask', 'Which of the jars is open?', 'gemini-2.5-flash'],
  ];
  for (const [task, query, model] of questions) {
    test(`has the input tokens of the plan within 1 %: ${task} with ${model}`, async () => {
      const sets = world.sets();
      const planned = await sets.plan({ ...setCall(world.uri(await folderOf(10))), task, query, model }, new Job());
      const set = await sets.start(planned, 'standard');
      assert.deepEqual(await set.run(), { isEnded: true });
      const billed = (await linesOf(set.lines())).reduce((sum, { inspection }) => sum + (inspection?.tokens.prompt ?? Number.NaN), 0);
      const expected = planned.plan.speeds[0]?.inputTokens ?? Number.NaN;
      assert.ok(Math.abs(expected - billed) <= billed / 100, `planned ${expected}, billed ${billed}`);
      await sets.dispose();
    });
  }

  test('lies in the range of the plan, and in that of the set on its way, with outputs by chance', async () => {
    const random = pseudoRandom(20_261_128);
    const sets = world.sets();
    const planned = await sets.plan(setCall(world.uri(await folderOf(40))), new Job());
    world.server.respondWith(...Array.from({ length: 40 }, () => ({ text: boxes(Math.floor(random() ** 2 * 80)) })));
    const tried = await sets.tryFirst(planned, 3, { speed: 'standard' });
    assert.deepEqual([planned.tried, world.server.bills.all.length], [3, 3]);
    const [least, most] = planned.plan.speeds[0]?.costUsd ?? [Number.NaN, Number.NaN];
    const onItsWay = tried.progress().expectedUsd ?? [Number.NaN, Number.NaN];
    const set = await sets.start(planned, 'standard');
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(set.counts().done, 40);
    const bill = set.result().costUsd ?? Number.NaN;
    assert.ok(least <= bill && bill <= most, `${bill} of ${least} to ${most}`);
    assert.ok(onItsWay[0] <= bill && bill <= onItsWay[1], `${bill} of ${onItsWay}`);
    await sets.dispose();
  });
});

suite('a set that is held back', () => {
  for (const status of [503, 429] as const) {
    test(`by flex without room (${status}) is answered in the end, at the price of flex`, async () => {
      const sets = world.sets({ concurrency: () => 2 });
      const set = await sets.start(await sets.plan(setCall(world.uri(await folderOf(4))), new Job()), 'flex');
      world.server.limits.flex = { ...world.server.limits.flex, shed: 2, status };
      assert.deepEqual(await set.run(), { isEnded: true });
      const lines = await linesOf(set.lines());
      assert.deepEqual(
        lines.map(({ state, inspection }) => [state, inspection?.speed]),
        lines.map(() => ['done', 'flex']),
      );
      assert.equal(world.server.bills.all.length, 4);
      assert.equal(world.server.requests.length, 6);
      await sets.dispose();
    });
  }

  test('by a storm of 429s sends nothing until the wait is over, then new images half as many at a time', async () => {
    let open = 0;
    /** How many were under way at each request. */
    const underWay: number[] = [];
    const counted = async (...about: Parameters<typeof connect>): Promise<Gemini> => {
      const gemini = await connect(...about);
      return new Proxy(gemini, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          if (name !== 'generate') return value.bind(target) as unknown;
          return async (...request: Parameters<Gemini['generate']>) => {
            open += 1;
            underWay.push(open);
            return target.generate(...request).finally(() => {
              open -= 1;
            });
          };
        },
      });
    };
    const sets = world.sets({ concurrency: () => 8, sending: { connect: counted } });
    const set = await sets.start(await sets.plan(setCall(world.uri(await folderOf(16))), new Job()), 'standard');
    // All eight go out before the first is refused.
    let release = () => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.server.respondWith(...Array.from({ length: 8 }, () => ({ ...rateLimited(0.5), hold })));
    world.server.respondWith(...Array.from({ length: 16 }, () => ({ text: '[]', delayMs: 30 })));
    const running = set.run();
    await world.server.waitForRequest(() => world.server.requests.length === 8);
    release();
    assert.deepEqual(await running, { isEnded: true });
    // Each of the eight once more, and the other eight.
    assert.equal(world.server.requests.length, 24);
    assert.deepEqual([Math.max(...underWay.slice(0, 16)), Math.max(...underWay.slice(16))], [8, 4]);
    assert.equal(set.counts().done, 16);
    await sets.dispose();
  });
});

test('what a set has found in an image is known by the hash of its file', async () => {
  const folder = join(world.root, 'found');
  const sets = world.sets({ folder });
  const set = await sets.start(await sets.plan(setCall(world.uri(await folderOf(3))), new Job()), 'standard');
  await set.run();
  await sets.dispose();
  const [first, second] = await linesOf(set.lines());
  assert.deepEqual(await resultsInSets(folder, second?.sha256 ?? ''), [second?.inspection]);
  assert.notDeepEqual(second?.inspection, first?.inspection);
  assert.deepEqual(await resultsInSets(folder, '0'.repeat(64)), []);
  assert.deepEqual(await resultsInSets(join(folder, 'nowhere'), second?.sha256 ?? ''), []);
});

test('sets that take too much room are named before the oldest that have ended are taken away, small pictures counted', async () => {
  const folder = join(world.root, 'full');
  let time = Date.parse('2026-11-28T08:00:00Z');
  const call = setCall(world.uri(await folderOf(3)), { onlyNew: false });
  const sets = world.sets({ folder, mostBytes: 100_000, now: () => time });
  const made: string[] = [];
  for (const hour of [0, 1, 2]) {
    time += hour * 3_600_000;
    const set = await sets.start(await sets.plan(call, new Job()), 'standard');
    // The second waits for its user: it stays, however old it is.
    if (hour !== 1) await set.run();
    await set.close();
    made.push(set.id);
  }
  assert.deepEqual(await sets.tooOld(), []);
  await mkdir(join(folder, made[0] ?? '', 'thumbs'));
  await writeFile(join(folder, made[0] ?? '', 'thumbs', 'one.webp'), Buffer.alloc(100_000));
  const old = await sets.tooOld();
  assert.deepEqual(
    old.map(({ id }) => id),
    [made[0]],
  );
  assert.ok((old[0]?.bytes ?? 0) > 100_000);
  await sets.start(await sets.plan(call, new Job()), 'standard');
  assert.deepEqual((await sets.list()).map(({ id }) => id).includes(made[0] ?? ''), false);
  assert.equal((await sets.list()).length, 3);
  await sets.dispose();
});

test('Clear Results takes sets with their journals, results and small pictures away, and what is remembered of files', async () => {
  const folder = join(world.root, 'cleared');
  const sets = world.sets({ folder });
  const set = await sets.start(await sets.plan(setCall(world.uri(await folderOf(3))), new Job()), 'standard');
  await set.run();
  await mkdir(join(folder, set.id, 'thumbs'));
  await writeFile(join(folder, set.id, 'thumbs', 'one.webp'), 'picture');
  await sets.clear();
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name !== 'running.json'),
    [],
  );
  assert.deepEqual([await sets.running(), await sets.list()], [[], []]);
  await assert.rejects(sets.open(set.id), { reason: 'notFound' });
});
