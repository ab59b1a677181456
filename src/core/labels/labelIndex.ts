import type { LabelImage } from './labels.ts';

/** Finds the labels of an image by its path: those of the same file name, of several those with more of the path in common. */
export class LabelIndex {
  readonly #byName = new Map<string, { parts: string[]; image: LabelImage }[]>();

  constructor(images: readonly LabelImage[]) {
    for (const image of images) {
      const parts = partsOf(image.name);
      const name = parts.at(-1) ?? '';
      const same = this.#byName.get(name);
      if (same === undefined) this.#byName.set(name, [{ parts, image }]);
      else same.push({ parts, image });
    }
  }

  /** Undefined where there are none, or it cannot be told whose they are. */
  find(path: string): LabelImage | undefined {
    const wanted = partsOf(path);
    const same = this.#byName.get(wanted.at(-1) ?? '') ?? [];
    let best: LabelImage | undefined;
    let most = 0;
    for (const { parts, image } of same) {
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
  return path.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
}
