import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
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
  readonly #own: readonly string[];
  readonly #settings = new Map<string, Promise<unknown>>();

  private constructor(folders: readonly string[], own: readonly string[]) {
    this.#folders = folders;
    this.#own = own;
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
    return new Roots(real, exclude);
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
    return new Roots([...new Set([...inside, ...kept])], this.#own);
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
    throw failure === undefined ? outside(path) : fileFailure(failure);
  }

  /** True if a glob, or the setting of a folder, keeps the file back. Rejects with `excluded` where that setting cannot be used. */
  async isExcluded(address: string): Promise<boolean> {
    const folders = this.#folders.map(addressOf);
    const settings = await Promise.all(this.#folders.map((root) => this.#excludedBy(root)));
    return isExcludedFile(addressOf(fileURLToPath(address)), { folders, levels: () => [[...this.#own], ...settings] });
  }

  #excludedBy(root: string): Promise<unknown> {
    const known = this.#settings.get(root) ?? readExclude(join(root, '.vscode', 'settings.json'));
    this.#settings.set(root, known);
    return known;
  }
}

/** The setting as it stands in a folder's settings file, which may have comments. Who cannot read it must send nothing: it may keep something back. */
async function readExclude(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined || text.trim() === '') return undefined;
  const { jsonrepair } = await import('jsonrepair');
  try {
    return recordOf(JSON.parse(jsonrepair(text)))['imageInspector.exclude'];
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
