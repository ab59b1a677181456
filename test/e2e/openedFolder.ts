import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../tools/project.ts';

/** A folder that is copied, or what puts files into one. */
export type FolderContent = string | ((folder: string) => Promise<void>);

/** A folder of its own, in which tests may change what they like, in another one that has nothing else. */
export async function openedFolder(name = 'pictures', content: FolderContent = join(PROJECT, 'test/fixtures/samples')): Promise<string> {
  // Its own name is all that is seen of it.
  const folder = join(await mkdtemp(join(tmpdir(), 'image-inspector-')), name);
  await mkdir(folder);
  await (typeof content === 'string' ? cp(content, folder, { recursive: true }) : content(folder));
  return folder;
}
