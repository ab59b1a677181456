import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { installChromium } from './chromiumInstall.ts';

/** What of the machine decides where a Chromium is found. */
export interface Machine {
  platform: NodeJS.Platform;
  arch: NodeJS.Architecture;
  env: NodeJS.ProcessEnv;
  isRoot: boolean;
  exists(path: string): boolean;
  /** Path of the browser that Playwright itself has fetched, if any. */
  playwright: string;
  /** Runs a program, true if it ended well. */
  run(command: string, args: readonly string[]): boolean;
  /** Fetches a Chromium for Linux on x64; its path. */
  fetch(): Promise<string>;
}

/** There is no Chromium here and none can be had: what needs one is skipped. */
export class NoChromium extends Error {}

/**
 * The path of a Chromium or Chrome. Where there is none, gets one if that needs no questions: on Linux from the npm registry, or with apt-get for root on
 * other processors than x64. Else says what to do.
 */
export async function findChromium(machine: Machine = thisMachine(), say: (line: string) => void = console.log): Promise<string> {
  const { CHROMIUM_PATH } = machine.env;
  if (CHROMIUM_PATH) {
    if (machine.exists(CHROMIUM_PATH)) return CHROMIUM_PATH;
    throw new Error(`CHROMIUM_PATH names ${CHROMIUM_PATH}, which does not exist.`);
  }
  const found = installed(machine);
  if (found) return found;
  let why = '';
  if (machine.platform === 'linux' && machine.arch === 'x64') {
    try {
      return await machine.fetch();
    } catch (error) {
      // the first lines say it; npm goes on for long
      why = ` One from the npm registry cannot be used here: ${(error as Error).message.split('\n', 4).join('\n')}`;
    }
  }
  if (machine.platform === 'linux' && machine.isRoot && machine.exists('/usr/bin/apt-get')) {
    say('Installing Chromium for the tests, once (apt-get install chromium).');
    if (machine.run('apt-get', ['update']) && machine.run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])) {
      const chromium = installed(machine);
      if (chromium) return chromium;
    }
  }
  throw new NoChromium(
    `No Chromium found. Install Chromium or Google Chrome (Debian, Ubuntu: sudo apt-get install chromium), or set CHROMIUM_PATH to the path of one.${why}`,
  );
}

/** On Linux it must also run: Ubuntu's chromium-browser only says that one has to be installed. */
function installed(machine: Machine): string | undefined {
  return candidates(machine).find((path) => machine.exists(path) && (machine.platform !== 'linux' || machine.run(path, ['--version'])));
}

function candidates({ platform, env, playwright }: Machine): string[] {
  if (platform === 'darwin') {
    const apps = ['Chromium', 'Google Chrome', 'Microsoft Edge'].map((name) => `${name}.app/Contents/MacOS/${name}`);
    return [
      ...['/Applications', join(env.HOME ?? '', 'Applications')].flatMap((folder) => apps.map((app) => join(folder, app))),
      playwright,
    ];
  }
  if (platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((folder) => folder !== undefined);
    const apps = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ];
    return [...folders.flatMap((folder) => apps.map((app) => `${folder}\\${app}`)), playwright];
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
  const folders = ['/usr/bin', ...(env.PATH ?? '').split(delimiter)].filter((folder) => folder !== '');
  return [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
    playwright,
  ];
}

/** Starts a headless Chromium that asks nothing of the network by itself. */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), headless: true, args: [...ARGS, ...more] });
}

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function thisMachine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    env: process.env,
    isRoot: process.getuid?.() === 0,
    exists: existsSync,
    playwright: chromium.executablePath(),
    run: (command, args) => spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0,
    fetch: installChromium,
  };
}
