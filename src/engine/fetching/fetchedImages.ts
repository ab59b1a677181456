import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { hasShape, isFlag } from '../../core/base/shape.ts';
import { type ImageType, sniffImageType } from '../../imaging/formats/imageType.ts';
import { probe } from '../../imaging/formats/probe.ts';
import { fileSource } from '../../imaging/reading/byteSource.ts';
import type { WebOrigin } from '../files/imageFiles.ts';
import { writeWhole } from '../files/wholeFile.ts';
import { unknownType } from './fetchFailures.ts';
import { fileNameFor, fileNameOf, folderNameFor } from './fileName.ts';
import { withoutCredentials } from './webAddress.ts';

/** Milliseconds that a fetched image is kept. */
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;

const isOrigin = hasShape({ address: (value) => typeof value === 'string' && URL.canParse(value), whole: isFlag });

/** Beside each image, and hidden. */
const ORIGIN = '.origin.json';

/** Fetched images as files: each address has a folder of its own, with where it came from and, in a folder named by the server, the image. */
export class FetchedImages {
  readonly #folder: string;
  #cleaned: Promise<void> | undefined;

  /** @param folder a path; made when it is first needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps what `fetch` hands over, in place of what the same address gave before; nothing of it unless it is an image. Resolves to its path. */
  async keep(address: URL, fetch: (take: (chunk: Uint8Array) => Promise<void>) => Promise<ImageType>): Promise<string> {
    await this.cleanUp();
    await mkdir(this.#folder, { recursive: true });
    const part = join(this.#folder, `${randomUUID()}.part`);
    try {
      const type = await written(part, fetch);
      await assertImage(part, () => t('There is no readable image at this address.'));
      return await this.#settle(address, part, fileNameFor(address, type));
    } finally {
      await rm(part, { force: true });
    }
  }

  /**
   * Keeps an image that came without an address, such as out of the clipboard. `stem`: of its name. The same bytes again lead to the file that is there.
   * Resolves to its path; rejects with `unreadableImage` for what is none.
   */
  async keepBytes(bytes: Uint8Array, stem: string): Promise<string> {
    await this.cleanUp();
    const folder = join(this.#folder, createHash('sha256').update(bytes).digest('hex').slice(0, 32));
    const [kept] = await readdir(folder).catch(() => []);
    if (kept !== undefined) {
      // Kept for as long from now on.
      await utimes(folder, new Date(), new Date());
      return join(folder, kept);
    }
    const noImage = () => t('The pasted file is not a readable image.');
    const type = sniffImageType(bytes);
    if (type === undefined) throw new InspectorError('unreadableImage', noImage(), { detail: unknownType() });
    await mkdir(this.#folder, { recursive: true });
    const part = join(this.#folder, `${randomUUID()}.part`);
    try {
      await writeFile(part, bytes, { flag: 'wx', mode: 0o600 });
      await assertImage(part, noImage);
      await mkdir(folder, { recursive: true });
      const path = join(folder, fileNameOf(stem, type));
      await rename(part, path);
      return path;
    } finally {
      await rm(part, { force: true });
    }
  }

  /** Where an image came from; undefined for one that was not fetched. */
  async originOf(path: string): Promise<WebOrigin | undefined> {
    const inside = relative(this.#folder, path).split(sep);
    const [folder = '..'] = inside;
    // Until 0.1 the image stood beside its origin.
    if (inside.length < 2 || inside.length > 3 || folder === '..') return undefined;
    try {
      const kept: unknown = JSON.parse(await readFile(join(this.#folder, folder, ORIGIN), 'utf8'));
      if (!isOrigin(kept)) return undefined;
      const { address, whole } = kept as WebOrigin;
      return { address, whole };
    } catch {
      return undefined;
    }
  }

  /** All images that are kept, with where they came from. */
  async list(): Promise<{ path: string; origin: WebOrigin }[]> {
    const found: { path: string; origin: WebOrigin }[] = [];
    for (const folder of await readdir(this.#folder).catch(() => [])) {
      const entries = await readdir(join(this.#folder, folder), { recursive: true, withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        const path = join(entry.parentPath, entry.name);
        const origin = entry.name === ORIGIN || !entry.isFile() ? undefined : await this.originOf(path);
        if (origin !== undefined) found.push({ path, origin });
      }
    }
    return found;
  }

  /** Takes away what was fetched more than seven days ago; once, however often it is called. */
  cleanUp(): Promise<void> {
    this.#cleaned ??= this.#removeOld();
    return this.#cleaned;
  }

  async #settle(address: URL, part: string, name: string): Promise<string> {
    const folder = join(this.#folder, createHash('sha256').update(address.href).digest('hex').slice(0, 32));
    await mkdir(folder, { recursive: true });
    const shown = withoutCredentials(address);
    const whole = shown === address.href;
    // Images whose addresses differ only in what is left out are told apart by what is in them.
    const origin: WebOrigin = { address: whole ? shown : `${shown}#${await shortHashOf(part)}`, whole };
    await writeWhole(join(folder, ORIGIN), JSON.stringify(origin));
    // A fresh time for the folder, which tells how long it is kept.
    await utimes(folder, new Date(), new Date());
    const server = folderNameFor(address);
    const within = join(folder, server);
    await mkdir(within, { recursive: true });
    const path = join(within, name);
    await rename(part, path);
    for (const other of await readdir(within)) if (other !== name) await rm(join(within, other), { force: true });
    for (const other of await readdir(folder)) if (other !== server && other !== ORIGIN) await rm(join(folder, other), { force: true });
    return path;
  }

  /** The time of a folder is that of the last image that came into it. One that another window takes away at the same time is gone all the same; one that is in use stays until the next time. */
  async #removeOld(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) {
      const path = join(this.#folder, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (mtimeMs < Date.now() - KEPT_FOR) await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

async function shortHashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex').slice(0, 8);
}

async function written(path: string, fetch: (take: (chunk: Uint8Array) => Promise<void>) => Promise<ImageType>): Promise<ImageType> {
  const file: FileHandle = await open(path, 'wx', 0o600);
  try {
    return await fetch(async (chunk) => void (await file.write(chunk)));
  } finally {
    await file.close();
  }
}

/** What begins like an image may still be none. Its size is what is asked for; the rest is looked at like that of any other file. */
async function assertImage(path: string, noImage: () => string): Promise<void> {
  try {
    await probe(await fileSource(path));
  } catch (error) {
    if (!(error instanceof InspectorError) || error.reason !== 'unreadableImage') throw error;
    throw new InspectorError('unreadableImage', noImage(), { detail: error.detail, cause: error });
  }
}
