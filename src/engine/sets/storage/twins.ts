import { randomUUID } from 'node:crypto';
import type { SetLine } from '../../../core/sets/inspectionSet.ts';
import type { JournalState } from '../../../core/sets/journal.ts';

/** Which image of a content is asked about. */
export class TwinBook {
  readonly #owners = new Map<string, number>();

  constructor({ images }: JournalState) {
    for (const { image, sha256, state, twin } of images) {
      if (sha256 !== undefined && twin === undefined && state === 'done') this.#owners.set(sha256, image);
    }
  }

  /** The image that is asked about in the place of this one; undefined where it is this one, from now on. */
  claim(sha256: string, image: number): number | undefined {
    const owner = this.#owners.get(sha256);
    if (owner !== undefined && owner !== image) return owner;
    if (sha256 !== '') this.#owners.set(sha256, image);
    return undefined;
  }

  /** The image is not asked about after all. */
  release(image: number): void {
    for (const [sha256, owner] of this.#owners) if (owner === image) this.#owners.delete(sha256);
  }
}

/** The line of an image that has the content of another: the same answer, which has cost nothing more. */
export function twinLine(line: SetLine, { key, uri }: Pick<SetLine, 'key' | 'uri'>): SetLine {
  const { inspection } = line;
  if (inspection === undefined) return { ...line, key, uri };
  const { estimated } = inspection.tokens;
  const images = inspection.images.map((image, index) => (index === 0 ? { ...image, uri } : image));
  return { ...line, key, uri, inspection: { ...inspection, id: randomUUID(), images, tokens: { estimated, total: 0, costUsd: 0 } } };
}
