import { type ByteSource, fileSource } from '../../imaging/reading/byteSource.ts';

/**
 * A body out of bytes of a file that are in memory still, as long as the file stands as it did, by all that its file system tells: what has changed since is
 * not sent, and only reading it shows whether it has. Looks at the file whenever reading begins anew.
 * @param held the body out of memory
 * @param file as it was opened
 * @param checked the body out of the file, which rejects where that has changed
 */
export function heldBody(held: ByteSource, file: ByteSource, checked: ByteSource): ByteSource {
  let current = checked;
  return {
    ...checked,
    async read(offset, length) {
      if (offset === 0) current = (await isAsBefore(file)) ? held : checked;
      return current.read(offset, length);
    },
  };
}

async function isAsBefore({ path, stamp }: ByteSource): Promise<boolean> {
  if (path === undefined || stamp === undefined) return false;
  return fileSource(path).then(
    (now) => now.stamp === stamp,
    () => false,
  );
}
