import type { Size } from '../../core/base/geometry.ts';

/** Pixels of 8 bits a sample, row by row: grey (1), red, green, blue (3), or with alpha (4). */
export interface Raster {
  data: Uint8Array;
  size: Size;
  channels: 1 | 3 | 4;
}
