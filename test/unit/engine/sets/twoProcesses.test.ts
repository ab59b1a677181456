import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { Job } from '../../../../src/engine/sending/job.ts';
import { noisePng } from '../../../fixtures/images.ts';
import type { SetProcessOptions } from '../../../soak/setProcess.ts';
import { PROJECT } from '../../../tools/project.ts';
import { SetWorld, setCall } from './setWorld.ts';

let world: SetWorld;

before(async () => {
  world = await SetWorld.start();
});

after(() => world.stop());

/** Runs a set in a process of its own; resolves to its exit code and what it says. */
async function runElsewhere(options: SetProcessOptions): Promise<{ code: number; out: string; errors: string }> {
  const script = join(PROJECT, 'test/soak/setProcess.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], out, errors] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code: Number(code), out, errors };
}

test('of two processes that want to run a set, one does, and the other says why not', async () => {
  await mkdir(world.path('images'));
  for (let index = 0; index < 5; index++) await world.write(`images/${index}.png`, noisePng(20, 15, index));
  const sets = world.sets();
  const { id } = await sets.start(await sets.plan(setCall(world.uri('images')), new Job()), 'standard');
  await sets.dispose();
  let release = () => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  world.server.respondWhen(({ images }) => images.length > 0, { text: '[]', hold });
  const options: SetProcessOptions = {
    url: world.server.url,
    images: world.path('images'),
    sets: world.path('.sets'),
    id,
    speed: 'standard',
    concurrency: 2,
  };
  const both = [runElsewhere(options), runElsewhere(options)];
  const loser = await Promise.race(both);
  assert.notEqual(loser.code, 0);
  assert.match(loser.errors, /This set is at work in another window\./);
  release();
  const codes = (await Promise.all(both)).map(({ code }) => code);
  assert.equal(codes.filter((code) => code === 0).length, 1);
  assert.equal(world.server.requests.length, 5);
  assert.deepEqual(world.server.bills.twice(), []);
});
