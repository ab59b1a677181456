import type { LabelImage } from './labels.ts';

/** Finds the labels of an image by its path: those of the same file name, of several those with more of the path in common. */
export class LabelIndex {
  /** `parts`: of the path, once they are needed. */
  readonly #byName = new Map<string, { image: LabelImage; parts?: string[] }[]>();

  constructor(images: readonly LabelImage[]) {
    for (const image of images) {
      const name = fileNameIn(image.name);
      const same = this.#byName.get(name);
      if (same === undefined) this.#byName.set(name, [{ image }]);
      else same.push({ image });
    }
  }

  /** Undefined where there are none, or it cannot be told whose they are. */
  find(path: string): LabelImage | undefined {
    const same = this.#byName.get(fileNameIn(path)) ?? [];
    if (same.length < 2) return same[0]?.image;
    const wanted = partsOf(path);
    let best: LabelImage | undefined;
    let most = 0;
    for (const entry of same) {
      entry.parts ??= partsOf(entry.image.name);
      const { image, parts } = entry;
      let common = 0;
      while (common < parts.length && common < wanted.length && parts.at(-1 - common) === wanted.at(-1 - common)) common += 1;
      if (common === most) best = undefined;
      if (common > most) [best, most] = [image, common];
    }
    return best;
  }
}

function partsOf(path: string): string[] {
  return path
    .normalize('NFC')
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.');
}

/** The last part of a path of any system, in the one spelling of its letters. */
export function fileNameIn(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).normalize('NFC');
}
