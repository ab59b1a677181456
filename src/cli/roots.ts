import { access, readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readExclusions } from '../core/base/exclusions.ts';
import { InspectorError } from '../core/base/failure.ts';
import { recordOf } from '../core/base/shape.ts';
import { isExcludedFile } from '../engine/files/exclusion.ts';
import { fileFailure } from '../engine/files/localFiles.ts';

/** What Node's addresses lack to be asked about exclusions. */
function addressOf(path: string) {
  const href = pathToFileURL(path).href;
  return { scheme: 'file', authority: '', path: decodeURIComponent(new URL(href).pathname), query: '', toString: () => href };
}

/** Folders whose images may be looked at. */
export class Roots {
  readonly #folders: readonly string[];
  /** Folders with settings: those that were given at the start, and what they lie in. Their exclusions hold however the folders are narrowed. */
  readonly #settled: readonly string[];
  readonly #own: readonly string[];
  readonly #settings: Map<string, Promise<Readonly<Record<string, unknown>>>>;

  private constructor(
    folders: readonly string[],
    {
      settled,
      own,
      settings,
    }: { settled: readonly string[]; own: readonly string[]; settings: Map<string, Promise<Readonly<Record<string, unknown>>>> },
  ) {
    this.#folders = folders;
    this.#settled = settled;
    this.#own = own;
    this.#settings = settings;
  }

  /** @param exclude globs besides those of the folders' settings */
  static async of(folders: readonly string[], exclude: readonly string[]): Promise<Roots> {
    const real = await Promise.all(
      folders.map((folder) =>
        realpath(resolve(folder)).catch(() => {
          throw new InspectorError('unreadableFile', `There is no folder "${folder}".`);
        }),
      ),
    );
    const settled = await Promise.all(
      [...new Set(real.flatMap(withParents))].map(async (folder) => ((await hasSettings(folder)) ? [folder] : [])),
    );
    return new Roots(real, { settled: settled.flat(), own: exclude, settings: new Map() });
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** The same with only those folders that lie in these: a client can take away, and not add. */
  async narrowed(folders: readonly string[]): Promise<Roots> {
    const real = (await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)))).filter(
      (folder) => folder !== undefined,
    );
    const inside = real.filter((folder) => this.#folders.some((root) => holds(root, folder)));
    const kept = this.#folders.filter((root) => real.some((folder) => holds(folder, root)));
    return new Roots([...new Set([...inside, ...kept])], { settled: this.#settled, own: this.#own, settings: this.#settings });
  }

  /** The address of a file by its path: absolute, or relative to one of the folders. Rejects with `excluded` where it really lies elsewhere. */
  async resolve(path: string): Promise<string> {
    const candidates = isAbsolute(path) ? [path] : this.#folders.map((root) => join(root, path));
    let failure: unknown;
    for (const candidate of candidates) {
      try {
        const real = await realpath(candidate);
        if (!this.#folders.some((root) => holds(root, real))) throw outside(path);
        return pathToFileURL(real).href;
      } catch (error) {
        failure ??= error;
        if (error instanceof InspectorError) throw error;
      }
    }
    if (failure === undefined) throw outside(path);
    if ((failure as NodeJS.ErrnoException).code !== 'ENOENT') throw fileFailure(failure);
    // Agents guess: it may never have been there.
    throw new InspectorError('unreadableImage', `There is no file "${path.slice(0, 200)}" in the folders that were given by --root.`);
  }

  /** True if a glob, or the setting of a folder, keeps the file back. Rejects with `excluded` where that setting cannot be used. */
  async isExcluded(address: string): Promise<boolean> {
    const folders = [...new Set([...this.#folders, ...this.#settled])].map(addressOf);
    const settings = await Promise.all(this.#settled.map((folder) => this.#settingsOf(folder)));
    const excluded = settings.map((one) => one['imageInspector.exclude']);
    return isExcludedFile(addressOf(fileURLToPath(address)), { folders, levels: () => [[...this.#own], ...excluded] });
  }

  /** Resolves to what tells whether the setting `files.exclude` of a folder hides a file or folder. */
  async hidden(): Promise<(address: string) => boolean> {
    const folders = await Promise.all(
      this.#settled.map(async (folder) => {
        const setting = recordOf((await this.#settingsOf(folder))['files.exclude']);
        const patterns = Object.keys(setting).filter((pattern) => setting[pattern] === true && !pattern.startsWith('!'));
        return { path: `${addressOf(folder).path}/`, exclusions: readExclusions([patterns]) };
      }),
    );
    return (address) => {
      const { path } = addressOf(fileURLToPath(address));
      return folders.some((folder) => path.startsWith(folder.path) && folder.exclusions.has(path.slice(folder.path.length)));
    };
  }

  #settingsOf(folder: string): Promise<Readonly<Record<string, unknown>>> {
    const known = this.#settings.get(folder) ?? readSettings(settingsPath(folder));
    this.#settings.set(folder, known);
    return known;
  }
}

function settingsPath(folder: string): string {
  return join(folder, '.vscode', 'settings.json');
}

/** Settings that are there, and cannot be read, are found out when they are read. */
function hasSettings(folder: string): Promise<boolean> {
  return access(settingsPath(folder)).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}

/** A folder and all that it lies in. */
function withParents(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}

/** The settings as they stand in a folder's file, which may have comments. Who cannot read it must send nothing: it may keep something back. */
async function readSettings(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.trim() === '') return {};
    const { jsonrepair } = await import('jsonrepair');
    return recordOf(JSON.parse(jsonrepair(text)));
  } catch {
    throw new InspectorError('excluded', `Nothing is sent: "${path}" cannot be read, and it may exclude files.`);
  }
}

function holds(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

function outside(path: string): InspectorError {
  return new InspectorError('excluded', `"${path.slice(0, 200)}" lies outside of the folders that were given by --root.`);
}
