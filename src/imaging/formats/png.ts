import { constants, crc32, inflateSync } from 'node:zlib';
import { unfaithful } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { HDR_TRANSFERS, hasHdrTransfer } from '../colours/iccProfile.ts';
import { BodyBuilder } from '../reading/body.ts';
import type { ByteWindow } from '../reading/byteWindow.ts';
import type { HeaderBytes } from '../reading/headerBytes.ts';
import type { Structure } from './scan.ts';
import { exifOrientation } from './tiff.ts';

/** The chunks that a reader must understand, of which there are no others (PNG specification, third edition, 11.2). */
const CRITICAL = ['IHDR', 'PLTE', 'IDAT', 'IEND'];
/** BT.709, whose primaries are those of sRGB, and the transfer functions near that of sRGB (ISO/IEC 23091-2). */
const USUAL_PRIMARIES = 1;
const USUAL_TRANSFERS = [1, 13];
/** Exponents of files, in 100,000ths, that come to much the same as sRGB; 45,455 is usual, 55,556 was so on old Macs. */
const LEAST_GAMMA = 33_000;
const MOST_GAMMA = 65_000;
/** Of a profile, read and inflated: its table of tags stands at the beginning. */
const PROFILE_BYTES = 16 * 1024;
/** More bytes than any profile has. */
const MOST_PROFILE = 16e6;

/**
 * The orientation by the EXIF before the pixels of a PNG, 1 to 8. Goes from chunk to chunk without reading them. Rejects with `unsupportedImage` for what
 * decoders do not show alike: chunks that only one program knows, and high dynamic range.
 */
export async function readPngHeader(bytes: HeaderBytes): Promise<number> {
  const chunks = await chunksBeforePixels(bytes);
  await assertKnownColours(bytes, chunks);
  const exif = chunks.get('eXIf');
  return exif === undefined ? 1 : exifOrientation(bytes, exif + 8);
}

/** The exponent by which light became samples, where it is far from that of sRGB: browsers take it into account, the pixel library does not. */
export async function unusualGamma(bytes: HeaderBytes): Promise<number | undefined> {
  const chunks = await chunksBeforePixels(bytes);
  const gamma = chunks.get('gAMA');
  // These go before it (section 4.3).
  if (gamma === undefined || ['cICP', 'iCCP', 'sRGB'].some((type) => chunks.has(type))) return undefined;
  const exponent = (await bytes.at(gamma + 8, 4)).getUint32(0);
  return exponent === 0 || (exponent >= LEAST_GAMMA && exponent <= MOST_GAMMA) ? undefined : exponent / 100_000;
}

/** Where the chunks before the pixels begin, by type; of several of a type the first. */
async function chunksBeforePixels(bytes: HeaderBytes): Promise<Map<string, number>> {
  const chunks = new Map<string, number>();
  for (let at = 8; at + 12 <= bytes.size; ) {
    const head = await bytes.at(at, 8);
    const type = chunkType(head, 4);
    assertKnownChunk(type);
    if (type === 'IDAT') break;
    if (!chunks.has(type)) chunks.set(type, at);
    at += 12 + head.getUint32(0);
  }
  return chunks;
}

/** The four letters of a chunk's type. Throws Error if they are none: then this is no chunk. */
function chunkType(view: DataView, at: number): string {
  const type = String.fromCharCode(...[0, 1, 2, 3].map((place) => view.getUint8(at + place)));
  if (!/^[A-Za-z]{4}$/.test(type)) throw new Error('a chunk without a name');
  return type;
}

/** Whether a reader has to understand a chunk: its type begins with a capital letter. */
function isCritical(type: string): boolean {
  return type[0] === type[0]?.toUpperCase();
}

/** Throws `unsupportedImage` for a chunk that a reader must understand, and none but the program does that wrote it. */
function assertKnownChunk(type: string): void {
  if (!isCritical(type) || CRITICAL.includes(type)) return;
  // Xcode writes it into what goes onto a phone.
  throw unfaithful('PNG', type === 'CgBI' ? t('it was made for iPhones only') : t('it has a part of an unknown kind, {0}', type));
}

/** `chunks`: where they begin, by type. Of those that say what colours mean the first that is there holds (section 4.3). */
async function assertKnownColours(bytes: HeaderBytes, chunks: ReadonlyMap<string, number>): Promise<void> {
  const [codes, profile] = ['cICP', 'iCCP'].map((type) => chunks.get(type));
  if (codes !== undefined) {
    const view = await bytes.at(codes + 8, 4);
    const [primaries = 0, transfer = 0, matrix = 0, range = 0] = [0, 1, 2, 3].map((place) => view.getUint8(place));
    if (HDR_TRANSFERS.includes(transfer)) throw unfaithful('PNG', t('it is in high dynamic range'));
    if (primaries !== USUAL_PRIMARIES || !USUAL_TRANSFERS.includes(transfer) || matrix !== 0 || range !== 1)
      throw unfaithful('PNG', t('its colors are in {0}', `CICP ${primaries}/${transfer}/${matrix}/${range}`));
  } else if (profile !== undefined) {
    const start = await profileStart(bytes, profile);
    const read = async (from: number, length: number) => new DataView(start.buffer, start.byteOffset + from, length);
    if (await hasHdrTransfer(read, start.length).catch(() => false)) throw unfaithful('PNG', t('it is in high dynamic range'));
  }
}

