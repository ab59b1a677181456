import { decodePercent } from '../../core/base/addresses.ts';
import { safeName } from '../../core/base/fileNames.ts';
import { IMAGE_EXTENSIONS } from '../../core/base/imageNames.ts';
import { withoutControls } from '../../core/base/sanitizeForUi.ts';
import type { ImageType } from '../../imaging/formats/imageType.ts';

/** Endings that fit each type, the usual one first. */
const ENDINGS: Readonly<Record<ImageType, readonly [string, ...string[]]>> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/webp': ['webp'],
  'image/heic': ['heic', 'heif'],
  'image/heif': ['heif', 'heic'],
  'image/avif': ['avif'],
  'image/gif': ['gif'],
  'image/bmp': ['bmp'],
  'image/tiff': ['tif', 'tiff'],
  'image/svg+xml': ['svg'],
};

/** In characters, without the extension: short enough below a deep folder too. */
const LONGEST = 60;

/** Runs of what separates the parts of an address or a path become one underscore. */
const UNSAFE = /[\\/:*?"<>|%]+/g;

/** A name for the file of a fetched image: that of the address, made safe for every system, with the extension of what the image is. */
export function fileNameFor(address: URL, type: ImageType): string {
  const [written, stem] = split(decodePercent(address.pathname.slice(address.pathname.lastIndexOf('/') + 1)));
  const endings = ENDINGS[type];
  const extension = endings.includes(written) ? written : endings[0];
  return `${safe(stem) || safe(address.hostname) || 'image'}.${extension}`;
}

/** A name for a folder by the server of an address, as people read it. */
export function folderNameFor(address: URL): string {
  return safe(address.host) || 'web';
}

/** A name for the file of an image that has no address. */
export function fileNameOf(stem: string, type: ImageType): string {
  return `${safe(stem) || 'image'}.${ENDINGS[type][0]}`;
}

/** Ending in lower case, and what stands before it; an extension that is none of an image belongs to the name. */
function split(name: string): [extension: string, stem: string] {
  const dot = name.lastIndexOf('.');
  const extension = name.slice(dot + 1).toLowerCase();
  return dot > 0 && IMAGE_EXTENSIONS.some((known) => known === extension) ? [extension, name.slice(0, dot)] : ['', name];
}

function safe(name: string): string {
  const clean = withoutControls(name)
    .replace(UNSAFE, '_')
    .replace(/^[.\s]+/, '');
  return safeName(Array.from(clean).slice(0, LONGEST).join(''), '');
}
