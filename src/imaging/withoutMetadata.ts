import { bareJpeg } from './bareJpeg.ts';
import { barePng } from './barePng.ts';
import { bareWebp } from './bareWebp.ts';
import { heifKinds } from './bmff.ts';
import type { ImageType } from './imageType.ts';

/**
 * An image without what its file says about place, time, camera and author, and without previews, its pixels untouched: the same array where the file
 * says nothing of that kind. Undefined where it can be had only by encoding the pixels anew. `bytes`: a whole file without structural problems.
 */
export function withoutMetadata(mimeType: ImageType, bytes: Uint8Array): Uint8Array | undefined {
  switch (mimeType) {
    case 'image/jpeg':
      return bareJpeg(bytes);
    case 'image/png':
      return barePng(bytes);
    case 'image/webp':
      return bareWebp(bytes);
    case 'image/heic':
    case 'image/heif':
      // Items lie anywhere and refer to each other by number and offset: nothing can be taken out without rewriting all of it.
      return isBareHeif(bytes) ? bytes : undefined;
    default:
      return undefined;
  }
}

/** The items that pixels are made of: coded pictures, and those put together of others. */
const PIXEL_ITEMS = ['hvc1', 'hev1', 'av01', 'avc1', 'jpeg', 'j2k1', 'unci', 'grid', 'iovl', 'iden'];

function isBareHeif(bytes: Uint8Array): boolean {
  const { items, references } = heifKinds(bytes);
  return items.every((kind) => PIXEL_ITEMS.includes(kind)) && !references.includes('thmb');
}
