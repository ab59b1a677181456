import type { Dirent, Stats } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Inspection } from '../../core/inspection/inspection.ts';
import { readInspection } from '../../core/inspection/storedInspection.ts';
import { writeWhole } from './wholeFile.ts';

const ENDING = '.json';
/** Added to the name of a file that could not be read. */
const BROKEN = '.broken';

/** What the store does with too much, and with what it cannot read. */
export interface StoreOptions {
  mostBytes?: number;
  /** Called with the path of a file that could not be read, under the name by which it was set aside. */
  setAside?: (path: string) => void;
}

/** Inspections as files, in a folder for each image. Other windows may write, read and delete there at the same time. */
export class InspectionFiles {
  readonly #folder: string;
  readonly #mostBytes: number;
  readonly #setAside: (path: string) => void;

  constructor(folder: string, { mostBytes = 200e6, setAside = () => undefined }: StoreOptions = {}) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#setAside = setAside;
  }

  /** Stores an inspection under its first image. */
  async add(inspection: Inspection): Promise<void> {
    const path = this.#pathOf(inspection);
    const write = async () => {
      await mkdir(join(path, '..'), { recursive: true });
      await writeWhole(path, JSON.stringify(inspection));
    };
    // Another window may have taken the folder away in between.
    await write().catch((error: unknown) => (isMissing(error) ? write() : Promise.reject(error)));
  }

  /** The inspections of an image, oldest first. Each is read on its own; one that cannot be read is set aside. */
  async of(sha256: string): Promise<Inspection[]> {
    const folder = join(this.#folder, sha256);
    const names = (await entriesOf(folder)).map(({ name }) => name).filter((name) => name.endsWith(ENDING));
    const read = await Promise.all(names.map((name) => this.#read(join(folder, name))));
    return read.filter((inspection) => inspection !== undefined).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  /** How many inspections of an image are stored; none is read. */
  async count(sha256: string): Promise<number> {
    return (await entriesOf(join(this.#folder, sha256))).filter(({ name }) => name.endsWith(ENDING)).length;
  }

  /** The inspection with that id, if it is stored. */
  async find(id: string): Promise<Inspection | undefined> {
    // It may come from anywhere, and becomes a part of a path.
    if (!/^[\w-]+$/.test(id)) return undefined;
    for (const { name } of await entriesOf(this.#folder)) {
      const found = await this.#read(join(this.#folder, name, `${id}${ENDING}`));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async delete(inspection: Inspection): Promise<void> {
    await rm(this.#pathOf(inspection), { force: true });
  }

  /** Deletes all inspections of this workspace. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #pathOf({ id, images: [image] }: Inspection): string {
    return join(this.#folder, image?.sha256 ?? 'none', `${id}${ENDING}`);
  }

  async #read(path: string): Promise<Inspection | undefined> {
    const json = await readFile(path, 'utf8').catch(() => undefined);
    const read = json === undefined ? undefined : readInspection(json);
    if (read === 'broken') await this.#putAside(path);
    return typeof read === 'string' ? undefined : read;
  }

  async #putAside(path: string): Promise<void> {
    const aside = `${path}${BROKEN}`;
    // Another window may have done it.
    await rename(path, aside).then(
      () => this.#setAside(aside),
      () => undefined,
    );
  }

  /** Takes away the oldest while there is too much, but nothing that a person has made: that cannot be asked for again. What another window takes away at the same time is gone all the same; what cannot be taken away stays. */
  async shrink(): Promise<void> {
    const folders = (await entriesOf(this.#folder)).filter((entry) => entry.isDirectory());
    const files = (await Promise.all(folders.map(({ name }) => factsIn(join(this.#folder, name))))).flat();
    let total = files.reduce((sum, { facts }) => sum + facts.size, 0);
    for (const { path, facts } of files.sort((a, b) => a.facts.mtimeMs - b.facts.mtimeMs)) {
      if (total <= this.#mostBytes) return;
      if (await isOfPerson(path)) continue;
      await rm(path, { force: true }).then(
        () => (total -= facts.size),
        () => undefined,
      );
    }
  }
}

async function isOfPerson(path: string): Promise<boolean> {
  const read = await readFile(path, 'utf8').then(readInspection, () => undefined);
  return typeof read === 'object' && read.source === 'person';
}

async function factsIn(folder: string): Promise<{ path: string; facts: Stats }[]> {
  const paths = (await entriesOf(folder)).map(({ name }) => join(folder, name));
  const found = await Promise.all(
    paths.map(async (path) => {
      const facts = await stat(path).catch(() => undefined);
      return facts?.isFile() ? [{ path, facts }] : [];
    }),
  );
  return found.flat();
}

/** The entries of a folder, none if there is no such folder yet. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
