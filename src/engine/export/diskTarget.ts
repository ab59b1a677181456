import { lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { ComposedFile, FilePart, Spooled } from '../../core/exports/setWriter.ts';
import { type FileContent, writePart } from '../files/wholeFile.ts';
import { allDone, type ExportTarget } from './exportTarget.ts';
import { Spool } from './spool.ts';

/** Files that are put in their places at a time. */
const AT_A_TIME = 32;

/** A file that is whole, beside its place. */
interface Part {
  part: string;
  file: string;
  path: string;
}

/** A folder of this computer. Everything is written beside its place first: what goes wrong until then leaves the folder as it was. */
export class DiskTarget implements ExportTarget {
  readonly #folder: string;
  readonly #nameOf: (path: string) => string;
  readonly #folders = new Map<string, Promise<string>>();
  readonly #spools = new Map<string, Spool>();
  /** In the order in which they were asked for, with holes for those that are not there yet. */
  readonly #composed: Part[] = [];
  #composing = 0;
  /** The same. */
  readonly #written: Part[] = [];
  #writes = 0;
  readonly #added: string[] = [];

  /** @param nameOf the path of a file where it is to have another */
  constructor(folder: string, nameOf: (path: string) => string = (path) => path) {
    this.#folder = folder;
    this.#nameOf = nameOf;
  }

  async write(wanted: string, content: string | FileContent): Promise<void> {
    const at = this.#writes++;
    const place = await this.#placeOf(wanted);
    this.#written[at] = { ...place, part: await writePart(place.file, content) };
  }

  async spool(texts: readonly Spooled[]): Promise<void> {
    const bySpool = new Map<string, string[]>();
    for (const { spool, text } of texts) {
      const known = bySpool.get(spool);
      if (known === undefined) bySpool.set(spool, [text]);
      else known.push(text);
    }
    for (const [spool, some] of bySpool) await (await this.#spool(spool)).add(some.join(''));
  }

  async compose({ path, parts }: ComposedFile): Promise<void> {
    const at = this.#composing++;
    const place = await this.#placeOf(path);
    const only = parts.length === 1 ? parts[0] : undefined;
    if (isWhole(only)) {
      // The spool itself becomes the file.
      const spool = await this.#spool(only.spool);
      this.#spools.delete(only.spool);
      this.#composed[at] = { ...place, part: spool.path };
      await spool.close();
      return;
    }
    const spool = new Spool(await this.#root());
    try {
      for (const part of parts) {
        if (typeof part === 'string') await spool.add(part);
        else await (await this.#spool(part.spool)).copyTo(spool, part.start, part.length);
      }
      await spool.close();
    } catch (error) {
      await spool.remove();
      throw error;
    }
    this.#composed[at] = { ...place, part: spool.path };
  }

  async commit(): Promise<string[]> {
    const parts = this.#parts;
    for (let at = 0; at < parts.length; at += AT_A_TIME)
      await allDone(parts.slice(at, at + AT_A_TIME).map((part) => this.#putInPlace(part)));
    await this.#removeSpools();
    return parts.map(({ path }) => path);
  }

  async abandon(): Promise<void> {
    const paths = [...this.#parts.map(({ part }) => part), ...this.#added];
    await Promise.allSettled([this.#removeSpools(), ...paths.map((path) => rm(path, { force: true }))]);
  }

  get #parts(): Part[] {
    return [...Object.values(this.#composed), ...Object.values(this.#written)];
  }

  async #putInPlace({ part, file }: Part): Promise<void> {
    const isNew = await lstat(file).then(
      () => false,
      () => true,
    );
    await rename(part, file);
    if (isNew) this.#added.push(file);
  }

  async #placeOf(wanted: string): Promise<{ file: string; path: string }> {
    const path = this.#nameOf(wanted);
    const names = path.split('/');
    return { file: join(await this.#within(names.slice(0, -1)), names.at(-1) ?? ''), path };
  }

  async #spool(name: string): Promise<Spool> {
    const spool = this.#spools.get(name) ?? new Spool(await this.#root());
    this.#spools.set(name, spool);
    return spool;
  }

  async #removeSpools(): Promise<void> {
    await Promise.allSettled([...this.#spools.values()].map((spool) => spool.remove()));
  }

  #root(): Promise<string> {
    return this.#within([]);
  }

  /** The folder of that way from the folder of the export; made if it is not there. */
  #within(names: readonly string[]): Promise<string> {
    const way = names.join('/');
    const known = this.#folders.get(way) ?? this.#made(names);
    this.#folders.set(way, known);
    return known;
  }

  async #made(names: readonly string[]): Promise<string> {
    if (names.length > 0) return folderIn(await this.#within(names.slice(0, -1)), await this.#root(), names.at(-1) ?? '');
    await mkdir(this.#folder, { recursive: true });
    return realpath(this.#folder);
  }
}

/** Makes a folder in a folder, which may be there and may be a link, as long as that leads nowhere out of the root. */
async function folderIn(folder: string, root: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  const real = await realpath(path).catch(() => undefined);
  const way = real === undefined ? '..' : relative(root, real);
  // On Windows a way to another drive is a whole path.
  if (real === undefined || way === '..' || way.startsWith(`..${sep}`) || join(root, way) !== real) throw leadsOut(name);
  return real;
}

function isWhole(part: FilePart | undefined): part is { spool: string } {
  return typeof part === 'object' && part.start === undefined && part.length === undefined;
}

/** The failure for a folder of that name that is a link. */
export function leadsOut(name: string): InspectorError {
  return new InspectorError('permissionDenied', t('The files could not be written.'), {
    detail: t('"{0}" is a link that leads out of the folder.', sanitizeForUi(name, 80)),
  });
}
