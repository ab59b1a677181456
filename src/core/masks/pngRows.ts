/** Filters of PNG rows (PNG specification, third edition, 9.2). */
const NONE = 0;
const SUB = 1;
const UP = 2;
const AVERAGE = 3;
const PAETH = 4;
/** Bytes between those by which a row's filter is chosen: no multiple of a pixel, so that all channels take part. */
const SAMPLING = 37;

/** How rows are filtered: all alike, or each by what leaves least of it. */
export type RowFilters = 'none' | 'sub' | 'up' | 'adaptive';

/** Rows of pixels. */
export interface Rows {
  pixels: Uint8Array;
  /** Bytes of a row, and of a pixel. */
  stride: number;
  channels: number;
}

/** Writes rows of pixels, each behind the number of its filter; the first takes no regard of a row above. `filtered`: a byte longer for each row. */
export function filterRows({ pixels, stride, channels }: Rows, filters: RowFilters, filtered: Uint8Array): void {
  const rows = pixels.length / stride;
  for (let row = 0; row < rows; row++) {
    const from = row * stride;
    const filter =
      filters === 'none'
        ? NONE
        : row === 0 || filters === 'sub'
          ? SUB
          : filters === 'up'
            ? UP
            : chosenFilter(pixels, from, stride, channels);
    filtered[from + row] = filter;
    filterPart(filter, { pixels, from, to: from + stride, start: from, stride, channels }, filtered, row + 1);
  }
}

/** A rectangle of pixels in rows: its first row, and the columns from one to before another. */
export interface Part {
  row: number;
  rows: number;
  left: number;
  right: number;
}

/** Filters anew what depends on some of the pixels, each row as it is filtered already. */
export function filterAnew({ pixels, stride, channels }: Rows, { row: first, rows, left, right }: Part, filtered: Uint8Array): void {
  const last = Math.min(pixels.length / stride, first + rows + 1);
  for (let row = first; row < last; row++) {
    const start = row * stride;
    const filter = filtered[start + row] as number;
    // The next pixel looks back at the last of them.
    const to = Math.min(start + stride, start + (right + 1) * channels);
    filterPart(filter, { pixels, from: start + left * channels, to, start, stride, channels }, filtered, row + 1);
  }
}

/** The filter that leaves least, judged by some of the bytes. */
function chosenFilter(pixels: Uint8Array, from: number, stride: number, channels: number): number {
  let [none, sub, up, average, paeth] = [0, 0, 0, 0, 0];
  for (let at = from + channels; at < from + stride; at += SAMPLING) {
    const value = pixels[at] as number;
    const left = pixels[at - channels] as number;
    const above = pixels[at - stride] as number;
    none += distance(value);
    sub += distance(value - left);
    up += distance(value - above);
    average += distance(value - ((left + above) >> 1));
    paeth += distance(value - predicted(left, above, pixels[at - stride - channels] as number));
  }
  const sums = [none, sub, up, average, paeth];
  return sums.indexOf(Math.min(...sums));
}

/** From zero, of a difference that is stored in a byte. */
function distance(difference: number): number {
  const byte = difference & 255;
  return byte < 128 ? byte : 256 - byte;
}

/** Whichever of left, above and above left is nearest to what a plane through them would be. */
function predicted(left: number, above: number, corner: number): number {
  const byLeft = Math.abs(above - corner);
  const byAbove = Math.abs(left - corner);
  const byCorner = Math.abs(left + above - 2 * corner);
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}

/** Bytes of a row of pixels that begins at `start`, `from` one `to` before another. */
interface RowPart extends Rows {
  start: number;
  from: number;
  to: number;
}

/** `shift`: how many bytes further on filtered bytes stand. */
function filterPart(filter: number, { pixels, start, from, to, stride, channels }: RowPart, out: Uint8Array, shift: number): void {
  if (filter === NONE) {
    out.set(pixels.subarray(from, to), from + shift);
    return;
  }
  const second = Math.min(to, Math.max(from, start + channels));
  for (let at = from; at < second; at++) {
    const above = filter === SUB ? 0 : (pixels[at - stride] as number);
    out[at + shift] = (pixels[at] as number) - (filter === AVERAGE ? above >> 1 : above);
  }
  // A loop for each filter: the time of it all is spent here.
  switch (filter) {
    case SUB:
      for (let at = second; at < to; at++) out[at + shift] = (pixels[at] as number) - (pixels[at - channels] as number);
      break;
    case UP:
      lessAbove(pixels, stride, second, to, out, shift);
      break;
    case AVERAGE:
      for (let at = second; at < to; at++)
        out[at + shift] = (pixels[at] as number) - (((pixels[at - channels] as number) + (pixels[at - stride] as number)) >> 1);
      break;
    default:
      for (let at = second; at < to; at++) {
        const left = pixels[at - channels] as number;
        const above = pixels[at - stride] as number;
        out[at + shift] = (pixels[at] as number) - predicted(left, above, pixels[at - stride - channels] as number);
      }
  }
}

