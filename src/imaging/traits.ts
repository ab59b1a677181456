import { primaryProperties } from './bmff.ts';
import type { HeaderBytes } from './headerBytes.ts';
import { heifPieces } from './heifPieces.ts';
import type { ImageType } from './imageType.ts';
import { readJpegHeader } from './jpegHeader.ts';
import { readTiffTags, tiffBits } from './tiffHeader.ts';

/** What a header says about the pixels. Unset is what it does not tell. */
export interface Traits {
  /** True if pixels can be transparent. */
  hasAlpha?: boolean;
  /** Pictures in the file. */
  frames?: number;
  /** Of each colour, or of the number of a colour in a palette. */
  bitDepth?: number;
  colours?: 'grey' | 'rgb' | 'palette' | 'cmyk';
}

/** Reads the traits of an image. What cannot be read is left out: it is no harm to the picture. */
export async function readTraits(mimeType: ImageType, bytes: HeaderBytes): Promise<Traits> {
  try {
    return await READERS[mimeType](bytes);
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error;
    return {};
  }
}

const READERS: Readonly<Record<ImageType, (bytes: HeaderBytes) => Promise<Traits>>> = {
  'image/png': pngTraits,
  'image/jpeg': jpegTraits,
  'image/webp': webpTraits,
  'image/heic': heifTraits,
  'image/heif': heifTraits,
  'image/avif': heifTraits,
  'image/gif': async () => ({ bitDepth: 8, colours: 'palette' }),
  'image/bmp': bmpTraits,
  'image/tiff': tiffTraits,
  'image/svg+xml': async () => ({ hasAlpha: true, frames: 1, bitDepth: 8, colours: 'rgb' }),
};

/** PNG specification, third edition, 11.2.1 (IHDR), 11.3.1.1 (tRNS) and 11.3.6.1 (acTL). */
async function pngTraits(bytes: HeaderBytes): Promise<Traits> {
  const [bitDepth, type] = numbers(await bytes.at(24, 2));
  let hasAlpha = type === 4 || type === 6;
  let frames = 1;
  for (let at = 33; ; ) {
    const head = await bytes.at(at, 8);
    const name = letters(head, 4);
    if (name === 'IDAT') break;
    if (name === 'tRNS') hasAlpha = true;
    if (name === 'acTL') frames = (await bytes.at(at + 8, 4)).getUint32(0);
    at += 12 + head.getUint32(0);
  }
  return { hasAlpha, frames, bitDepth: bitDepth ?? 8, colours: type === 3 ? 'palette' : type === 0 || type === 4 ? 'grey' : 'rgb' };
}

async function jpegTraits(bytes: HeaderBytes): Promise<Traits> {
  const { precision, components } = await readJpegHeader(bytes);
  return { hasAlpha: false, frames: 1, bitDepth: precision, colours: components === 1 ? 'grey' : components === 4 ? 'cmyk' : 'rgb' };
}

/** RFC 9649: flags of VP8X; of VP8L the bit behind width and height. */
async function webpTraits(bytes: HeaderBytes): Promise<Traits> {
  const head = await bytes.at(12, 13);
  const name = letters(head, 0);
  const rgb = { bitDepth: 8, colours: 'rgb' } as const;
  if (name === 'VP8X') {
    const flags = head.getUint8(8);
    return { ...rgb, hasAlpha: (flags & 0x10) !== 0, ...((flags & 0x02) === 0 ? { frames: 1 } : {}) };
  }
  return { ...rgb, hasAlpha: name === 'VP8L' && (head.getUint8(12) & 0x10) !== 0, frames: 1 };
}

/** ISO/IEC 23008-12: bits by `pixi`; a picture of its own for transparency has the property `auxC` with a name that ends in "alpha" or "auxid:1". */
async function heifTraits(bytes: HeaderBytes): Promise<Traits> {
  const meta = await heifPieces(bytes, ['pitm', 'iprp']);
  const view = new DataView(meta.buffer, meta.byteOffset, meta.byteLength);
  const pixi = primaryProperties(meta).find(({ type }) => type === 'pixi');
  const text = new TextDecoder('latin1').decode(meta);
  const hasAlpha = /auxC[\s\S]{4}urn:(?:mpeg:mpegB:cicp:systems:auxiliary:alpha|mpeg:hevc:2015:auxid:1)/.test(text);
  if (pixi === undefined) return { hasAlpha };
  return { hasAlpha, bitDepth: view.getUint8(pixi.start + 5), colours: view.getUint8(pixi.start + 4) === 1 ? 'grey' : 'rgb' };
}

async function bmpTraits(bytes: HeaderBytes): Promise<Traits> {
  const isOld = (await bytes.at(14, 4)).getUint32(0, true) === 12;
  const bits = (await bytes.at(isOld ? 24 : 28, 2)).getUint16(0, true);
  return bits <= 8 ? { frames: 1, bitDepth: bits, colours: 'palette', hasAlpha: false } : { frames: 1, bitDepth: 8, colours: 'rgb' };
}

/** TIFF 6.0: tags 258 (bits of each sample), 262 (meaning of colours), 277 (samples) and 338 (what further samples are). */
async function tiffTraits(bytes: HeaderBytes): Promise<Traits> {
  const tags = await readTiffTags(bytes);
  const meanings: Readonly<Record<number, Traits['colours']>> = { 0: 'grey', 1: 'grey', 2: 'rgb', 3: 'palette', 5: 'cmyk', 6: 'rgb' };
  const colours = meanings[tags.get(262) ?? -1];
  const bitDepth = await tiffBits(bytes);
  const further = tags.get(338);
  return {
    ...(colours === undefined ? {} : { colours }),
    ...(bitDepth === undefined ? {} : { bitDepth }),
    hasAlpha: further === 1 || further === 2,
  };
}

function numbers(view: DataView): number[] {
  return Array.from({ length: view.byteLength }, (_, index) => view.getUint8(index));
}

function letters(view: DataView, from: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((place) => view.getUint8(from + place)));
}