/** The beginning of a profile: behind its name and the number of its compression. Empty if it is damaged: that is no harm to the picture. */
async function profileStart(bytes: HeaderBytes, chunk: number): Promise<Uint8Array> {
  const length = Math.min((await bytes.at(chunk, 4)).getUint32(0), PROFILE_BYTES, bytes.size - chunk - 8);
  const view = await bytes.at(chunk + 8, length);
  const data = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  try {
    return new Uint8Array(
      inflateSync(data.subarray(data.indexOf(0) + 2), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_PROFILE }),
    );
  } catch {
    return new Uint8Array();
  }
}

/** Chunks that say how to read and show the pixels (PNG specification, third edition); all else may tell about people, or says nothing to a decoder. */
const KEPT = ['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'cHRM', 'gAMA', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'cLLI', 'pHYs'];
/** The same of an animation: worth nothing without the first of them. */
const ANIMATION = ['acTL', 'fcTL', 'fdAT'];
/** The name that a colour profile gets: its own may tell whose screen it is of. */
const PROFILE_NAME = 'icc';
/** Letters of a profile's name, at most (11.3.2.3). */
const LONGEST_NAME = 79;

/** Legal bit depths by colour type (table 11.1). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/**
 * Walks the chunks to IEND; critical chunks must have the right checksum, and there must be pixels. Texts, EXIF, times, names and unknown chunks are left
 * out. Throws `unsupportedImage` for a critical chunk that is unknown.
 */
export async function pngStructure(window: ByteWindow): Promise<Structure> {
  const bare = new BodyBuilder();
  bare.keep(0, 8);
  let pixels = false;
  let isAnimated = false;
  for (let at = 8; ; ) {
    const head = await window.view(at, 8);
    if (head === undefined) return { problem: 'truncated' };
    const length = head.getUint32(0);
    const type = nameOf(head);
    if (type === undefined) return { problem: 'damaged' };
    const end = at + 12 + length;
    if (end > window.size) return { problem: 'truncated' };
    if (isCritical(type) && (await checksum(window, at + 4, end - 4)) !== (await window.view(end - 4, 4))?.getUint32(0))
      return { problem: 'damaged' };
    assertKnownChunk(type);
    if (type === 'IHDR' && !(await isLegalHeader(window, at + 8))) return { problem: 'damaged' };
    if (type === 'IDAT') pixels = true;
    isAnimated ||= type === 'acTL' && !pixels;
    if (KEPT.includes(type) || (isAnimated && ANIMATION.includes(type))) bare.keep(at, end);
    if (type === 'iCCP') await keepProfile(bare, window, { at, end });
    if (type === 'IEND') return pixels ? { bare: bare.body() } : { problem: 'damaged' };
    at = end;
  }
}

function nameOf(head: DataView): string | undefined {
  try {
    return chunkType(head, 4);
  } catch {
    return undefined;
  }
}

/** Keeps a colour profile under another name. Without a name it is none, and decoders pass over it. */
async function keepProfile(bare: BodyBuilder, window: ByteWindow, { at, end }: { at: number; end: number }): Promise<void> {
  const name = (await window.at(at + 8, LONGEST_NAME + 1)).slice();
  const length = name.indexOf(0);
  if (length < 1 || at + 8 + length > end - 4) return;
  if (String.fromCharCode(...name.subarray(0, length)) === PROFILE_NAME) {
    bare.keep(at, end);
    return;
  }
  const from = at + 8 + length;
  const start = Buffer.from(`....iCCP${PROFILE_NAME}`, 'latin1');
  start.writeUInt32BE(PROFILE_NAME.length + end - 4 - from);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(await checksum(window, from, end - 4, crc32(start.subarray(4))));
  bare.add(new Uint8Array(start));
  bare.keep(from, end - 4);
  bare.add(new Uint8Array(sum));
}

/** `sum`: of what stands before. */
async function checksum(window: ByteWindow, from: number, to: number, sum = 0): Promise<number> {
  let whole = sum;
  for await (const piece of window.pieces(from, to)) whole = crc32(piece, whole);
  return whole;
}

/** `at`: where the data of the header chunk begins. */
async function isLegalHeader(window: ByteWindow, at: number): Promise<boolean> {
  const [depth = 0, colourType = -1, compression, filter, interlace = -1] = await window.at(at + 8, 5);
  return (DEPTHS[colourType]?.includes(depth) ?? false) && compression === 0 && filter === 0 && interlace <= 1;
}
