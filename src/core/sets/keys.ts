import { partsOfAddress } from '../base/addresses.ts';

/** True for what can be the id of a set, which is the name of its folder too. */
export function isSetId(name: string): boolean {
  return /^\d{4}-\d\d-\d\d-[\da-f-]{36}$/.test(name);
}

/** The deepest folder that holds all of these files: scheme and authority as they are, and a path that ends with a slash. */
export function commonFolder(addresses: readonly string[]): string {
  const [first, ...others] = addresses.map((address) => address.slice(0, address.lastIndexOf('/') + 1));
  let folder = first ?? '';
  for (const other of others) {
    while (folder !== '' && !other.startsWith(folder)) folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  }
  return folder;
}

/** The key of a file: its path below a folder, decoded. A file that does not lie below it has its name with as much of its path as there is. */
export function keyOf(address: string, folder: string): string {
  const below = address.startsWith(folder) ? address.slice(folder.length) : address;
  return partsOfAddress(`x:${below}`).path.replace(/^\/+/, '');
}
