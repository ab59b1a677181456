import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { spawnGroup } from '../../tools/processGroup.ts';

suite('a group of processes', { skip: process.platform === 'win32' && 'not for Windows' }, () => {
  /** A shell that ignores TERM, with a child that does the same; prints both ids. */
  const STUBBORN = 'trap "" TERM; sleep 600 & echo $$ $!; wait';

  test('ends with all its children and its folder when it is stopped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'group-'));
    const group = spawnGroup('/bin/sh', ['-c', STUBBORN], { folder });
    await once(group.child.stdout ?? assert.fail(), 'data');
    const pids = group.output().trim().split(' ').map(Number);
    assert.equal(pids.length, 2);
    await group.stop();
    await untilGone(pids);
    assert.equal(existsSync(folder), false);
  });

  test('ends when the process that started it is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'group-'));
    const module = join(import.meta.dirname, '../../tools/processGroup.ts');
    const script = `
      const { spawnGroup } = await import(${JSON.stringify(module)});
      const group = spawnGroup('/bin/sh', ['-c', ${JSON.stringify(STUBBORN)}], { folder: ${JSON.stringify(folder)} });
      group.child.stdout.on('data', (text) => console.log(String(text).trim()));`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
    const pids = String(printed).trim().split(' ').map(Number);
    assert.equal(pids.length, 2);
    parent.kill('SIGKILL');
    await untilGone(pids);
    while (existsSync(folder)) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

/** Waits until none of the processes runs; the test's own time-out is the limit. */
async function untilGone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // in a container without an init process nobody buries orphans: one that has ended stays, in state Z (after its name in parentheses)
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // no /proc, such as on macOS, or it has just gone
    return true;
  }
}
