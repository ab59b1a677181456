import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasShape, isFigure, isText } from '../../core/base/shape.ts';
import { writeWhole } from '../files/wholeFile.ts';
import type { FileStamp } from './folderAccess.ts';

/** Oldest out. */
const MOST = 50_000;
const FILE = 'hashes.json';

interface Remembered extends FileStamp {
  sha256: string;
}

const isRemembered = hasShape({ size: isFigure, mtime: isFigure, inode: isFigure, sha256: isText });

/** Hashes of files, as long as size, time and number in the file system are the same. Losing it costs time and nothing else. */
export class HashMemory {
  readonly #path: string;
  #hashes: Map<string, Remembered> | undefined;
  #isChanged = false;

  constructor(folder: string) {
    this.#path = join(folder, FILE);
  }

  async find(address: string, { size, mtime, inode }: FileStamp): Promise<string | undefined> {
    const known = (await this.#load()).get(address);
    return known?.size === size && known.mtime === mtime && known.inode === inode ? known.sha256 : undefined;
  }

  async remember(address: string, stamp: FileStamp, sha256: string): Promise<void> {
    const hashes = await this.#load();
    // The newest stand last.
    hashes.delete(address);
    hashes.set(address, { ...stamp, sha256 });
    this.#isChanged = true;
  }

  /** Writes down what has been remembered. Never rejects. */
  async save(): Promise<void> {
    if (!this.#isChanged || this.#hashes === undefined) return;
    this.#isChanged = false;
    const newest = [...this.#hashes].slice(-MOST);
    await writeWhole(this.#path, JSON.stringify(newest)).catch(() => undefined);
  }

  async #load(): Promise<Map<string, Remembered>> {
    this.#hashes ??= new Map(await readAll(this.#path));
    return this.#hashes;
  }
}

async function readAll(path: string): Promise<[string, Remembered][]> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Array.isArray(value)
      ? value.filter((entry): entry is [string, Remembered] => isText(entry?.[0]) && isRemembered(entry?.[1]))
      : [];
  } catch {
    return [];
  }
}
