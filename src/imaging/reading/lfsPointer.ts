/** Bytes; pointers of Git LFS are shorter (its specification, version 1). */
export const LONGEST_POINTER = 1024;

/** Whether bytes are a pointer of Git LFS, which stands in a repository in the place of a file. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  return bytes.length <= LONGEST_POINTER && new TextDecoder().decode(bytes).startsWith('version https://git-lfs.github.com/spec/');
}
