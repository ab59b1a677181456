import type { Rectangle, Size } from '../base/geometry.ts';

/** What changed between two versions of a picture. A version that is not there is null. */
export interface ImageDifference {
  changed: boolean;
  /** Upright pixels, the older first. */
  sizes: [Size | null, Size | null];
  /** Of the pixels of the larger canvas, which holds both pictures, 0..1. */
  share: number;
  /** In pixels of the newer image, of the older where there is no newer; in reading order. */
  regions: Rectangle[];
}

/** How pictures of different sizes lie over each other. */
export const ALIGNMENTS = ['corner', 'center'] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

/** Where the older picture lies, in pixels of the newer one. */
export function placeOfOlder(older: Size, newer: Size, alignment: Alignment): { x: number; y: number } {
  if (alignment === 'corner') return { x: 0, y: 0 };
  return { x: Math.floor((newer.width - older.width) / 2), y: Math.floor((newer.height - older.height) / 2) };
}

/** The difference where a picture was added or deleted: all of it. */
export function differenceOfOne(older: Size | null, newer: Size | null): ImageDifference {
  const only = newer ?? older;
  return {
    changed: only !== null,
    sizes: [older, newer],
    share: only === null ? 0 : 1,
    regions: only === null ? [] : [{ x: 0, y: 0, width: only.width, height: only.height }],
  };
}
