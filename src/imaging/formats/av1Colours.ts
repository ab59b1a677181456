import type { CodedColours } from '../colours/codedColours.ts';
import { type HeifContent, referredFrom } from './heifItems.ts';

/** The type of the unit that says how the pixels are coded (AV1 specification, 6.2.2). */
const SEQUENCE_HEADER = 1;
/** Far more than stands before the colours. */
const MOST_BYTES = 256;

type Colours = CodedColours & { matrix: number };

/**
 * What the pixels of an AVIF themselves say about their colours: it counts where the file says nothing. Undefined where they say nothing, or more than stills say.
 * Source: AV1 specification, 5.3 (units) and 5.5 (sequence header).
 */
export function av1Colours({ bytes, ...content }: HeifContent): Colours | undefined {
  const { primary } = content;
  const [picture] = primary.kind === 'grid' ? referredFrom({ bytes, ...content }, primary, 'dimg') : [primary];
  const [extent] = picture?.extents ?? [];
  if (extent?.method !== 0) return undefined;
  const bits = new BitReader(bytes.subarray(extent.offset, extent.offset + MOST_BYTES));
  while (bits.left > 0) {
    bits.skip(1);
    const type = bits.read(4);
    const [hasExtension, hasSize] = [bits.flag(), bits.flag()];
    bits.skip(hasExtension ? 9 : 1);
    const length = hasSize ? bits.readLeb128() : 0;
    if (type === SEQUENCE_HEADER) return ofSequence(bits);
    if (!hasSize) return undefined;
    bits.skip(length * 8);
  }
  return undefined;
}

function ofSequence(bits: BitReader): Colours | undefined {
  const profile = bits.read(3);
  bits.skip(1);
  const isReduced = bits.flag();
  if (isReduced) bits.skip(5);
  else if (!skipOperatingPoints(bits)) return undefined;
  const sideBits = bits.read(4) + bits.read(4) + 2;
  bits.skip(sideBits);
  if (!isReduced && bits.flag()) bits.skip(7);
  bits.skip(3);
  if (!isReduced) skipInterTools(bits);
  bits.skip(3);
  const isHigh = bits.flag();
  if (profile === 2 && isHigh) bits.skip(1);
  if (profile !== 1) bits.skip(1);
  return bits.flag() ? { primaries: bits.read(8), transfer: bits.read(8), matrix: bits.read(8) } : undefined;
}

/** False where there are times, as no still picture has them. */
function skipOperatingPoints(bits: BitReader): boolean {
  if (bits.flag()) return false;
  const hasDelay = bits.flag();
  for (let more = bits.read(5) + 1; more > 0; more--) {
    bits.skip(12);
    if (bits.read(5) > 7) bits.skip(1);
    if (hasDelay && bits.flag()) bits.skip(4);
  }
  return true;
}

function skipInterTools(bits: BitReader): void {
  bits.skip(4);
  const hasOrder = bits.flag();
  if (hasOrder) bits.skip(2);
  const hasScreenContent = bits.flag() || bits.flag();
  if (hasScreenContent && !bits.flag()) bits.skip(1);
  if (hasOrder) bits.skip(3);
}

/** Reads bits from the highest on; behind the end there are zeros. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length * 8 - this.#at;
  }

  read(count: number): number {
    let value = 0;
    for (let more = count; more > 0; more--, this.#at++)
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    return value;
  }

  flag(): boolean {
    return this.read(1) === 1;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** AV1 specification, 4.10.5. */
  readLeb128(): number {
    let value = 0;
    for (let place = 0; place < 5; place++) {
      const byte = this.read(8);
      value += (byte & 0x7f) * 2 ** (7 * place);
      if ((byte & 0x80) === 0) break;
    }
    return value;
  }
}
