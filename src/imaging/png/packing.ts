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
/** Rows that are tried, and at how many places. */
const SAMPLE = { rows: 8, places: 3 };

/** For pictures of two colours in large areas. Of the levels of this strategy none makes them smaller, and the lowest are slower. */
export const MASK_PACKING: Packing = { filters: 'none', effort: { level: 6, strategy: Z_RLE }, size: 1, quicker: [] };

/** The quickest way that makes a picture hardly larger than other programs do, found by trying them on some of its rows. */
export async function packingFor({ data, size, channels }: Raster): Promise<Packing> {
  const stride = size.width * channels;
  const rows = Math.min(SAMPLE.rows, size.height);
  const samples = Array.from({ length: SAMPLE.places }, (_, place) => {
    const first = Math.floor(((size.height - rows) * (place + 1)) / (SAMPLE.places + 1));
    return data.subarray(first * stride, (first + rows) * stride);
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
  const usual = await sizeIn(USUAL);
  for (const [place, effort] of EFFORTS.entries()) {
    for (const filters of FILTERS) {
      const length = await sizeIn({ filters, effort });
      if (length > usual * LARGER) continue;
      const quicker = await Promise.all(
        EFFORTS.slice(0, place).map(async (other) => ({ effort: other, larger: (await sizeIn({ filters, effort: other })) / length })),
      );
      return { filters, effort, size: length / usual, quicker };
    }
  }
  return USUAL;
}

/** The effort for a share of a picture's rows that is compressed anew: the quickest that makes the whole hardly larger. */
export function effortFor({ effort, size, quicker }: Packing, share: number): Effort {
  return quicker.find(({ larger }) => size * (1 + share * (larger - 1)) <= LARGER_ANEW)?.effort ?? effort;
}
