import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { unpackWoff } from './fontTables.ts';

/** The family that comes along, for computers without fonts. */
export const SHIPPED_FAMILY = 'Open Sans';
/** Its parts, by script; the first has what all of them need. `vendor.mjs` copies these. */
const PARTS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese', 'hebrew', 'symbols', 'math'];

/** Thin and thick: of those that have a letter, resvg takes the first. */
export type Weight = 400 | 700;

const loaded = new Map<Weight, Promise<Uint8Array[]>>();

/** The fonts that come along, those of a weight before the others. */
export async function shippedFonts(first: Weight): Promise<Uint8Array[]> {
  return (await Promise.all([inWeight(first), inWeight(first === 400 ? 700 : 400)])).flat();
}

function inWeight(weight: Weight): Promise<Uint8Array[]> {
  const before = loaded.get(weight) ?? Promise.all(PARTS.map((part) => load(`open-sans-${part}-${weight}-normal.woff`)));
  loaded.set(weight, before);
  return before;
}

async function load(name: string): Promise<Uint8Array> {
  return unpackWoff(await readFile(createRequire(import.meta.url).resolve(`@fontsource/open-sans/files/${name}`)));
}
