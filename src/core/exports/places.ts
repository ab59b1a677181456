import type { UriLike } from '../request/commandArguments.ts';

/** The way from a folder to a file, such as `../photos/cat.png`. Undefined where there is none: on another drive, computer or kind of file system. */
export function wayTo(file: UriLike, folder: UriLike): string | undefined {
  if (file.scheme !== folder.scheme || (file.authority ?? '') !== (folder.authority ?? '')) return undefined;
  const [to, from] = [segments(file.path), segments(folder.path)];
  const isDrive = /^[a-z]:$/i;
  if ((isDrive.test(to[0] ?? '') || isDrive.test(from[0] ?? '')) && to[0]?.toLowerCase() !== from[0]?.toLowerCase()) return undefined;
  let common = 0;
  while (common < to.length - 1 && common < from.length && sameSegment(to[common], from[common])) common += 1;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}

/** Short names for files that differ: their own names, or as much more of their paths as tells those of the same name apart. */
export function shortNames(paths: readonly string[]): string[] {
  const parts = paths.map(segments);
  const names = parts.map((own) => own.join('/'));
  let open = [...parts.keys()];
  for (let count = 1; open.length > 0; count++) {
    const ends = parts.map((own) => own.slice(-count).join('/'));
    const times = new Map<string, number>();
    for (const end of ends) times.set(end, (times.get(end) ?? 0) + 1);
    const isDistinct = (index: number) => times.get(ends[index] ?? '') === 1;
    for (const index of open.filter(isDistinct)) names[index] = ends[index] ?? '';
    open = open.filter((index) => !isDistinct(index) && count + 1 < (parts[index]?.length ?? 0));
  }
  return names;
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/** Drive letters are written large and small. */
function sameSegment(a: string | undefined, b: string | undefined): boolean {
  return a === b || (/^[a-z]:$/i.test(a ?? '') && a?.toLowerCase() === b?.toLowerCase());
}
