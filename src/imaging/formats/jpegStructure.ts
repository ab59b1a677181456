import { unfaithful } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { BodyBuilder } from '../reading/body.ts';
import type { ByteWindow } from '../reading/byteWindow.ts';
import { APP0, APP2, APP14, bytesToMarker, END_OF_IMAGE, isAlone, isForeign, isFrame, isImpossible, START_OF_SCAN } from './jpeg.ts';
import type { Mended, Structure } from './scan.ts';

/** Work that decoders do in a few seconds: passes over the pixels, times pixels. Cameras and programs take 10 to 15 passes. */
const MOST_WORK = 4e9;
const USUAL_PASSES = 20;

/** Counts the scans of a JPEG and what of the picture they hold (ITU T.81, B.2.3 and G.1.1.1.1). */
class JpegScans {
  count = 0;
  components = 0;
  /** Whether the three components call themselves R, G and B, which libjpeg takes by their names. */
  isNamedRgb = false;
  #pixels = 0;
  #isProgressive = false;
  /** Bits that are still missing of each coefficient, by component. */
  readonly #missing = new Map<number, Uint8Array>();

  /** `frame`: the data of its segment: precision, height, width, and three bytes a component. */
  begin(frame: Uint8Array): void {
    const number = (at: number) => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
    this.#pixels = number(1) * number(3);
    this.components = frame[5] ?? 0;
    const names = Array.from({ length: this.components }, (_, index) => frame[6 + index * 3] ?? 0);
    this.isNamedRgb = String.fromCharCode(...names) === 'RGB';
    for (const name of names) this.#missing.set(name, new Uint8Array(64).fill(255));
  }

  /** `scan`: the data of its segment: its components, two bytes each, then the first and last coefficient, and bits. */
  add(scan: Uint8Array): void {
    this.count += 1;
    const components = scan[0] ?? 0;
    const [from = 0, to = 0, bits = 0] = scan.subarray(1 + components * 2);
    this.#isProgressive ||= to < 63 || bits !== 0;
    for (let index = 0; index < components; index++)
      this.#missing.get(scan[1 + index * 2] ?? 0)?.fill(bits & 15, from, Math.min(63, to) + 1);
  }

  get areAny(): boolean {
    return this.count > 0 && this.components > 0;
  }

  /** Whether every component is there in its last bit. */
  get areComplete(): boolean {
    return this.areAny && [...this.#missing.values()].every((missing) => missing.every((bits) => bits === 0));
  }

  /** Whether passes over all pixels, of which each may be a few bytes, come to more work than decoders can do. */
  get areTooMany(): boolean {
    return this.#isProgressive && this.count > USUAL_PASSES && this.count * this.#pixels > MOST_WORK;
  }
}

const JFIF = 'JFIF\0';
/** Length of a JFIF segment without a preview, marker included (JFIF 1.02). */
const JFIF_LENGTH = 18;
/** Length of Adobe's segment, marker included (Adobe technical note 5116). */
const ADOBE_LENGTH = 16;
const TABLES = [0xc4, 0xdb, 0xdd]; // Huffman codes, quantisation, restarts
/** Bytes that are looked through at a time for the next marker. */
const STRIDE = 4096;

/**
 * Walks the segments, and through the entropy-coded data, to the end-of-image marker (ITU T.81, annex B). EXIF, XMP, comments, previews, stray bytes and
 * whatever follows the end are left out, and whatever else no decoder needs. Segments that say how to read the pixels stay: JFIF, the colour profile, and
 * Adobe's, which tells the colour transform. Throws `unsupportedImage` for one that would keep decoders busy for minutes.
 */
export async function jpegStructure(window: ByteWindow): Promise<Structure> {
  const walk = new Walk(window);
  let at = 2;
  for (;;) {
    const found = await nextMarker(window, at);
    if (found === undefined) return walk.withoutEnd();
    const { start } = found;
    walk.isStray ||= found.isStray;
    const [, marker = 0] = await window.at(start, 2);
    if (marker === END_OF_IMAGE) return walk.ended(start);
    if (isImpossible(marker)) return { problem: 'damaged' };
    if (isAlone(marker)) {
      walk.isStray = true;
      at = start + 2;
      continue;
    }
    const length = (await window.view(start + 2, 2))?.getUint16(0);
    if (length === undefined) return { problem: 'truncated' };
    if (length < 2 && !isForeign(marker)) return { problem: 'damaged' };
    let end = start + 2 + Math.max(2, length);
    if (end > window.size) return { problem: 'truncated' };
    if (marker === START_OF_SCAN) {
      walk.scans.add(await window.at(start + 4, length - 2));
      if (walk.scans.areTooMany) throw unfaithful('JPEG', t('it is stored in {0} passes', walk.scans.count));
      end = await endOfScan(window, end);
    }
    if (isFrame(marker)) {
      if (walk.scans.components > 0) return { problem: 'damaged' };
      walk.scans.begin(await window.at(start + 4, length - 2));
    }
    await walk.take(marker, { at: start, end, isWhole: length >= 2 });
    at = end;
  }
}

/** What has been found so far. */
class Walk {
  readonly scans = new JpegScans();
  /** Whether anything was found that should not be there. */
  isStray = false;
  readonly #window: ByteWindow;
  readonly #bare = new BodyBuilder();
  /** All of it but what should not be there. */
  readonly #sound = new BodyBuilder();
  /** The transform of colours that Adobe's segment tells. */
  #transform: number | undefined;

