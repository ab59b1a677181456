import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, beforeEach, suite, test } from 'node:test';
import { Job } from '../../../../src/engine/sending/job.ts';
import type { OutgoingRequest } from '../../../../src/engine/sending/outgoing.ts';
import type { SenderOptions } from '../../../../src/engine/sending/senderOptions.ts';
import type { InspectionSets, SetParts } from '../../../../src/engine/sets/inspectionSets.ts';
import type { OpenSet } from '../../../../src/engine/sets/openSet.ts';
import { setRunView } from '../../../../src/host/sets/setRunView.ts';
import { maybeBilled } from '../../../../src/webview/set/rowFilter.ts';
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
  parts: Partial<SetParts> = {},
): Promise<{ sets: InspectionSets; set: OpenSet; waits: number[] }> {
  const folder = `batch ${++folders}`;
  await mkdir(world.path(folder));
  const png = Buffer.from(await encoded(portrait(), { format: 'png' }));
  for (let index = 0; index < count; index++)
    await world.write(`${folder}/image ${index}.png`, Buffer.concat([png, Buffer.alloc(100 * folders + index)]));
  const waits: number[] = [];
  const sets = world.sets({ ...clock(waits), sending, ...parts });
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
    assert.equal(maybeBilled(set.rows(), 'failed'), 1);
    await sets.dispose();
  });

  test('that names the file with its answers late is waited for, and all are kept', async () => {
    const { sets, set, waits } = await batchOf(3);
    world.server.batches.plan({ fileLate: 2 });
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(set.counts().done, 3);
    assert.equal(waits.length, 5);
    assert.equal(uploadsLeft(), 0);
    await sets.dispose();
  });

  test('whose file with its answers is not there at once is waited for too, but not for what time has deleted', async () => {
    const { sets, set } = await batchOf(3);
    // Both addresses of a download are tried.
    world.server.files.missedDownloads = 4;
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(set.counts().done, 3);
    await sets.dispose();
    const { sets: others, set: old, waits } = await batchOf(3);
    world.server.files.missedDownloads = 1000;
    world.server.files.now = () => Date.now() - 49 * 3_600_000;
    assert.deepEqual(await old.run(), { isEnded: true });
    assert.equal(maybeBilled(old.rows(), 'failed'), 3);
    assert.equal(waits.length, 3);
    await others.dispose();
  });

  test('that never names it is given up after an hour, and may have been billed', async () => {
    const { sets, set, waits } = await batchOf(3);
    world.server.batches.plan({ fileLate: 1000 });
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.deepEqual(
      set.rows().map(({ state, reason = '' }) => `${state} ${reason}`),
      Array(3).fill('failed emptyReply'),
    );
    assert.equal(maybeBilled(set.rows(), 'failed'), 3);
    const waited = waits.slice(3).reduce((sum, wait) => sum + wait, 0);
    assert.ok(waited > 3_600_000 && waited < 3_600_000 + 2 * 600_000, `${waited} ms`);
    await sets.dispose();
  });

  test('that is stopped while it ends has its answers taken, also if it names them a moment later', async () => {
    const { sets, set, waits } = await batchOf(3);
    world.server.batches.plan({ pending: 0, running: 0, fileLate: 3 });
    const looked = world.server.waitForRequest(({ endpoint }) => endpoint === 'getBatch');
    const running = set.run();
    await looked;
    await set.cancel();
    await running;
    assert.deepEqual(set.counts(), { waiting: 0, done: 3, failed: 0, skipped: 0, cancelled: 0 });
    assert.ok(waits.includes(2000));
    assert.equal(uploadsLeft(), 0);
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
    const view = setRunView(set, false);
    assert.equal(view.state, 'overdue');
    // It has not begun, so that nothing is billed.
    assert.deepEqual(view.overdue, { why: 'The batch has not ended within 24 hours.', images: 3, mayBeBilled: 0, isAtWork: true });
    await set.continueAt('standard');
    assert.deepEqual(set.counts(), { waiting: 3, done: 0, failed: 0, skipped: 0, cancelled: 0 });
    assert.equal(uploadsLeft(), 0);
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(set.counts().done, 3);
    assert.equal(world.server.bills.all.length, 3);
    await sets.dispose();
  });

  test('that is at work past the deadline of the user says that it may be billed, and asks again for nothing that was not said', async () => {
    const { sets, set } = await batchOf(3, {}, { deadlineHours: () => 0.1 });
    world.server.batches.plan({ running: Number.POSITIVE_INFINITY });
    await set.run();
    assert.deepEqual(setRunView(set, false).overdue, {
      why: 'The batch has not ended within 0.1 hours.',
      images: 3,
      mayBeBilled: 3,
      isAtWork: true,
    });
    await set.continueAt('flex');
    assert.deepEqual([set.counts().waiting, set.counts().failed], [0, 3]);
    assert.equal(maybeBilled(set.rows(), 'failed'), 3);
    await set.run();
    assert.equal(world.server.requests.filter(({ endpoint }) => endpoint === 'streamGenerateContent').length, 0);
    // Retry Failed, after its question.
    assert.equal(await set.retry(), 3);
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.deepEqual([set.counts().done, set.task.speed], [3, 'flex']);
    await sets.dispose();
  });

  test('that waits on past its deadline is asked for again, and answers', async () => {
    const { sets, set } = await batchOf(3);
    world.server.batches.plan({ pending: Number.POSITIVE_INFINITY });
    await set.run();
    const [batch] = world.server.batches.all('test-key');
    assert.ok(batch);
    batch.course = { pending: 0, running: 1 };
    // From the click on, before it runs.
    assert.deepEqual([setRunView(set, false, true).state, setRunView(set, false, true).overdue], ['running', undefined]);
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(set.counts().done, 3);
    assert.equal(world.server.requests.filter(({ endpoint }) => endpoint === 'createBatch').length, 1);
    await sets.dispose();
  });

  for (const [end, why] of [
    ['EXPIRED', 'The batch has expired.'],
    ['FAILED', 'The batch has failed. Backend went away.'],
    ['CANCELLED', 'The batch was cancelled outside this extension.'],
  ] as const) {
    const course = { end, error: { code: 13, message: 'Backend went away.' } };
    test(`that is ${end} before it began leaves all images to other speeds, and was not billed`, async () => {
      const { sets, set } = await batchOf(4);
      world.server.batches.plan({ ...course, running: 0 });
      const ended = await set.run();
      assert.equal(!ended.isEnded && ended.isStalled, true);
      assert.equal(setRunView(set, false).state, 'overdue');
      assert.deepEqual(setRunView(set, false).overdue, { why, images: 4, mayBeBilled: 0, isAtWork: false });
      assert.equal(uploadsLeft(), 0);
      await set.continueAt('flex');
      assert.deepEqual(await set.run(), { isEnded: true });
      assert.deepEqual([set.counts().done, (await set.inspection('image 0.png'))?.speed], [4, 'flex']);
      assert.equal(world.server.bills.all.length, 4);
      await sets.dispose();
    });

    test(`that is ${end} on its way says how much may have been billed, and asks for it again only when that is agreed to`, async () => {
      const { sets, set } = await batchOf(4);
      world.server.batches.plan({ ...course, running: 3, unavailable: 2 });
      await set.run();
      assert.ok(world.server.bills.all.length > 0);
      const { overdue } = setRunView(set, false);
      assert.deepEqual(overdue, { why, images: 4, mayBeBilled: 4, isAtWork: false });
      assert.deepEqual(
        set.rows().map(({ state, mayBeBilled }) => [state, mayBeBilled]),
        set.rows().map(() => ['failed', true]),
      );
      // Another window, or code, goes on with what is left: that is nothing.
      await set.run();
      assert.equal(world.server.requests.filter(({ endpoint }) => endpoint === 'createBatch').length, 1);
      await set.continueAt('standard', { again: true });
      assert.equal(set.counts().waiting, 4);
      assert.deepEqual(await set.run(), { isEnded: true });
      assert.equal(set.counts().done, 4);
      await sets.dispose();
    });
  }

  test('of which one part fails waits for the others before it asks what to do', async () => {
    const { sets, set } = await batchOf(4, {}, { mostRequests: 2 });
    world.server.batches.plan({ end: 'FAILED', pending: 0, running: 0 }, { pending: 3 });
    const ended = await set.run();
    assert.equal(!ended.isEnded && ended.isStalled, true);
    assert.deepEqual([set.counts().done, setRunView(set, false).overdue?.images], [2, 2]);
    await set.continueAt('batch');
    assert.deepEqual(await set.run(), { isEnded: true });
    assert.equal(set.counts().done, 4);
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
