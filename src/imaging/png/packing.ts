import { constants } from 'node:zlib';
import { filterRows, type RowFilters } from '../../core/masks/pngRows.ts';
import { deflated, type Effort } from './deflater.ts';
import type { Raster } from './raster.ts';

/** How the rows of a picture are made small: what suits a photo makes a drawing large, and the other way around. */
export interface Packing {
  filters: RowFilters;
  effort: Effort;
  /** How many times as large as by other programs the picture is. */
  size: number;
  /** Quicker efforts, the quickest first, and how many times as large as this they make it. */
  quicker: readonly { effort: Effort; larger: number }[];
}

const { Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_RLE } = constants;
/** Efforts, the quickest first; of the filters the one that is chosen row by row takes longest. */
const EFFORTS = [
  { level: 1, strategy: Z_HUFFMAN_ONLY },
  { level: 1, strategy: Z_RLE },
  { level: 1, strategy: Z_DEFAULT_STRATEGY },
  { level: 3, strategy: Z_DEFAULT_STRATEGY },
  { level: 6, strategy: Z_DEFAULT_STRATEGY },
];
const FILTERS: readonly RowFilters[] = ['up', 'adaptive', 'none'];
/** How other programs do it. */
const USUAL: Packing = { filters: 'adaptive', effort: { level: 6, strategy: Z_DEFAULT_STRATEGY }, size: 1, quicker: [] };
/** By how much a file may be larger than that. */
const LARGER = 1.1;
/** The same where a part is compressed anew for an object: there are as many such files as objects. */
const LARGER_ANEW = 1.15;
/** What is tried: of some rows so many pixels, at so many places from the upper left to the lower right. */
const SAMPLE = { rows: 8, columns: 1024, places: 6 };

/** For pictures of two colours in large areas. Of the levels of this strategy none makes them smaller, and the lowest are slower. */
export const MASK_PACKING: Packing = { filters: 'none', effort: { level: 6, strategy: Z_RLE }, size: 1, quicker: [] };

/** The quickest way that makes a picture hardly larger than other programs do, found by trying them on some of its rows. */
export async function packingFor({ data, size, channels }: Raster): Promise<Packing> {
  const [columns, rows] = [Math.min(SAMPLE.columns, size.width), Math.min(SAMPLE.rows, size.height)];
  const stride = columns * channels;
  const samples = Array.from({ length: SAMPLE.places }, (_, place) => {
    const share = (place + 1) / (SAMPLE.places + 1);
    const [left, top] = [Math.floor((size.width - columns) * share), Math.floor((size.height - rows) * share)];
    const pixels = new Uint8Array(rows * stride);
    for (let row = 0; row < rows; row++) {
      const from = ((top + row) * size.width + left) * channels;
      pixels.set(data.subarray(from, from + stride), row * stride);
    }
    return pixels;
  });
  const filtered = new Map(
    FILTERS.map((filters) => {
      const whole = new Uint8Array(SAMPLE.places * rows * (stride + 1));
      for (const [place, pixels] of samples.entries())
        filterRows({ pixels, stride, channels }, filters, whole.subarray(place * rows * (stride + 1), (place + 1) * rows * (stride + 1)));
      return [filters, whole];
    }),
  );
  const sizeIn = async ({ filters, effort }: Pick<Packing, 'filters' | 'effort'>) => {
    const parts = await deflated(filtered.get(filters) ?? data, effort);
    return parts.reduce((sum, { length }) => sum + length, 0);
  };
  const usual = sizeIn(USUAL);
  const tried: { effort: Effort; lengths: number[] }[] = [];
  for (const effort of EFFORTS) {
    const lengths = await Promise.all(FILTERS.map((filters) => sizeIn({ filters, effort })));
    const most = (await usual) * LARGER;
    const found = lengths.findIndex((length) => length <= most);
    const [filters, length] = [FILTERS[found], lengths[found]];
    if (filters !== undefined && length !== undefined) {
      const quicker = tried.map((other) => ({ effort: other.effort, larger: (other.lengths[found] as number) / length }));
      return { filters, effort, size: length / (await usual), quicker };
    }
    tried.push({ effort, lengths });
  }
  return USUAL;
}

/** The effort for a share of a picture's rows that is compressed anew: the quickest that makes the whole hardly larger. */
export function effortFor({ effort, size, quicker }: Packing, share: number): Effort {
  return quicker.find(({ larger }) => size * (1 + share * (larger - 1)) <= LARGER_ANEW)?.effort ?? effort;
}
