import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { posix } from 'node:path';

/** As much of a `vscode.Uri` as tells which file is meant. */
export interface Address {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  toString(): string;
}

/** Strings that are looked at in the query of an address. */
const MOST_STRINGS = 50;

/**
 * The paths under which the file of an address may be known: its own, those that its query names (the addresses of version control and of the history of files
 * do), and where links lead from there. Absolute ones begin with a slash, also on Windows; relative ones come from a query.
 */
export async function pathsOf({ authority, path, query }: Address): Promise<string[]> {
  const named = [authority === '' ? path : `//${authority}${path}`, path, ...pathsIn(query)].map(normal);
  const real = await Promise.all(named.map(realPath));
  return [...new Set([...named, ...real.filter((found) => found !== undefined)])];
}

/** Names for a file that are the same for all addresses of it: where it really lies, if it lies on disk. An address of another scheme may name several files. */
export function identitiesOf(address: Address): [string, ...string[]] {
  const { scheme, authority, path, query } = address;
  const identity = (at: string) => `file:${realPathNow(at) ?? at}`;
  if (scheme === 'file') return [identity(normal(authority === '' ? path : `//${authority}${path}`))];
  const named = pathsIn(query).map(normal);
  const [first, ...others] = [...named, normal(path)].filter((name) => name.startsWith('/')).map(identity);
  return first === undefined ? [address.toString()] : [first, ...others];
}

/** Where links lead; undefined for what is not on disk. Of a case that the file system does not tell apart, it gives the one on disk. */
async function realPath(path: string): Promise<string | undefined> {
  return path.startsWith('/') ? realpath(onDisk(path)).then(normal, () => undefined) : undefined;
}

function realPathNow(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  try {
    return normal(realpathSync.native(onDisk(path)));
  } catch {
    return undefined;
  }
}

/** Of Windows, without the slash before the drive. */
function onDisk(path: string): string {
  return /^\/[a-z]:/i.test(path) ? path.slice(1) : path;
}

function normal(path: string): string {
  const slashes = process.platform === 'win32' || /^[a-z]:\\/i.test(path) ? path.replaceAll('\\', '/') : path;
  const whole = /^[a-z]:\//i.test(slashes) ? `/${slashes}` : slashes;
  // Node's own makes one slash of the two before a server.
  return whole.startsWith('//') ? `/${posix.normalize(whole.slice(1))}` : posix.normalize(whole);
}

/** What may be a path in a query, which is JSON for the addresses of git, of pull requests and of the history of files. */
function pathsIn(query: string): string[] {
  if (query === '') return [];
  return stringsIn(query)
    .map((text) => (/^file:\/\//i.test(text) ? pathOfFileAddress(text) : text))
    .filter((text) => text !== '' && text.length < 5000);
}

function stringsIn(query: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(query);
  } catch {
    return [...new URLSearchParams(query).values()].slice(0, MOST_STRINGS);
  }
  const found: string[] = [];
  const waiting = [value];
  for (let steps = 0; waiting.length > 0 && steps < 10 * MOST_STRINGS && found.length < MOST_STRINGS; steps++) {
    const next = waiting.shift();
    if (typeof next === 'string') found.push(next);
    else if (typeof next === 'object' && next !== null) waiting.push(...Object.values(next).slice(0, MOST_STRINGS));
  }
  return found;
}

function pathOfFileAddress(text: string): string {
  try {
    const { host, pathname } = new URL(text);
    return (host === '' ? '' : `//${host}`) + decodeURIComponent(pathname);
  } catch {
    return '';
  }
}