/** Bytes that can be worked on four at a time. */
interface Words {
  words: Int32Array;
  bytes: Uint8Array;
}

/** Part of a row, of the one above it, and by how much it is more than that: as long as the longest so far. */
let spare: { run: Words; above: Words; more: Words } | undefined;
const HIGHEST_BITS = 0x80808080;
const OTHER_BITS = 0x7f7f7f7f;

function wordsOf(count: number): Words {
  const words = new Int32Array(count);
  return { words, bytes: new Uint8Array(words.buffer) };
}

/** Filters the bytes from one to before another by those above them. */
function lessAbove(pixels: Uint8Array, stride: number, from: number, to: number, out: Uint8Array, shift: number): void {
  if (to <= from) return;
  const count = Math.ceil((to - from) / 4);
  if (spare === undefined || spare.run.words.length < count) spare = { run: wordsOf(count), above: wordsOf(count), more: wordsOf(count) };
  const { run, above, more } = spare;
  run.bytes.set(pixels.subarray(from, to));
  above.bytes.set(pixels.subarray(from - stride, to - stride));
  for (let at = 0; at < count; at++) {
    const here = run.words[at] as number;
    const there = above.words[at] as number;
    // The highest bit of a byte keeps its difference from borrowing of the next, and is put right after that.
    more.words[at] = ((here | HIGHEST_BITS) - (there & OTHER_BITS)) ^ ((here ^ ~there) & HIGHEST_BITS);
  }
  out.set(more.bytes.subarray(0, to - from), from + shift);
}

/** Takes the filters away from the rows of a picture. Throws RangeError for a filter that is none. `stride`: bytes of a row, of `channels` bytes a pixel. */
export function unfilterRows(filtered: Uint8Array, stride: number, channels: number): Uint8Array {
  const rows = filtered.length / (stride + 1);
  const pixels = new Uint8Array(rows * stride);
  unfilterSome(filtered, { pixels, stride, channels }, 0, rows);
  return pixels;
}

/** The same for rows from one to before another, those above them being done. The pixels may lie in the same memory: they never overtake what is read. */
export function unfilterSome(filtered: Uint8Array, { pixels, stride, channels }: Rows, first: number, end: number): void {
  for (let row = first; row < end; row++) {
    const from = row * stride;
    const shift = row + 1;
    const filter = filtered[from + row] as number;
    const to = from + stride;
    if (filter === NONE || (filter === UP && row === 0)) {
      pixels.set(filtered.subarray(from + shift, to + shift), from);
      continue;
    }
    if (filter > PAETH) throw new RangeError('The PNG has a filter that is none.');
    const start = from + channels;
    for (let at = from; at < start; at++) {
      const above = filter === SUB || row === 0 ? 0 : (pixels[at - stride] as number);
      pixels[at] = (filtered[at + shift] as number) + (filter === AVERAGE ? above >> 1 : above);
    }
    if (filter === SUB || (filter === PAETH && row === 0)) {
      for (let at = start; at < to; at++) pixels[at] = (filtered[at + shift] as number) + (pixels[at - channels] as number);
    } else if (filter === UP) {
      for (let at = start; at < to; at++) pixels[at] = (filtered[at + shift] as number) + (pixels[at - stride] as number);
    } else if (filter === AVERAGE) {
      for (let at = start; at < to; at++) {
        const above = row === 0 ? 0 : (pixels[at - stride] as number);
        pixels[at] = (filtered[at + shift] as number) + (((pixels[at - channels] as number) + above) >> 1);
      }
    } else {
      for (let at = start; at < to; at++) {
        const left = pixels[at - channels] as number;
        const above = pixels[at - stride] as number;
        pixels[at] = (filtered[at + shift] as number) + predicted(left, above, pixels[at - stride - channels] as number);
      }
    }
  }
}
