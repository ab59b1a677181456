import { imageMeta } from 'image-meta';
import { type InspectorError, unreadable } from '../core/failure.ts';
import type { Size } from '../core/geometry.ts';
import { t } from '../core/l10n.ts';
import { readHeifHeader } from './bmff.ts';
import type { ByteSource } from './byteSource.ts';
import { HeaderBytes } from './headerBytes.ts';
import { heifPieces } from './heifPieces.ts';
import { type ImageType, sniffImageType } from './imageType.ts';
import { readJpegHeader } from './jpegHeader.ts';
import { isPngOnItsSide } from './pngOrientation.ts';
import { HEIGHT_TAG, isOnItsSide, readTiffTags, WIDTH_TAG } from './tiffHeader.ts';

/** What a header says about an image. */
export interface ImageHeader {
  mimeType: ImageType;
  /** Pixels as stored. */
  stored: Size;
  /** Pixels as people see them, turned upright. */
  upright: Size;
}

/**
 * Type and size of an image, by its content and without decoding it. Reads the beginning of the file and what that points to, not what lies between.
 * Rejects with `unreadableImage` when the content is no image, with a message that says what it is instead where that is known.
 */
export async function probe(source: ByteSource): Promise<ImageHeader> {
  if (source.size === 0) throw unreadable(t('It is empty.'));
  const bytes = await HeaderBytes.open(source);
  const mimeType = sniffImageType(bytes.head);
  if (mimeType === undefined) throw notAnImage(bytes.head);
  try {
    return { mimeType, ...checked(await readSizes(mimeType, bytes)) };
  } catch (error) {
    // A file that can no longer be read is not a damaged one.
    if (error instanceof Error && 'code' in error) throw error;
    throw unreadable(t('Its header is damaged.'), error);
  }
}

type Sizes = Omit<ImageHeader, 'mimeType'>;

async function readSizes(mimeType: ImageType, bytes: HeaderBytes): Promise<Sizes> {
  switch (mimeType) {
    case 'image/heic':
    case 'image/heif':
    case 'image/avif':
      return readHeifHeader(await heifPieces(bytes));
    case 'image/jpeg': {
      const { stored, onItsSide } = await readJpegHeader(bytes);
      return turned(stored, onItsSide);
    }
    case 'image/tiff': {
      const tags = await readTiffTags(bytes);
      return turned({ width: tags.get(WIDTH_TAG) ?? 0, height: tags.get(HEIGHT_TAG) ?? 0 }, isOnItsSide(tags));
    }
    case 'image/png':
      return turned(imageMeta(bytes.head), await isPngOnItsSide(bytes));
    default:
      // Browsers do not turn WebP pictures, whatever their EXIF says.
      return turned(imageMeta(bytes.head), false);
  }
}

function turned({ width, height }: Size, onItsSide: boolean): Sizes {
  return { stored: { width, height }, upright: onItsSide ? { width: height, height: width } : { width, height } };
}

function checked(header: Sizes): Sizes {
  for (const { width, height } of [header.stored, header.upright]) {
    if (!(width >= 1 && height >= 1 && Number.isFinite(width * height))) throw new Error(`a size of ${width} x ${height}`);
  }
  return header;
}

function notAnImage(bytes: Uint8Array): InspectorError {
  const start = new TextDecoder().decode(bytes.subarray(0, 200));
  if (start.startsWith('version https://git-lfs.github.com/spec/'))
    return unreadable(t('It is a Git LFS pointer; get the file with `git lfs pull`.'));
  return unreadable(t('Its content is of no known image type, whatever its name says.'));
}
