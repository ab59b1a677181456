import { readdir, realpath, stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withoutEnd } from '../../core/base/trim.ts';

/** What is in a folder. */
export interface FolderEntry {
  name: string;
  /** Of the entry itself, also where it is a link. */
  address: string;
  /** What it is, or what the link leads to. */
  kind: 'file' | 'folder' | 'other';
  isLink: boolean;
}

/** What tells that a file is still the one that was read: its size, time and number in the file system. */
export interface FileStamp {
  size: number;
  /** Milliseconds since 1970. */
  mtime: number;
  inode: number;
}

/** Lists folders by their addresses. */
export interface FolderAccess {
  /** Undefined for what is no folder, or cannot be read. */
  entries(address: string): Promise<FolderEntry[] | undefined>;
  /** Where links lead, as an address; undefined where that cannot be told. */
  realAddress(address: string): Promise<string | undefined>;
  /** Undefined where there is nothing to tell by. */
  stamp(address: string): Promise<FileStamp | undefined>;
}

/** Folders on this computer by their `file:` addresses. */
export const LOCAL_FOLDERS: FolderAccess = {
  async entries(address) {
    const path = fileURLToPath(address);
    const found = await readdir(path, { withFileTypes: true }).catch(() => undefined);
    const folder = withoutEnd(pathToFileURL(`${path}/`).href, '/');
    return found === undefined
      ? undefined
      : Promise.all(
          found.map(async (entry): Promise<FolderEntry> => {
            const isLink = entry.isSymbolicLink();
            const own = isLink ? await stat(`${path}/${entry.name}`).catch(() => undefined) : entry;
            const kind = own?.isFile() ? 'file' : own?.isDirectory() ? 'folder' : 'other';
            return { name: entry.name, address: `${folder}${pathToFileURL(`/${entry.name}`).pathname.slice(rootLength)}`, kind, isLink };
          }),
        );
  },
  realAddress: (address) =>
    realpath(fileURLToPath(address)).then(
      (path) => pathToFileURL(path).href,
      () => undefined,
    ),
  stamp: (address) =>
    stat(fileURLToPath(address)).then(
      ({ size, mtimeMs, ino }) => ({ size, mtime: mtimeMs, inode: ino }),
      () => undefined,
    ),
};

/** Characters before the first slash of a path at the root: on Windows it gets a drive. */
const rootLength = pathToFileURL('/a').pathname.length - '/a'.length;
