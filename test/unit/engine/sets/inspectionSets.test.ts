import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, beforeEach, suite, test } from 'node:test';
import type { SetLine } from '../../../../src/core/sets/inspectionSet.ts';
import { Job } from '../../../../src/engine/sending/job.ts';
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
    await world.write(`${folder}/${index % 2 ? 'sub/' : ''}image ${index}.png`, Buffer.concat([png, Buffer.alloc(index + 1)]));
  await world.write(`${folder}/z copy.png`, Buffer.concat([png, Buffer.alloc(1)]));
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
});
