import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, beforeEach, suite, test } from 'node:test';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingRequest } from '../../../../src/engine/sending/outgoing.ts';
import type { SenderOptions } from '../../../../src/engine/sending/senderOptions.ts';
import type { InspectionSets } from '../../../../src/engine/sets/inspectionSets.ts';
import type { OpenSet } from '../../../../src/engine/sets/openSet.ts';
import { encoded, portrait } from '../../../fixtures/pictures.ts';
import { SetWorld, setCall } from './setWorld.ts';

let world: SetWorld;
let folders = 0;

before(async () => {
  world = await SetWorld.start();
});

after(() => world.stop());

beforeEach(() => world.server.reset());

/** A batch over so many different images; time goes by at once when somebody waits. */
async function batchOf(
  count: number,
  sending: Partial<SenderOptions> = {},
): Promise<{ sets: InspectionSets; set: OpenSet; waits: number[] }> {
  const folder = `batch ${++folders}`;
  await mkdir(world.path(folder));
  const png = Buffer.from(await encoded(portrait(), { format: 'png' }));
  for (let index = 0; index < count; index++)
    await world.write(`${folder}/image ${index}.png`, Buffer.concat([png, Buffer.alloc(100 * folders + index)]));
  const waits: number[] = [];
  const sets = world.sets({ ...clock(waits), sending });
  const set = await sets.start(await sets.plan(setCall(world.uri(folder)), new Job()), 'batch');
  return { sets, set, waits };
}

function clock(waits: number[] = []) {
  let time = Date.now();
  return {
    now: () => time,
    wait: async (milliseconds: number, job: Job) => {
      job.throwIfCancelled();
      waits.push(milliseconds);
      time += milliseconds;
    },
  };
}

const uploadsLeft = () => world.server.files.all('test-key').length;

suite('a batch', () => {
  test('answers all images at half the price, and leaves nothing with the API', async () => {
    const { sets, set, waits } = await batchOf(5);
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.deepEqual(set.counts(), { waiting: 0, done: 5, failed: 0, skipped: 0, cancelled: 0 });
    const inspection = await set.inspection('image 0.png');
    assert.equal(inspection?.speed, 'batch');
    assert.ok((inspection?.detections?.length ?? 0) > 0);
    assert.deepEqual(waits, [30_000, 45_000, 67_500]);
    assert.equal(uploadsLeft(), 0);
    assert.deepEqual(world.server.violations, []);
    await sets.dispose();
  });

  test('is in the books from its upload until its answer, which may come to another process', async () => {
    const open = new Map<string, number>();
    let answered = 0;
    const books = {
      begin: async ({ sending = '', inputTokens }: OutgoingRequest) => void open.set(sending, inputTokens),
      recordUsage: async ({ sending }: OutgoingRequest, outcome: unknown) => {
        if (sending === undefined) return;
        open.delete(sending);
        if (outcome !== undefined) answered += 1;
      },
    };
    const { sets, set } = await batchOf(4, books);
    world.server.batches.plan({
      pending: Number.POSITIVE_INFINITY,
      line: (_, index) => (index === 1 ? { code: 3, message: 'No.' } : undefined),
    });
    const looked = world.server.waitForRequest(({ endpoint }) => endpoint === 'getBatch');
    const running = set.run();
    await looked;
    assert.equal(open.size, 4);
    assert.ok([...open.values()].every((tokens) => tokens > 0));
    await sets.dispose();
    await running;
    assert.equal(open.size, 4);
    const [batch] = world.server.batches.all('test-key');
    assert.ok(batch);
    Object.assign(batch.course, { pending: 0, running: 0 });
    const others = world.sets({ ...clock(), sending: books });
    await (await others.open(set.id)).run();
    assert.deepEqual([open.size, answered], [0, 3]);
    await others.dispose();
  });

  test('is made once, though the answer to its making is lost', async () => {
    const { sets, set } = await batchOf(3);
    world.server.batches.plan({ losesAnswer: true });
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(world.server.batches.all('test-key').length, 0);
    assert.equal(world.server.requests.filter(({ endpoint }) => endpoint === 'createBatch').length, 1);
    assert.equal(set.counts().done, 3);
    await sets.dispose();
  });

  test('keeps errors of lines by their reasons, and does not ask again for what has no line', async () => {
    const { sets, set } = await batchOf(4);
    world.server.batches.plan({
      line: (_, index) => (index === 1 ? { code: 3, message: 'Unable to process input image.' } : index === 2 ? 'lost' : undefined),
      order: 'reversed',
    });
    await set.run();
    assert.deepEqual(
      set.rows().map(({ state, reason = '' }) => `${state} ${reason}`.trim()),
      ['done', 'failed unreadableImage', 'failed emptyReply', 'done'],
    );
    assert.equal(set.retriesMayBeBilled(), 1);
    await sets.dispose();
  });

  test('goes on in another process, without a second job', async () => {
    const { sets, set } = await batchOf(3);
    world.server.batches.plan({ pending: Number.POSITIVE_INFINITY });
    const looked = world.server.waitForRequest(({ endpoint }) => endpoint === 'getBatch');
    const running = set.run();
    await looked;
    await sets.dispose();
    assert.equal((await running).isEnded, false);
    const [batch] = world.server.batches.all('test-key');
    assert.ok(batch);
    batch.course = { pending: 0, running: 0 };
    const waits: number[] = [];
    const others = world.sets(clock(waits));
    assert.deepEqual(await others.running(), [set.id]);
    const again = await others.open(set.id);
    assert.deepEqual(await again.run(), { isEnded: true });
    // It may have ended meanwhile, so that nobody waits before the first look.
    assert.deepEqual(waits, []);
    assert.equal(again.counts().done, 3);
    assert.equal(world.server.requests.filter(({ endpoint }) => endpoint === 'createBatch').length, 1);
    await others.dispose();
  });

  test('whose queue never moves is given up after its deadline, and what is left goes at another speed', async () => {
    const { sets, set } = await batchOf(3);
    world.server.batches.plan({ pending: Number.POSITIVE_INFINITY });
    const end = await set.run();
    assert.equal(!end.isEnded && end.isStalled, true);
    assert.equal(set.phase.phase, 'stalled');
    await set.continueAt('standard');
    assert.deepEqual(set.counts(), { waiting: 3, done: 0, failed: 0, skipped: 0, cancelled: 0 });
    assert.equal(uploadsLeft(), 0);
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(set.counts().done, 3);
    await sets.dispose();
  });

  test('that has expired keeps what it has answered', async () => {
    const { sets, set } = await batchOf(4);
    world.server.batches.plan({ running: 3, end: 'EXPIRED', unavailable: 2 });
    const end = await set.run();
    assert.equal(!end.isEnded && end.isStalled, true);
    const { done, waiting } = set.counts();
    assert.equal(done + waiting, 4);
    await sets.dispose();
  });

  test('is stopped with the set', async () => {
    const { sets, set } = await batchOf(3);
    world.server.batches.plan({ pending: Number.POSITIVE_INFINITY });
    const looked = world.server.waitForRequest(({ endpoint }) => endpoint === 'getBatch');
    const running = set.run();
    await looked;
    await set.cancel();
    await running;
    assert.deepEqual(set.counts(), { waiting: 0, done: 0, failed: 0, skipped: 0, cancelled: 3 });
    assert.equal(uploadsLeft(), 0);
    assert.equal(set.phase.phase, 'ended');
    await sets.dispose();
  });
});
