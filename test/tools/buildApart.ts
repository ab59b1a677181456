import { execFile } from 'node:child_process';
import { copyFile, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT } from './project.ts';

/** Builds as for the package, in another folder, where `dist` may be anything; resolves to the bundles. */
export async function buildApart(folder: string): Promise<string> {
  for (const entry of await readdir(PROJECT, { withFileTypes: true })) {
    const [from, to] = [join(PROJECT, entry.name), join(folder, entry.name)];
    if (entry.isFile()) await copyFile(from, to);
    else if (!['dist', 'out', '.git'].includes(entry.name)) await symlink(from, to);
  }
  await promisify(execFile)(process.execPath, ['esbuild.mjs', '--production'], { cwd: folder });
  return join(folder, 'dist');
}
