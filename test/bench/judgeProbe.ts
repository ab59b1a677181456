import { probe } from '../../src/imaging/formats/probe.ts';
import { decodeHeif } from '../../src/imaging/pixels/heifPixels.ts';
import { wasmSharp } from '../../src/imaging/pixels/sharpWasm.ts';
import { memorySource } from '../../src/imaging/reading/byteSource.ts';

const BEGINNING = 65_536;

/** What the probe says of an image, judged by a full decode. */
export interface Verdict {
  /** What it got wrong, if anything. */
  wrong?: string;
  /** By the probe. */
  bytesRead: number;
  /** What it makes of the first 64 kB: whether they are enough, and if not, whether it noticed. */
  beginning: 'right' | 'refused' | 'wrong';
}

export async function judgeProbe(bytes: Uint8Array): Promise<Verdict> {
  let bytesRead = 0;
  const source = memorySource(bytes);
  const counted = {
    size: source.size,
    async read(offset: number, length: number) {
      const read = await source.read(offset, length);
      bytesRead += read.length;
      return read;
    },
  };
  const { mimeType, upright } = await probe(counted);
  const said = `${upright.width} x ${upright.height}`;
  const decoded = await decodedSize(bytes, mimeType);
  const beginning = await probe(beginningOf(bytes)).then(
    (header) => (`${header.upright.width} x ${header.upright.height}` === said ? ('right' as const) : ('wrong' as const)),
    () => 'refused' as const,
  );
  return { bytesRead, beginning, ...(decoded === undefined || decoded === said ? {} : { wrong: `${said} for ${decoded}` }) };
}

/** A file of which only the first 64 kB can be read. */
function beginningOf(bytes: Uint8Array) {
  return {
    size: bytes.length,
    async read(offset: number, length: number) {
      if (Math.min(bytes.length, offset + length) > BEGINNING) throw new RangeError('beyond the beginning');
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** Undefined where nothing here decodes it: sharp does not read bitmaps, and an SVG has the size that one gives it. */
async function decodedSize(bytes: Uint8Array, mimeType: string): Promise<string | undefined> {
  if (mimeType === 'image/bmp' || mimeType === 'image/svg+xml') return undefined;
  const sharp = await wasmSharp();
  const isHeif = mimeType === 'image/heic' || mimeType === 'image/heif';
  const file = isHeif ? (await decodeHeif(bytes, 'HEIC')).file : bytes;
  const { info } = await sharp(file, { limitInputPixels: false }).autoOrient().raw().toBuffer({ resolveWithObject: true });
  return `${info.width} x ${info.height}`;
}
