import { randomUUID } from 'node:crypto';
import type { AltTextPlace } from '../../../core/request/prompts.ts';
import type { SetLine } from '../../../core/sets/inspectionSet.ts';
import { asAnswered, type JournalState, type SetImage } from '../../../core/sets/journal.ts';

/** What one answer serves: the content of an image and, where alternative text is wanted, its language, whatever the place. */
export function contentKey(sha256: string, altText: AltTextPlace | undefined): string {
  return sha256 === '' || altText === undefined || altText.language === '' ? sha256 : `${sha256} ${altText.language}`;
}

/** Which image of a content is asked about. */
export class TwinBook {
  readonly #owners = new Map<string, number>();

  constructor({ images }: JournalState) {
    for (const { image, sha256, state, twin, altText } of images.map(asAnswered)) {
      if (sha256 !== undefined && twin === undefined && state === 'done') this.#owners.set(contentKey(sha256, altText), image);
    }
  }

  /** The image that is asked about in the place of this one; undefined where it is this one, from now on. */
  claim(sha256: string, { image, altText }: Pick<SetImage, 'image' | 'altText'>): number | undefined {
    const content = contentKey(sha256, altText);
    const owner = this.#owners.get(content);
    if (owner !== undefined && owner !== image) return owner;
    if (content !== '') this.#owners.set(content, image);
    return undefined;
  }

  /** The image is not asked about after all. */
  release(image: number): void {
    for (const [content, owner] of this.#owners) if (owner === image) this.#owners.delete(content);
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
