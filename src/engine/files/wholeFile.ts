import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a file is called until all of it is there. */
const PART = '.part';

/** Bytes in one piece or several. */
export type FileContent = Uint8Array | readonly Uint8Array[];

/** Writes a file beside its place and puts it there when all of it is written: nobody ever meets half of it, and a failure leaves what was there before. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const part = await writePart(path, content);
  try {
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** A path in a folder for what is not whole yet. */
export function partBeside(folder: string): string {
  return join(folder, `.${randomUUID()}${PART}`);
}

/** Writes beside the place of a file, to be renamed to it; resolves to the path. */
export async function writePart(path: string, content: string | FileContent): Promise<string> {
  const part = partBeside(dirname(path));
  try {
    await writeFile(part, content, { flag: 'wx' });
    return part;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
