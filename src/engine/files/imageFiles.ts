import type { ByteSource } from '../../imaging/reading/byteSource.ts';

/** Opens files by their addresses. */
export interface FileAccess {
  /** The bytes of a file: in pieces where it can be read in pieces. Rejects with `unreadableImage` for a folder or a file that is gone. */
  open(address: string): Promise<ByteSource>;
}

/** Images by their addresses, wherever they come from. */
export interface ImageFiles extends FileAccess {
  /** The file of an image that an inspection names: of one from the web, the copy that is kept. */
  fileOf(address: string): string;
  /** Where the image of a file was fetched from, if it was. */
  originOf(file: string): Promise<WebOrigin | undefined>;
  /** True if a server is on the public internet, for all that is known here. */
  isPublic(address: URL): Promise<boolean>;
}

/** Where a fetched image came from. */
export interface WebOrigin {
  /** Without credentials; where something was taken out of it, with the beginning of the content's SHA-256 as its fragment. */
  address: string;
  /** True if the address alone leads to the image: nothing was taken out of it. */
  whole: boolean;
}
