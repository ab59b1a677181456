import { classOf, type ExportFile, type ExportImage, originOf, remarkOf } from './exportImage.ts';

/** What is kept of an image until the end of an export: texts, one after the other, under a name. */
export interface Spooled {
  spool: string;
  text: string;
}

/** Text of a file that is about all images: as it stands here, or what was spooled, all of it or `length` bytes from `start` on. */
export type FilePart = string | { spool: string; start?: number; length?: number };

/** A file about all images. */
export interface ComposedFile {
  /** As that of an `ExportFile`. */
  path: string;
  parts: readonly FilePart[];
}

/** What an image adds to an export. */
export interface Added {
  /** Of its own. */
  files: readonly ExportFile[];
  spooled: readonly Spooled[];
}

/** Puts an export together image by image, so that it is never held whole. */
export interface SetWriter<Part> {
  /** `part`: of that image. */
  add: (image: ExportImage, part: Part) => Added;
  end: () => ComposedFile[];
}

/** How a format is written. */
export interface DataWriter<Part> {
  /** What an image comes to by itself, as plain data. Takes a while for masks on large images: meant for a worker. */
  part: (image: ExportImage) => Part;
  begin: () => SetWriter<Part>;
  /** The paths of the files about all images: of so many, called so together, with masks or without. */
  paths?: (name: string, hasMasks: boolean) => string[];
  /** The paths of an image's own files, where it has some. */
  ownPaths?: (stem: string, hasMasks: boolean) => string[];
}

/** A format with a file for each image. */
export function fileForEach(ending: string, textOf: (image: ExportImage) => string): DataWriter<string> {
  return {
    part: textOf,
    begin: () => ({
      add: ({ stem }, text) => ({ files: [{ path: `${stem}${ending}`, text }], spooled: [] }),
      end: () => [],
    }),
    ownPaths: (stem) => [`${stem}${ending}`],
  };
}

/** What the files about all images say of them. */
export class SetFacts {
  readonly #origins = new Set<string>();
  readonly #classes = new Map<string, number>();
  #stem = '';
  #count = 0;
  #latest: string | undefined;

  add({ stem, inspection, detections }: ExportImage): void {
    this.#origins.add(originOf(inspection));
    if (this.#latest === undefined || inspection.createdAt > this.#latest) this.#latest = inspection.createdAt;
    this.#stem = stem;
    this.#count += 1;
    for (const name of detections.map(classOf)) if (!this.#classes.has(name)) this.#classes.set(name, this.#classes.size);
  }

  /** The place of an object's class by first appearance, from 0; the object is one of an image that was added. */
  placeOf(object: { label: string }): number {
    return this.#classes.get(classOf(object)) ?? 0;
  }

  /** By first appearance. */
  get classes(): string[] {
    return [...this.#classes.keys()];
  }

  /** How many images there are. */
  get count(): number {
    return this.#count;
  }

  /** When the latest result was made. */
  get latest(): string | undefined {
    return this.#latest;
  }

  get name(): string {
    return setName(this.#count, this.#stem);
  }

  get remark(): string {
    return remarkOf(this.#origins);
  }
}

/** The name of the one image, or what several are called together. */
export function setName(count: number, stem: string): string {
  return count === 1 ? stem : 'dataset';
}
