import { mkdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { recordOf } from '../core/base/shape.ts';
import { writeWhole } from '../engine/files/wholeFile.ts';
import type { Memory } from '../engine/sending/uploadCache.ts';

const NAME = 'gemini-image-inspector';

/** The folder in which programs of a platform keep such things. */
export function usualStateFolder(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): string {
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), NAME);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', NAME);
  // Source: XDG Base Directory Specification, "user-specific state data".
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), NAME);
}

/** A memory that outlives the process: a file of JSON. Never holds a key. Where it cannot be written, it holds as long as the process. */
export class StateFile implements Memory {
  readonly #path: string;
  readonly #folder: string;
  #values: Record<string, unknown>;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, 'state.json');
    mkdirSync(folder, { recursive: true });
    this.#values = read(this.#path);
  }

  get<T>(key: string): T | undefined {
    return this.#values[key] as T | undefined;
  }

  async update(key: string, value: unknown): Promise<void> {
    // Another process may have written meanwhile: what it did to other keys stays.
    this.#values = { ...read(this.#path), ...this.#values, [key]: value };
    const text = JSON.stringify(this.#values);
    this.#writing = this.#writing.then(async () => {
      await mkdir(this.#folder, { recursive: true });
      await writeWhole(this.#path, text);
    });
    await this.#writing;
  }
}

function read(path: string): Record<string, unknown> {
  try {
    return recordOf(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}
