import { type FailureReason, InspectorError } from '../../src/core/base/failure.ts';
import type { Prepared } from '../../src/imaging/formats/prepared.ts';
import { probe } from '../../src/imaging/formats/probe.ts';
import { wasmSharp } from '../../src/imaging/pixels/sharpWasm.ts';
import { bodySource } from '../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../src/imaging/reading/byteSource.ts';
import { ImageWorker } from '../../src/imaging/worker/imageWorker.ts';
import { heifFile, hevcItem } from '../fixtures/heifFile.ts';
import { blockJpeg } from '../fixtures/jpegs.ts';
import { encoded, portrait } from '../fixtures/pictures.ts';
import { tiff } from '../fixtures/tiffs.ts';
import { pseudoRandom } from '../tools/pseudoRandom.ts';
import { mutatePicture } from './mutatePicture.ts';

export interface PictureTally {
  pictures: number;
  accepted: number;
  /** Of the accepted: sent with the very pixels of the file, in which only a decoder finds the damage. The API refuses these. */
  damagedInside: number;
  /** Refused, by reason. */
  refused: Partial<Record<FailureReason, number>>;
  /** The longest that the header of a picture took the extension host, in milliseconds of the processor. */
  slowestProbe: number;
  /** What must not be: an error that names no reason, a host that is kept, something accepted that does not decode. Empty if all is well. */
  violations: string[];
}

const ENTRY = new URL('../../src/imaging/worker/worker.ts', import.meta.url);
/** In milliseconds of the processor: the header is read on the extension host. */
const LONGEST_PROBE = 500;
/** Reasons that a picture itself may be refused for. */
const REFUSALS: readonly FailureReason[] = ['unreadableImage', 'unsupportedImage', 'tooLarge'];

/** Gives mutated pictures to the reader of headers and to the thread of images, and checks what must hold for any bytes. */
export async function runPictures({ seed, count }: { seed: number; count: number }): Promise<PictureTally> {
  const random = pseudoRandom(seed);
  const pictures = Object.entries(await soundPictures());
  const pick = () => pictures[Math.floor(random() * pictures.length)] as [string, Uint8Array];
  const worker = new ImageWorker({ entry: ENTRY });
  const tally: PictureTally = { pictures: 0, accepted: 0, damagedInside: 0, refused: {}, slowestProbe: 0, violations: [] };
  try {
    for (const [name, bytes] of pictures)
      if ((await prepared(worker, bytes, tally, `${name} as it is`)) === undefined) tally.violations.push(`${name}: sound, but refused`);
    Object.assign(tally, { accepted: 0, refused: {} });
    for (let i = 0; i < count; i++) {
      const [name, picture] = pick();
      const bytes = mutatePicture(picture, pick()[1], random);
      const what = `${name}, number ${i} of seed ${seed}`;
      await probed(bytes, tally, what);
      const sent = await prepared(worker, bytes, tally, what, random() < 0.5 ? 0 : 40);
      if (sent !== undefined) await decodes(worker, sent, tally, what);
      tally.pictures++;
    }
  } finally {
    worker.dispose();
  }
  return tally;
}

async function probed(bytes: Uint8Array, tally: PictureTally, what: string): Promise<void> {
  const before = process.threadCpuUsage().user;
  await probe(memorySource(bytes)).catch((error: unknown) => checkRefusal(error, tally, `header of ${what}`));
  const milliseconds = (process.threadCpuUsage().user - before) / 1000;
  tally.slowestProbe = Math.max(tally.slowestProbe, milliseconds);
  if (milliseconds > LONGEST_PROBE) tally.violations.push(`header of ${what}: ${Math.round(milliseconds)} ms on the host`);
}

async function prepared(worker: ImageWorker, bytes: Uint8Array, tally: PictureTally, what: string, maxDimension = 0) {
  try {
    const source = memorySource(bytes);
    const result = await worker.prepare(source, { maxDimension });
    tally.accepted++;
    return { result, bytes: await readWhole(bodySource(result.body, source)) };
  } catch (error) {
    if (checkRefusal(error, tally, what)) tally.refused[error.reason] = (tally.refused[error.reason] ?? 0) + 1;
    return undefined;
  }
}

/** True for an error that names what is wrong with the picture. */
function checkRefusal(error: unknown, tally: PictureTally, what: string): error is InspectorError {
  if (error instanceof InspectorError && REFUSALS.includes(error.reason)) return true;
  tally.violations.push(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
  return false;
}

/** Another decoder makes pixels of what is sent, as many as were told. What was not encoded anew may be damaged where only a decoder sees it. */
async function decodes(
  worker: ImageWorker,
  sent: { result: Prepared; bytes: Uint8Array },
  tally: PictureTally,
  what: string,
): Promise<void> {
  const { mimeType, stored, body } = sent.result;
  const isEncodedAnew = body.pieces.length === 1 && body.pieces[0] instanceof Uint8Array;
  try {
    if (mimeType === 'image/heic' || mimeType === 'image/heif') {
      await worker.view(memorySource(sent.bytes));
      return;
    }
    const sharp = await wasmSharp();
    const { info } = await sharp(sent.bytes, { failOn: 'none', limitInputPixels: false }).raw().toBuffer({ resolveWithObject: true });
    if (info.width !== stored.width || info.height !== stored.height)
      tally.violations.push(`${what}: ${mimeType} of ${info.width} x ${info.height}, told as ${stored.width} x ${stored.height}`);
  } catch (error) {
    if (isEncodedAnew) tally.violations.push(`${what}: accepted as ${mimeType}, but: ${String(error)}`);
    else tally.damagedInside++;
  }
}

/** A picture of every type that is read, small so that accidents hit what matters. */
async function soundPictures(): Promise<Record<string, Uint8Array>> {
  const picture = portrait(32, 48);
  const size = { width: 32, height: 48 };
  const samples = (x: number, y: number): readonly number[] => [x * 8, y * 5, 90];
  const [png, jpeg, webp, webpLossless, tiffFile, gif, avif] = await Promise.all(
    (['png', 'jpeg', 'webp', 'webpLossless', 'tiff', 'gif', 'avif'] as const).map((format) =>
      encoded(picture, { format, secrets: format !== 'gif', ...(format === 'jpeg' ? { orientation: 6 } : {}) }),
    ),
  );
  const made = { png, jpeg, webp, webpLossless, tiffFile, gif, avif } as Record<string, Uint8Array>;
  return {
    ...made,
    progressiveJpeg: blockJpeg({ ...size, samples, jfif: true, frame: 0xc2 }),
    tiledTiff: tiff({ ...size, samples, bits: 8, photometric: 2, tile: 16 }),
    heic: heifFile({ items: [hevcItem(picture)] }),
    bmp: bitmap(size),
    svg: new TextEncoder().encode(
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" viewBox="0 0 80 60"><g transform="rotate(9)"><rect width="20" height="20" fill="#c22"/><path d="M9 9L30 5Z" stroke="blue"/></g></svg>',
    ),
  };
}

/** A bitmap of 24 bits a pixel. */
function bitmap({ width, height }: { width: number; height: number }): Uint8Array {
  const file = new Uint8Array(54 + width * height * 3);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(2, file.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let at = 54; at < file.length; at++) file[at] = at % 251;
  return file;
}
