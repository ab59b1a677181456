import type { Rectangle, Size } from '../base/geometry.ts';
import type { Mask } from '../inspection/inspection.ts';

/** The shape of a labeled object, as its file has it. */
export type LabelShape =
  /** Parts that belong to the object together, each a ring of [x, y] in the unit of its image. */
  | { kind: 'rings'; rings: [number, number][][] }
  /** Lengths of runs down the columns of an image of that size from the left, of nothing and object in turn (COCO's RLE). */
  | { kind: 'runs'; size: Size; counts: number[] }
  /** As a result has it. */
  | { kind: 'mask'; mask: Mask };

/** An object as a label file has it. */
export interface LabelObject {
  label: string;
  /** In the unit of its image. A point has no size. */
  box: Rectangle;
  /** Where the file has it besides: in pixels of an image of its size. */
  pixelBox?: Rectangle;
  shape?: LabelShape;
  confidence?: number;
  /** Stands for many objects that nobody has told apart. */
  crowd?: true;
}

/** An image as a label file has it. */
export interface LabelImage {
  /** As the file names it: a name, or a path of any kind. Empty where the file does not. */
  name: string;
  /** Upright pixels, as the file says. */
  size?: Size;
  unit: 'pixels' | 'fractions';
  objects: LabelObject[];
}

/** A part of a label file that could not be read. */
export interface LabelProblem {
  /** The line, or the entry, for people. */
  place: string;
  /** For people. */
  reason: string;
  raw: string;
}

/** What was read of label files. */
export interface LabelsRead {
  images: LabelImage[];
  /** The first of them. */
  problems: LabelProblem[];
  /** All of them. */
  problemCount: number;
  /** False where the file ends before its end. */
  complete: boolean;
  /** True for a file of a form that holds labels of many images, by their names. */
  isForMany: boolean;
  /** Images in it that were not wanted. */
  others: number;
}

/** Problems that are told one by one. */
const MOST_TOLD = 100;
/** Characters of a part that could not be read, as they are kept. */
const MOST_RAW = 2000;

/** Counts what cannot be read, and keeps the first of it. */
export class LabelProblems {
  readonly told: LabelProblem[] = [];
  count = 0;

  add(place: string, reason: string, raw: unknown = ''): void {
    this.count += 1;
    if (this.told.length >= MOST_TOLD) return;
    const text = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? '');
    this.told.push({ place, reason, raw: text.slice(0, MOST_RAW) });
  }

  /** With what was read. */
  with(images: LabelImage[], facts: Partial<Pick<LabelsRead, 'complete' | 'isForMany' | 'others'>> = {}): LabelsRead {
    return { images, problems: this.told, problemCount: this.count, complete: true, isForMany: false, others: 0, ...facts };
  }
}
