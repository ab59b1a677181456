import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findChromium, type Machine } from '../tools/chromium.ts';

function machine(has: readonly string[], change: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux',
    env: { PATH: '/usr/bin' },
    isRoot: false,
    exists: (path) => has.includes(path),
    playwright: '/pw/chrome',
    run: () => false,
    ...change,
  };
}

const silent = (): void => {};

test('CHROMIUM_PATH decides, and a wrong one is not passed over', () => {
  assert.equal(findChromium(machine(['/my/chromium', '/usr/bin/chromium'], { env: { CHROMIUM_PATH: '/my/chromium' } })), '/my/chromium');
  assert.throws(() => findChromium(machine(['/usr/bin/chromium'], { env: { CHROMIUM_PATH: '/gone' } })), /CHROMIUM_PATH names \/gone/);
});

test('a browser of the system comes before the one of Playwright', () => {
  assert.equal(findChromium(machine(['/pw/chrome', '/usr/bin/google-chrome'])), '/usr/bin/google-chrome');
  assert.equal(findChromium(machine(['/pw/chrome'])), '/pw/chrome');
});

test('on macOS and Windows the usual places are looked at', () => {
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  assert.equal(findChromium(machine([mac], { platform: 'darwin' })), mac);
  const windows = 'C:\\Programs\\Google\\Chrome\\Application\\chrome.exe';
  assert.equal(findChromium(machine([windows], { platform: 'win32', env: { PROGRAMFILES: 'C:\\Programs' } })), windows);
});

test('root on Debian gets Chromium installed', () => {
  const has = ['/usr/bin/apt-get'];
  const commands: string[] = [];
  const run: Machine['run'] = (command, args) => {
    commands.push([command, ...args].join(' '));
    if (args.includes('install')) has.push('/usr/bin/chromium');
    return true;
  };
  assert.equal(findChromium(machine(has, { isRoot: true, run }), silent), '/usr/bin/chromium');
  assert.deepEqual(commands, ['apt-get update', 'apt-get install -y --no-install-recommends chromium']);
});

test('nothing is installed for others, they are told what to install', () => {
  const run: Machine['run'] = () => assert.fail('tried to install');
  assert.throws(
    () => findChromium(machine(['/usr/bin/apt-get'], { run }), silent),
    /Install Chromium or Google Chrome .* or set CHROMIUM_PATH/,
  );
});
