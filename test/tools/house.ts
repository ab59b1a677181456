/** What `src` is made of: which file imports which, and what breaks the order of the house. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

/** The text of each file by its path below `src`. */
export type Sources = ReadonlyMap<string, string>;

/** Layers by name, the lowest first: the layers that each stands on, and its rooms, the lowest first. */
export type House = Readonly<Record<string, { on: string; rooms?: string }>>;

/** All files below a folder, by their paths in it. */
export function readSources(folder: string): Sources {
  const paths = (readdirSync(folder, { recursive: true }) as string[]).filter((path) => /\.(ts|css)$/.test(path));
  return new Map(paths.sort().map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]));
}

/** The names from which a file imports: types, values, and by `import()`. Code here quotes singly; what is quoted doubly is in texts that it writes. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string);
}

/** Of each file the files of `src` that it imports. */
export function fileGraph(sources: Sources): Map<string, Set<string>> {
  const modules = [...sources].filter(([path]) => path.endsWith('.ts'));
  return new Map(
    modules.map(([path, text]) => [
      path,
      new Set(
        importsOf(text)
          .filter((name) => name.startsWith('.'))
          .map((name) => join(dirname(path), name)),
      ),
    ]),
  );
}

/** Of each folder the others that its files import from. A file in no room of its layer stands for itself. */
export function roomGraph(sources: Sources): Map<string, Set<string>> {
  const rooms = new Map<string, Set<string>>();
  for (const [path, imported] of fileGraph(sources)) {
    const room = roomOf(path);
    const others = rooms.get(room) ?? new Set();
    for (const other of imported) if (roomOf(other) !== room) others.add(roomOf(other));
    rooms.set(room, others);
  }
  return rooms;
}

/** Its folder, or the file itself where that is a layer or lies beside the rooms of one. */
function roomOf(path: string): string {
  return path.split('/').length <= 2 ? path : dirname(path);
}

/** A way from a part of the graph back to itself, for each part that has one. */
export function circles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...graph.keys()].flatMap((start) => {
    const cameFrom = new Map<string, string>();
    const queue = [start];
    for (const node of queue) {
      for (const next of graph.get(node) ?? []) {
        if (next === start) return [wayBack(cameFrom, node, start)];
        if (cameFrom.has(next)) continue;
        cameFrom.set(next, node);
        queue.push(next);
      }
    }
    return [];
  });
}

function wayBack(cameFrom: ReadonlyMap<string, string>, last: string, start: string): string {
  const steps = [start];
  for (let node: string | undefined = last; node !== undefined && node !== start; node = cameFrom.get(node)) steps.unshift(node);
  return [start, ...steps].join(' -> ');
}

/** Imports that lead up, or to a layer that is not beneath, and rooms that are not in the table. */
export function wrongWays(sources: Sources, house: House): string[] {
  const wrong: string[] = [];
  for (const [room, imported] of roomGraph(sources)) {
    const own = placeOf(room, house);
    if (own === undefined) wrong.push(`${room} is not in the table`);
    for (const other of imported) {
      const place = placeOf(other, house);
      if (own === undefined || place === undefined) continue;
      const isBelow = own.layer === place.layer ? place.floor < own.floor : own.on.includes(place.layer);
      if (!isBelow) wrong.push(`${room} imports from ${other}`);
    }
  }
  return wrong;
}

/** Rooms of the table that do not exist. */
export function missingRooms(sources: Sources, house: House): string[] {
  const rooms = roomGraph(sources);
  const named = Object.entries(house).flatMap(
    ([layer, { rooms: names }]) => names?.split(' ').map((name) => `${layer}/${name}`) ?? [layer],
  );
  return named.filter((room) => !rooms.has(room));
}

function placeOf(room: string, house: House): { layer: string; on: readonly string[]; floor: number } | undefined {
  const [layer = '', ...rest] = room.split('/');
  const { on = '', rooms = '' } = house[layer] ?? {};
  const floor = rooms.split(' ').indexOf(rest.join('/'));
  return house[layer] === undefined || floor < 0 ? undefined : { layer, on: on.split(' '), floor };
}

/** Folders with more than so many modules. */
export function crowdedFolders(sources: Sources, most: number): string[] {
  const counts = Map.groupBy(
    [...sources.keys()].filter((path) => path.endsWith('.ts')),
    (path) => dirname(path),
  );
  return [...counts].filter(([, files]) => files.length > most).map(([folder, { length }]) => `${folder}: ${length} files`);
}

/** Files with more than so many lines. */
export function longFiles(sources: Sources, most: number): string[] {
  return [...sources].filter(([, text]) => linesOf(text) > most).map(([path, text]) => `${path}: ${linesOf(text)} lines`);
}

function linesOf(text: string): number {
  return text.split('\n').length - 1;
}

/** Files that import a package, or a part of it, but may not. */
export function strangers(sources: Sources, packageName: string, mayImport: RegExp): string[] {
  const isIt = (name: string) => name === packageName || name.startsWith(`${packageName}/`);
  return [...sources].filter(([path, text]) => importsOf(text).some(isIt) && !mayImport.test(path)).map(([path]) => path);
}

/** How many lines an exported function takes, from its head to its closing brace. */
export function lengthOf(text: string, name: string): number {
  const from = text.indexOf(`export function ${name}(`);
  const to = text.indexOf('\n}', from);
  return from < 0 || to < 0 ? Number.NaN : linesOf(`${text.slice(from, to + 2)}\n`);
}
