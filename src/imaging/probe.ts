import { imageMeta } from 'image-meta';
import { type InspectorError, unreadable } from '../core/failure.ts';
import type { Size } from '../core/geometry.ts';
import { t } from '../core/l10n.ts';
import { readHeifHeader } from './bmff.ts';
import type { ByteSource } from './byteSource.ts';
import { type ImageType, sniffImageType } from './imageType.ts';

/** What a header says about an image. */
export interface ImageHeader {
  mimeType: ImageType;
  /** Pixels as stored. */
  stored: Size;
  /** Pixels as people see them, turned upright. */
  upright: Size;
}

/** Enough for nearly every header; a photo with long metadata needs more. */
const FIRST_READ = 64 * 1024;
const MOST_READ = 64 * 1024 * 1024;

/**
 * Type and size of an image, by its content and without decoding it.
 * Rejects with `unreadableImage` when the content is no image, with a message that says what it is instead where that is known.
 */
export async function probe(source: ByteSource): Promise<ImageHeader> {
  if (source.size === 0) throw unreadable(t('It is empty.'));
  for (let length = FIRST_READ; ; length *= 4) {
    const bytes = await source.read(0, length);
    const mimeType = sniffImageType(bytes);
    if (mimeType === undefined) throw notAnImage(bytes);
    try {
      return readHeader(mimeType, bytes);
    } catch (error) {
      const all = bytes.length >= source.size || bytes.length < length || length >= MOST_READ;
      if (all) throw unreadable(t('Its header is damaged.'), error);
    }
  }
}

function readHeader(mimeType: ImageType, bytes: Uint8Array): ImageHeader {
  if (mimeType === 'image/heic' || mimeType === 'image/heif' || mimeType === 'image/avif')
    return { mimeType, ...checked(readHeifHeader(bytes)) };
  const { width, height, orientation = 1 } = imageMeta(bytes);
  const stored = { width, height };
  // EXIF orientations 5 to 8 lie on their side; only JPEG's is read so far.
  const turned = mimeType === 'image/jpeg' && orientation >= 5 && orientation <= 8;
  return { mimeType, ...checked({ stored, upright: turned ? { width: height, height: width } : stored }) };
}

function checked<T extends { stored: Size; upright: Size }>(header: T): T {
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
