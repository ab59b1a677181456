import { imageMeta } from 'image-meta';
import { InspectorError, unreadable } from '../../core/base/failure.ts';
import { formatNumber } from '../../core/base/format.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { ByteSource } from '../reading/byteSource.ts';
import { HeaderBytes } from '../reading/headerBytes.ts';
import { isLfsPointer } from '../reading/lfsPointer.ts';
import { svgSize } from '../svg/svgSize.ts';
import { decodeXml, findSvgRoot, MOST_PROLOG } from '../svg/svgText.ts';
import { assertKnownBmp, readBmpHeader } from './bmp.ts';
import { firstGifFrame } from './gif.ts';
import { heifPieces, readHeifHeader } from './heif.ts';
import { type ImageType, mayBecomeSvg, sniffImageType } from './imageType.ts';
import { assertKnownJpeg, readJpegHeader } from './jpeg.ts';
import { readPngHeader } from './png.ts';
import { assertKnownTiff, HEIGHT_TAG, orientationOf, readTiffTags, WIDTH_TAG } from './tiff.ts';
import { webpOrientation } from './webp.ts';

/** What a header says about an image. */
export interface ImageHeader {
  mimeType: ImageType;
  /** Pixels as stored. */
  stored: Size;
  /** Pixels as people see them, turned upright. */
  upright: Size;
  /** True where the stored pixels have to be turned, mirrored or cut to be upright. */
  turned: boolean;
}

/** More pixels than this would need more memory than an editor may take. */
const MOST_PIXELS = 268e6;

/**
 * Type and size of an image, by its content and without decoding it. Reads the beginning of the file and what that points to, not what lies between.
 * Rejects with `unreadableImage` when the content is no image, with a message that says what it is instead where that is known; with `tooLarge` or
 * `unsupportedImage` when its header says that it is one which nothing should try to decode.
 */
export async function probe(source: ByteSource): Promise<ImageHeader> {
  if (source.size === 0) throw unreadable(t('It is empty.'));
  const bytes = await HeaderBytes.open(source);
  const mimeType =
    sniffImageType(bytes.head) ?? (mayBecomeSvg(bytes.head) ? sniffImageType(await bytes.beginning(MOST_PROLOG)) : undefined);
  if (mimeType === undefined) throw notAnImage(bytes.head);
  const header = await readSizes(mimeType, bytes)
    .then(checked)
    .catch((error: unknown) => {
      // A file that can no longer be read is not a damaged one, and one that is refused is none either.
      if (error instanceof InspectorError || (error instanceof Error && 'code' in error)) throw error;
      throw unreadable(t('Its header is damaged.'), error);
    });
  for (const size of [header.stored, header.upright]) if (size.width * size.height > MOST_PIXELS) throw tooManyPixels(size);
  return { mimeType, ...header };
}

type Sizes = Omit<ImageHeader, 'mimeType'>;

async function readSizes(mimeType: ImageType, bytes: HeaderBytes): Promise<Sizes> {
  switch (mimeType) {
    case 'image/heic':
    case 'image/heif':
    case 'image/avif':
      return readHeifHeader(await heifPieces(bytes, ['pitm', 'iprp']));
    case 'image/jpeg': {
      const header = await readJpegHeader(bytes);
      await assertKnownJpeg(header, bytes);
      return oriented(header.stored, header.orientation);
    }
    case 'image/tiff': {
      const tags = await readTiffTags(bytes);
      await assertKnownTiff(bytes);
      return oriented({ width: tags.get(WIDTH_TAG) ?? 0, height: tags.get(HEIGHT_TAG) ?? 0 }, orientationOf(tags));
    }
    case 'image/png': {
      // First: what is none to others need not even have its size in the usual place.
      const orientation = await readPngHeader(bytes);
      return oriented(imageMeta(bytes.head), orientation);
    }
    case 'image/webp':
      return oriented(imageMeta(bytes.head), await webpOrientation(bytes));
    case 'image/gif': {
      const screen = imageMeta(bytes.head);
      const frame = await firstGifFrame(bytes);
      if (frame !== undefined && (frame.right > screen.width || frame.bottom > screen.height)) throw frameBeyondScreen();
      return oriented(screen, 1);
    }
    case 'image/bmp': {
      const sizes = oriented(imageMeta(bytes.head), 1);
      await assertKnownBmp(await readBmpHeader(bytes), sizes.stored, bytes);
      return sizes;
    }
    case 'image/svg+xml':
      return oriented(await readSvgSize(bytes), 1);
  }
}

async function readSvgSize(bytes: HeaderBytes): Promise<Size> {
  const root = findSvgRoot(decodeXml(bytes.head));
  if (typeof root === 'object' && root.end !== undefined) return svgSize(root);
  return svgSize(findSvgRoot(decodeXml(await bytes.beginning(MOST_PROLOG))));
}

/** `orientation`: of EXIF, 1 to 8; from 5 on the picture lies on its side. */
function oriented({ width, height }: Size, orientation: number): Sizes {
  return {
    stored: { width, height },
    upright: orientation >= 5 ? { width: height, height: width } : { width, height },
    turned: orientation > 1,
  };
}

function checked(header: Sizes): Sizes {
  for (const { width, height } of [header.stored, header.upright]) {
    if (!(width >= 1 && height >= 1 && Number.isFinite(width * height))) throw new Error(`a size of ${width} x ${height}`);
  }
  return header;
}

function notAnImage(bytes: Uint8Array): InspectorError {
  if (isLfsPointer(bytes)) return unreadable(t('It is a Git LFS pointer; get the file with `git lfs pull`.'));
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return unreadable(t('It is compressed with gzip, as SVGZ is; unpack it first.'));
  return unreadable(t('Its content is of no known image type, whatever its name says.'));
}

function tooManyPixels({ width, height }: Size): InspectorError {
  const millions = formatNumber(Math.floor((width * height) / 1e6));
  return new InspectorError('tooLarge', t('The image has too many pixels: {0} by {1}.', width, height), {
    detail: t('That is {0} megapixels; at most {1} can be worked with.', millions, MOST_PIXELS / 1e6),
  });
}

function frameBeyondScreen(): InspectorError {
  return new InspectorError('unsupportedImage', t('A frame of this GIF is larger than the picture that it is part of.'), {
    detail: t('Open it in a drawing program and save it again.'),
  });
}
