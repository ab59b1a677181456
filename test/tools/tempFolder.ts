import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOWNLOADS } from './project.ts';

/** What all tests together may need at one time, in bytes: mostly profiles of VS Code and Chromium. */
const ROOM = 2 ** 30;

/** Where the system's folder for temporary files cannot be used or has no room, all that this process starts gets one in the project. */
export function ensureTempFolder(): void {
  const lack = lackOf(tmpdir(), ROOM);
  if (lack === undefined) return;
  const folder = join(DOWNLOADS, 'tmp');
  mkdirSync(folder, { recursive: true });
  console.log(`${tmpdir()} ${lack}: temporary files go to ${folder} instead.`);
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
}

/** Why a folder is not one to write `room` bytes to, if so. */
export function lackOf(folder: string, room: number): string | undefined {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < room ? 'has too little room' : undefined;
  } catch (error) {
    return `cannot be used (${(error as NodeJS.ErrnoException).code})`;
  }
}
