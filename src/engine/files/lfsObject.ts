import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isLfsPointer } from '../../imaging/reading/lfsPointer.ts';

/**
 * The bytes that a pointer of Git LFS stands for, from the repository's own store: those with the very hash that the pointer names. Undefined where they are not
 * there, as in a clone that has not fetched them, and for bytes that are no pointer. `path`: of the file on disk, which may be gone.
 */
export async function lfsObject(pointer: Uint8Array, path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!isLfsPointer(pointer)) return undefined;
  const text = new TextDecoder().decode(pointer);
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = Number(/^size (\d{1,15})$/m.exec(text)?.[1]);
  const folder = oid === undefined ? undefined : await gitFolder(dirname(path));
  if (oid === undefined || folder === undefined) return undefined;
  const object = join(folder, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
  const found = await stat(object).catch(() => undefined);
  if (!found?.isFile() || found.size !== size) return undefined;
  const bytes = new Uint8Array(await readFile(object));
  return createHash('sha256').update(bytes).digest('hex') === oid ? bytes : undefined;
}

/** Git's own folder of the repository that a folder is in: of a linked working tree that of the main one, where objects are. */
async function gitFolder(from: string): Promise<string | undefined> {
  for (let folder = resolve(from), above = ''; folder !== above; above = folder, folder = dirname(folder)) {
    const own = join(folder, '.git');
    const found = await stat(own).catch(() => undefined);
    if (found?.isDirectory()) return own;
    const named = found?.isFile() ? /^gitdir: (.+)/.exec(await readFile(own, 'utf8'))?.[1] : undefined;
    if (named === undefined) continue;
    const linked = resolve(folder, named.trim());
    const common = await readFile(join(linked, 'commondir'), 'utf8').catch(() => undefined);
    return common === undefined ? linked : resolve(linked, common.trim());
  }
  return undefined;
}
