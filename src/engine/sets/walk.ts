import { InspectorError } from '../../core/base/failure.ts';
import { type Glob, matchesGlob, readGlob } from '../../core/base/glob.ts';
import { isImageName } from '../../core/base/imageNames.ts';
import { t } from '../../core/base/l10n.ts';
import { withoutEnd } from '../../core/base/trim.ts';
import { commonFolder, keyOf } from '../../core/sets/keys.ts';
import type { FolderAccess } from './folderAccess.ts';

/** Folders that hold other people's images, or none. */
const LEFT_OUT = new Set(['node_modules', '.git']);
/** Of a glob once its braces are written out. */
const MOST_GLOB = 5000;

export interface WalkOptions {
  /** A glob of keys; what it does not match is left out. */
  include?: string | undefined;
  /** What the user does not want to see, such as by `files.exclude`. */
  isHidden?: ((address: string) => boolean) | undefined;
  signal?: AbortSignal | undefined;
  /** Called with the number of images so far. */
  onFound?: ((images: number) => void) | undefined;
}

/** The images of a set, sorted by their keys. */
export interface WalkedImages {
  /** Address of the folder below which the keys are, with a slash at its end. */
  folder: string;
  images: { key: string; uri: string }[];
}

/**
 * The images in folders, and those that are named themselves. Links are followed as long as they lead to somewhere below the folder that was named. Rejects with
 * the signal's reason when it is aborted, with `noImage` for a glob that cannot be read.
 */
export async function walkImages(uris: readonly string[], access: FolderAccess, options: WalkOptions = {}): Promise<WalkedImages> {
  const glob = options.include === undefined || options.include === '' ? undefined : includeGlob(options.include);
  const found = new Set<string>();
  const named: string[] = [];
  for (const uri of uris) {
    options.signal?.throwIfAborted();
    const top = withoutEnd(uri, '/');
    if ((await access.entries(top)) === undefined) {
      named.push(uri);
      found.add(uri);
      continue;
    }
    named.push(`${top}/`);
    await walkFolder(top, access, found, options);
  }
  const folder = commonFolder(named);
  const images = [...found]
    .map((uri) => ({ key: keyOf(uri, folder), uri }))
    .filter(({ key }) => glob === undefined || matchesGlob(key, glob));
  return { folder, images: images.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)) };
}

function includeGlob(pattern: string): Glob {
  const read = readGlob(pattern.includes('/') ? pattern.replace(/^\.?\/+/, '') : `**/${pattern}`, MOST_GLOB);
  if (read === undefined) throw new InspectorError('noImage', t('This pattern cannot be used: {0}', pattern.slice(0, 80)));
  return read.glob;
}

async function walkFolder(
  top: string,
  access: FolderAccess,
  found: Set<string>,
  { isHidden, signal, onFound }: WalkOptions,
): Promise<void> {
  const root = await access.realAddress(top);
  const isInside = (address: string | undefined) =>
    address !== undefined && root !== undefined && (address === root || address.startsWith(`${root}/`));
  // Real places: links may lead round in a circle.
  const walked = new Set<string>(root === undefined ? [] : [root]);
  const waiting = [top];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    signal?.throwIfAborted();
    for (const { name, address, kind, isLink } of (await access.entries(folder)) ?? []) {
      if (kind === 'other' || LEFT_OUT.has(name) || isHidden?.(address) === true) continue;
      if (kind === 'file' && !isImageName(name)) continue;
      const real = isLink || kind === 'folder' ? await access.realAddress(address) : address;
      if (isLink && !isInside(real)) continue;
      if (kind === 'file') {
        found.add(address);
        onFound?.(found.size);
      } else if (real === undefined || !walked.has(real)) {
        if (real !== undefined) walked.add(real);
        waiting.push(address);
      }
    }
  }
}
