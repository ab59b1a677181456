import { type Exclusions, readExclusions } from '../../core/base/exclusions.ts';
import { withoutEnd } from '../../core/base/trim.ts';
import { type Address, pathsOf } from './aliases.ts';

/** Folders from the file upwards below which a pattern is tried where nobody knows in which folder the file lies. */
const MOST_TAILS = 64;

/** What is asked for exclusions. */
export interface ExclusionRules<Uri extends Address> {
  /** Of the workspace. */
  folders: readonly Uri[];
  /** The setting at all its levels, as it was found. */
  levels: (scope: Uri) => readonly unknown[];
}

/**
 * Whether a setting keeps a file back, under any of its names: by its own address, by where a link leads, and by that of another scheme, such as the one under
 * which git shows it; each relative to the folder that holds it, by the setting of that folder. Throws `excluded` where the setting cannot be used.
 */
export async function isExcludedFile<Uri extends Address>(uri: Uri, { folders, levels }: ExclusionRules<Uri>): Promise<boolean> {
  const own = readExclusions(levels(uri));
  const rootOf = async (folder: Uri) => ({
    paths: new Set((await pathsOf(folder)).map((path) => `${withoutEnd(path, '/')}/`)),
    exclusions: readExclusions(levels(folder)),
  });
  const roots = await Promise.all(folders.map(rootOf));
  return (await pathsOf(uri)).some((path) => {
    const inside = roots.flatMap(({ paths, exclusions }) =>
      [...paths].filter((root) => holds(root, path)).map((root) => exclusionsHave([own, exclusions], path.slice(root.length))),
    );
    if (inside.length > 0) return inside.includes(true);
    if (!path.startsWith('/')) return exclusionsHave([own, ...roots.map(({ exclusions }) => exclusions)], path);
    if (uri.scheme === 'file') return own.has(path);
    return tailsOf(path).some((tail) => own.has(tail));
  });
}

/** Whether or not the file system tells upper and lower case apart: a pattern more is no harm. */
function holds(root: string, path: string): boolean {
  return path.length > root.length && path.slice(0, root.length).toLowerCase() === root.toLowerCase();
}

function exclusionsHave(all: readonly Exclusions[], path: string): boolean {
  return all.some((exclusions) => exclusions.has(path));
}

/** A path, and what remains of it below each of its folders. */
function tailsOf(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names
    .slice(-MOST_TAILS)
    .map((_, index, last) => last.slice(index).join('/'))
    .concat(names.join('/'));
}
