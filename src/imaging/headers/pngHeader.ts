import { constants, inflateSync } from 'node:zlib';
import { unfaithful } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { HeaderBytes } from '../reading/headerBytes.ts';
import { HDR_TRANSFERS, hasHdrTransfer } from './iccProfile.ts';
import { exifOrientation } from './tiffHeader.ts';

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
export function chunkType(view: DataView, at: number): string {
  const type = String.fromCharCode(...[0, 1, 2, 3].map((place) => view.getUint8(at + place)));
  if (!/^[A-Za-z]{4}$/.test(type)) throw new Error('a chunk without a name');
  return type;
}

/** Whether a reader has to understand a chunk: its type begins with a capital letter. */
export function isCritical(type: string): boolean {
  return type[0] === type[0]?.toUpperCase();
}

/** Throws `unsupportedImage` for a chunk that a reader must understand, and none but the program does that wrote it. */
export function assertKnownChunk(type: string): void {
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
