import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findChromium, type Machine, NoChromium } from '../../tools/chromium.ts';
import { installChromium } from '../../tools/chromiumInstall.ts';
import type { Run } from '../../tools/runProgram.ts';

function machine(has: readonly string[], change: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux',
    arch: 'x64',
    env: { PATH: '/usr/bin' },
    isRoot: false,
    exists: (path) => has.includes(path),
    playwright: '/pw/chrome',
    run: (command) => has.includes(command),
    fetch: () => Promise.reject(new Error('no network')),
    ...change,
  };
}

const silent = (): void => {};

test('CHROMIUM_PATH decides, and a wrong one is not passed over', async () => {
  const env = (CHROMIUM_PATH: string): Partial<Machine> => ({ env: { CHROMIUM_PATH } });
  assert.equal(await findChromium(machine(['/my/chromium', '/usr/bin/chromium'], env('/my/chromium'))), '/my/chromium');
  await assert.rejects(findChromium(machine(['/usr/bin/chromium'], env('/gone'))), (error) => {
    assert.ok(!(error instanceof NoChromium), 'is a failure, nothing to be skipped');
    return /CHROMIUM_PATH names \/gone/.test(String(error));
  });
});

test('a browser of the system comes before the one of Playwright', async () => {
  assert.equal(await findChromium(machine(['/pw/chrome', '/usr/bin/google-chrome'])), '/usr/bin/google-chrome');
  assert.equal(await findChromium(machine(['/pw/chrome'])), '/pw/chrome');
});

test('a browser that does not run is none', async () => {
  const run: Machine['run'] = (command) => command !== '/usr/bin/chromium-browser';
  assert.equal(await findChromium(machine(['/usr/bin/chromium-browser', '/pw/chrome'], { run })), '/pw/chrome');
});

test('on macOS and Windows the usual places are looked at', async () => {
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  assert.equal(await findChromium(machine([mac], { platform: 'darwin' })), mac);
  const windows = 'C:\\Programs\\Google\\Chrome\\Application\\chrome.exe';
  assert.equal(await findChromium(machine([windows], { platform: 'win32', env: { PROGRAMFILES: 'C:\\Programs' } })), windows);
});

test('where there is none, Linux on x64 fetches one, and nothing of the system is changed', async () => {
  const run: Machine['run'] = () => assert.fail('tried to install');
  const fetch = async (): Promise<string> => '/fetched/start';
  assert.equal(await findChromium(machine(['/usr/bin/apt-get'], { isRoot: true, run, fetch }), silent), '/fetched/start');
  await assert.rejects(findChromium(machine([], { platform: 'darwin', run, fetch }), silent), NoChromium);
});

test('root on Debian gets Chromium installed where there is none to fetch', async () => {
  for (const change of [{ arch: 'arm64' as const, fetch: () => assert.fail('is for x64') }, {}]) {
    const has = ['/usr/bin/apt-get'];
    const commands: string[] = [];
    const run: Machine['run'] = (command, args) => {
      if (command === 'apt-get') commands.push([command, ...args].join(' '));
      if (args.includes('install')) has.push('/usr/bin/chromium');
      return true;
    };
    assert.equal(await findChromium(machine(has, { isRoot: true, run, ...change }), silent), '/usr/bin/chromium');
    assert.deepEqual(commands, ['apt-get update', 'apt-get install -y --no-install-recommends chromium']);
  }
});

test('nothing is installed for others, they are told what to install and why nothing was fetched', async () => {
  const run: Machine['run'] = () => assert.fail('tried to install');
  await assert.rejects(findChromium(machine(['/usr/bin/apt-get'], { run }), silent), (error) => {
    assert.ok(error instanceof NoChromium);
    assert.match(error.message, /Install Chromium or Google Chrome .* or set CHROMIUM_PATH.* no network/);
    return true;
  });
});

test('a Chromium that does not run here is not kept', async (t) => {
  const parent = await mkdtemp(join(tmpdir(), 'chromium-'));
  t.after(() => rm(parent, { recursive: true }));
  const run: Run = async (command) => {
    if (command.endsWith('start')) throw new Error('no such loader');
  };
  await assert.rejects(installChromium({ folder: join(parent, 'it'), run, say: silent }), /no such loader/);
  assert.deepEqual(await readdir(parent), []);
  const start = await installChromium({ folder: join(parent, 'it'), run: async () => {}, say: silent });
  assert.equal(start, join(parent, 'it/start'));
  assert.match(await readFile(start, 'utf8'), /^#!\/bin\/sh\n/);
  assert.equal(await installChromium({ folder: join(parent, 'it'), run: () => assert.fail('fetched again') }), start);
});