  constructor(window: ByteWindow) {
    this.#window = window;
    for (const body of [this.#bare, this.#sound]) body.keep(0, 2);
  }

  /** Takes a segment, with the pixels behind it. `isWhole`: not one without a proper length. */
  async take(marker: number, { at, end, isWhole }: { at: number; end: number; isWhole: boolean }): Promise<void> {
    if (!isWhole) {
      this.isStray = true;
      return;
    }
    this.#sound.keep(at, end);
    const begins = async (text: string) => String.fromCharCode(...(await this.#window.at(at + 4, text.length))) === text;
    if (marker === APP0 && (await begins(JFIF))) {
      if (end - at === JFIF_LENGTH) this.#bare.keep(at, end);
      else this.#bare.add(withoutPreview(await this.#window.at(at, Math.min(JFIF_LENGTH, end - at))));
    } else if (marker === APP14 && end - at >= ADOBE_LENGTH && (await begins('Adobe'))) {
      const adobe = (await this.#window.at(at, ADOBE_LENGTH)).slice();
      this.#transform = adobe[ADOBE_LENGTH - 1];
      adobe.set([0, ADOBE_LENGTH - 2], 2);
      if (end - at === ADOBE_LENGTH) this.#bare.keep(at, end);
      else this.#bare.add(adobe);
    } else if (
      (marker === APP2 && (await begins('ICC_PROFILE\0'))) ||
      TABLES.includes(marker) ||
      isFrame(marker) ||
      marker === START_OF_SCAN
    ) {
      this.#bare.keep(at, end);
    }
  }

  ended(at: number): Structure {
    for (const body of [this.#bare, this.#sound]) body.keep(at, at + 2);
    if (!this.scans.areAny) return { problem: 'damaged' };
    return this.#found(this.isStray ? 'damaged' : undefined);
  }

  /** Where no end is marked all pixels may be there all the same: then decoders show the picture. */
  withoutEnd(): Structure {
    if (!this.scans.areComplete) return { problem: 'truncated' };
    for (const body of [this.#bare, this.#sound]) body.add(Uint8Array.of(0xff, END_OF_IMAGE));
    return this.#found('truncated');
  }

  #found(suspicion: Mended['suspicion'] | undefined): Structure {
    const mended = suspicion === undefined ? {} : { mended: { body: this.#sound.body(), suspicion } };
    // Which colours four inks are, or three that are not the usual ones, decoders see in different ways.
    const isUsual = this.scans.components <= 3 && this.#transform !== 0 && !this.scans.isNamedRgb;
    return isUsual ? { bare: this.#bare.body(), ...mended } : mended;
  }
}

/** Where the next marker stands, and whether anything but fill bytes stands before it; undefined if there is none. */
async function nextMarker(window: ByteWindow, from: number): Promise<{ start: number; isStray: boolean } | undefined> {
  let isStray = false;
  for (let at = from; at < window.size; ) {
    const bytes = await window.at(at, STRIDE);
    const found = bytesToMarker(bytes);
    isStray ||= bytes.subarray(0, found).some((byte) => byte !== 0xff);
    if (found !== undefined) return { start: at + found, isStray };
    // The last byte may be the first of a marker.
    at += Math.max(1, bytes.length - 1);
  }
  return undefined;
}

/** The next marker that is neither a stuffed zero nor a restart; the end of the file if there is none. */
async function endOfScan(window: ByteWindow, from: number): Promise<number> {
  let start = from;
  let isMarker = false;
  for await (const piece of window.pieces(from, window.size)) {
    // A marker may begin with the last byte of the piece before.
    if (isMarker && !isData(piece[0] ?? 0)) return start - 1;
    // A buffer finds a byte in a sixth of the time that an array of bytes takes.
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    for (let at = bytes.indexOf(0xff); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
      const next = piece[at + 1];
      if (next !== undefined && !isData(next)) return start + at;
    }
    isMarker = piece.at(-1) === 0xff;
    start += piece.length;
  }
  return isMarker ? window.size - 1 : window.size;
}

/** Whether 0xff and this byte stand for data or a restart within it. */
function isData(next: number): boolean {
  return next === 0 || (next >= 0xd0 && next <= 0xd7);
}

function withoutPreview(jfif: Uint8Array): Uint8Array {
  const short = new Uint8Array(JFIF_LENGTH);
  short.set(jfif);
  short.set([0, JFIF_LENGTH - 2], 2); // its length without the marker
  short.set([0, 0], 16); // a preview of 0 by 0 pixels
  return short;
}
