import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';
import { filterRows, type RowFilters } from '../../core/masks/pngRows.ts';
import type { Raster } from './raster.ts';

/** How the rows of a picture are made small: what suits a photo makes a drawing large, and the other way around. */
export interface Packing {
  filters: RowFilters;
  effort: { level: number; strategy: number };
}

const { Z_DEFAULT_STRATEGY, Z_RLE } = constants;
/** Ways to compress, the quickest first. */
const EFFORTS = [
  { level: 1, strategy: Z_RLE },
  { level: 1, strategy: Z_DEFAULT_STRATEGY },
  { level: 3, strategy: Z_DEFAULT_STRATEGY },
  { level: 6, strategy: Z_DEFAULT_STRATEGY },
];
const FILTERS: readonly RowFilters[] = ['up', 'sub', 'adaptive', 'none'];
/** By how much a file may be larger than in the way that makes it smallest. */
const LARGER = 1.08;
/** Rows that are tried, and at how many places. */
const SAMPLE = { rows: 8, places: 3 };

/** For pictures of two colours in large areas. */
export const MASK_PACKING: Packing = { filters: 'none', effort: { level: 1, strategy: Z_DEFAULT_STRATEGY } };

const deflated = promisify<Uint8Array, Packing['effort'] & { chunkSize: number }, Uint8Array>(deflateRaw);

/** The quickest way that makes a picture nearly as small as any, found by trying all of them on some of its rows. */
export async function packingFor({ data, size, channels }: Raster): Promise<Packing> {
  const stride = size.width * channels;
  const rows = Math.min(SAMPLE.rows, size.height);
  const samples = Array.from({ length: SAMPLE.places }, (_, place) => {
    const first = Math.floor(((size.height - rows) * (place + 1)) / (SAMPLE.places + 1));
    return data.subarray(first * stride, (first + rows) * stride);
  });
  const filtered = FILTERS.map((filters) => {
    const whole = new Uint8Array(SAMPLE.places * rows * (stride + 1));
    for (const [place, pixels] of samples.entries())
      filterRows({ pixels, stride, channels }, filters, whole.subarray(place * rows * (stride + 1), (place + 1) * rows * (stride + 1)));
    return whole;
  });
  const ways = EFFORTS.flatMap((effort) => FILTERS.map((filters, at) => ({ filters, effort, rows: filtered[at] as Uint8Array })));
  const sizes = await Promise.all(
    ways.map(async ({ effort, rows }) => (await deflated(rows, { ...effort, chunkSize: rows.length + 1024 })).length),
  );
  const smallest = Math.min(...sizes);
  const { filters, effort } = ways.find((_, at) => (sizes[at] as number) <= smallest * LARGER) ?? (ways[0] as Packing);
  return { filters, effort };
}
