import type { OpenSet } from '../../engine/sets/openSet.ts';

/** Writes results of a set as files, of the images with these keys or of all. */
export async function exportSet(_set: OpenSet, _keys: readonly string[] | undefined): Promise<void> {}
