import type { Body } from './body.ts';
import type { ByteSource } from './byteSource.ts';
import { ByteWindow } from './byteWindow.ts';
import { heifStructure } from './heifStructure.ts';
import type { ImageType } from './imageType.ts';
import { jpegStructure } from './jpegStructure.ts';
import { pngStructure } from './pngStructure.ts';
import { webpStructure } from './webpStructure.ts';

/** What a walk through an image file finds, without decoding a pixel. */
export interface Structure {
  /** `truncated` when the file ends before the image does, `damaged` when a checksum or a required part is wrong. */
  problem?: 'truncated' | 'damaged';
  /**
   * The image without what its file says about place, time, camera and author, without previews and whatever follows its end, its pixels untouched.
   * Unset where that can be had only by encoding the pixels anew.
   */
  bare?: Body;
  /** Set where the file breaks rules in ways that decoders forgive. */
  mended?: Mended;
}

/** What became of a file that breaks rules: whether it really holds its image only a decoder can tell. */
export interface Mended {
  /** All of the file that does not break them. `bare` does not either. */
  body: Body;
  /** The problem, if it does not hold its image. */
  suspicion: NonNullable<Structure['problem']>;
}

/** Walks through an image file of any size, in little memory. Rejects with `unsupportedImage` for one that nothing should try to decode. */
export async function structureOf(mimeType: ImageType, source: ByteSource): Promise<Structure> {
  switch (mimeType) {
    case 'image/png':
      return pngStructure(new ByteWindow(source));
    case 'image/jpeg':
      return jpegStructure(new ByteWindow(source));
    case 'image/webp':
      return webpStructure(new ByteWindow(source));
    case 'image/heic':
    case 'image/heif':
      return heifStructure(source);
    case 'image/avif': {
      // The API does not take it as it is.
      const { problem } = await heifStructure(source);
      return problem === undefined ? {} : { problem };
    }
    default:
      return {};
  }
}
