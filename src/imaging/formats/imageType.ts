import { decodeXml, findSvgRoot, MOST_PROLOG } from '../svg/svgText.ts';

/** Every kind of image the inspector knows, by its media type. */
export type ImageType =
  | 'image/png'
  | 'image/jpeg'
  | 'image/webp'
  | 'image/heic'
  | 'image/heif'
  | 'image/avif'
  | 'image/gif'
  | 'image/bmp'
  | 'image/tiff'
  | 'image/svg+xml';

const HEIF_BRANDS: Readonly<Record<string, ImageType>> = {
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  hevc: 'image/heic',
  hevx: 'image/heic',
  heim: 'image/heic',
  heis: 'image/heic',
  mif1: 'image/heif',
  msf1: 'image/heif',
};

/**
 * The type by content, never by name; undefined for anything that is not a known image. `head`: the first 64 bytes or more; of an SVG so many that its
 * root element begins within them, see `mayBecomeSvg`.
 */
export function sniffImageType(head: Uint8Array): ImageType | undefined {
  const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'image/webp';
  if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') return 'image/gif';
  if (ascii(0, 2) === 'BM' && head.length >= 26) return 'image/bmp';
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(ascii(0, 4))) return 'image/tiff';
  if (ascii(4, 8) === 'ftyp') return sniffHeif(head);
  if (typeof findSvgRoot(decodeXml(head)) === 'object') return 'image/svg+xml';
  return undefined;
}

/** True if a file that begins with these bytes may be an SVG whose root element begins later. */
export function mayBecomeSvg(head: Uint8Array): boolean {
  return head.length < MOST_PROLOG && findSvgRoot(decodeXml(head)) === 'unfinished';
}

/** By the major brand, and where that says only "some HEIF", by the first compatible brand that says more. */
function sniffHeif(head: Uint8Array): ImageType | undefined {
  const size = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  const brands: string[] = [];
  for (let at = 8; at + 4 <= Math.min(size, head.length); at += at === 8 ? 8 : 4)
    brands.push(String.fromCharCode(...head.subarray(at, at + 4)));
  // A file with a short header says in place of its version what kind it is.
  if (brands[0] === 'mif3') return HEIF_BRANDS[String.fromCharCode(...head.subarray(12, 16))] ?? 'image/heif';
  const major = HEIF_BRANDS[brands[0] ?? ''];
  if (major !== undefined && major !== 'image/heif') return major;
  const types = brands.flatMap((brand) => HEIF_BRANDS[brand] ?? []);
  return types.find((type) => type !== 'image/heif') ?? types[0];
}
