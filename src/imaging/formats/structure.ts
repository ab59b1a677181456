import type { ByteSource } from '../reading/byteSource.ts';
import { ByteWindow } from '../reading/byteWindow.ts';
import { HeaderBytes } from '../reading/headerBytes.ts';
import { heifStructure } from './heifStructure.ts';
import type { ImageType } from './imageType.ts';
import { jpegStructure } from './jpegStructure.ts';
import { pngStructure, unusualGamma } from './png.ts';
import type { Structure } from './scan.ts';
import { webpStructure } from './webp.ts';

/**
 * Walks through an image file of any size, in little memory. Rejects with `unsupportedImage` for one that nothing should try to decode.
 * @param window through which the source is read
 */
export async function structureOf(mimeType: ImageType, source: ByteSource, window = new ByteWindow(source)): Promise<Structure> {
  switch (mimeType) {
    case 'image/png': {
      const { bare, ...found } = await pngStructure(window);
      const keepsPixels = bare !== undefined && (await unusualGamma(await HeaderBytes.open(source))) === undefined;
      return keepsPixels ? { bare } : found;
    }
    case 'image/jpeg':
      return jpegStructure(window);
    case 'image/webp':
      return webpStructure(window);
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
