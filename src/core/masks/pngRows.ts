/** Filters of PNG rows (PNG specification, third edition, 9.2). */
const NONE = 0;
const SUB = 1;
const UP = 2;
const AVERAGE = 3;
const PAETH = 4;
/** Bytes between those by which a row's filter is chosen: no multiple of a pixel, so that all channels take part. */
const SAMPLING = 37;

/** Rows of pixels, each behind the number of its filter; the first takes no regard of a row above. `stride`: bytes of a row. */
export function filterRows(pixels: Uint8Array, stride: number, channels: number): Uint8Array {
  const rows = pixels.length / stride;
  const filtered = new Uint8Array(pixels.length + rows);
  for (let row = 0; row < rows; row++) {
    const from = row * stride;
    const filter = channels === 1 ? NONE : row === 0 ? SUB : chosenFilter(pixels, from, stride, channels);
    filtered[from + row] = filter;
    filterRow(filter, { pixels, from, stride, channels }, filtered, from + row + 1);
  }
  return filtered;
}

/** A row within pixels. */
interface Row {
  pixels: Uint8Array;
  from: number;
  stride: number;
  channels: number;
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

function filterRow(filter: number, { pixels, from, stride, channels }: Row, out: Uint8Array, to: number): void {
  if (filter === NONE) {
    out.set(pixels.subarray(from, from + stride), to);
    return;
  }
  const shift = to - from;
  const start = from + channels;
  const end = from + stride;
  for (let at = from; at < start; at++) {
    const above = filter === SUB ? 0 : (pixels[at - stride] as number);
    out[at + shift] = (pixels[at] as number) - (filter === AVERAGE ? above >> 1 : above);
  }
  // A loop for each filter: the time of it all is spent here.
  switch (filter) {
    case SUB:
      for (let at = start; at < end; at++) out[at + shift] = (pixels[at] as number) - (pixels[at - channels] as number);
      break;
    case UP:
      for (let at = start; at < end; at++) out[at + shift] = (pixels[at] as number) - (pixels[at - stride] as number);
      break;
    case AVERAGE:
      for (let at = start; at < end; at++)
        out[at + shift] = (pixels[at] as number) - (((pixels[at - channels] as number) + (pixels[at - stride] as number)) >> 1);
      break;
    default:
      for (let at = start; at < end; at++) {
        const left = pixels[at - channels] as number;
        const above = pixels[at - stride] as number;
        out[at + shift] = (pixels[at] as number) - predicted(left, above, pixels[at - stride - channels] as number);
      }
  }
}

/** Takes the filters away from the rows of a picture. Throws RangeError for a filter that is none. `stride`: bytes of a row, of `channels` bytes a pixel. */
export function unfilterRows(filtered: Uint8Array, stride: number, channels: number): Uint8Array {
  const rows = filtered.length / (stride + 1);
  const pixels = new Uint8Array(rows * stride);
  for (let row = 0; row < rows; row++) {
    const from = row * stride;
    const shift = row + 1;
    const filter = filtered[from + row] as number;
    const end = from + stride;
    if (filter === NONE || (filter === UP && row === 0)) {
      pixels.set(filtered.subarray(from + shift, end + shift), from);
      continue;
    }
    if (filter > PAETH) throw new RangeError('The PNG has a filter that is none.');
    const start = from + channels;
    for (let at = from; at < start; at++) {
      const above = filter === SUB || row === 0 ? 0 : (pixels[at - stride] as number);
      pixels[at] = (filtered[at + shift] as number) + (filter === AVERAGE ? above >> 1 : above);
    }
    if (filter === SUB || (filter === PAETH && row === 0)) {
      for (let at = start; at < end; at++) pixels[at] = (filtered[at + shift] as number) + (pixels[at - channels] as number);
    } else if (filter === UP) {
      for (let at = start; at < end; at++) pixels[at] = (filtered[at + shift] as number) + (pixels[at - stride] as number);
    } else if (filter === AVERAGE) {
      for (let at = start; at < end; at++) {
        const above = row === 0 ? 0 : (pixels[at - stride] as number);
        pixels[at] = (filtered[at + shift] as number) + (((pixels[at - channels] as number) + above) >> 1);
      }
    } else {
      for (let at = start; at < end; at++) {
        const left = pixels[at - channels] as number;
        const above = pixels[at - stride] as number;
        pixels[at] = (filtered[at + shift] as number) + predicted(left, above, pixels[at - stride - channels] as number);
      }
    }
  }
  return pixels;
}
