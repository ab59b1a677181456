import { InspectorError } from '../base/failure.ts';
import { t } from '../base/l10n.ts';
import { isWanted, type LabelWish } from './coco.ts';
import { readCsvLabels } from './csv.ts';
import { JsonLabelReader } from './json.ts';
import { LabelProblems, type LabelsRead } from './labels.ts';
import { readVoc } from './voc.ts';
import { readYolo } from './yolo.ts';

/** How a file is read, by the end of its name. */
export const LABEL_KINDS = { json: 'json', xml: 'xml', csv: 'csv', tsv: 'csv', txt: 'yolo', yaml: 'dataset', yml: 'dataset' } as const;
export type LabelKind = (typeof LABEL_KINDS)[keyof typeof LABEL_KINDS];

/** Undefined for a name that no label file has. */
export function labelKindOf(name: string): LabelKind | undefined {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return Object.hasOwn(LABEL_KINDS, ending) ? LABEL_KINDS[ending as keyof typeof LABEL_KINDS] : undefined;
}

/** Takes the text of a label file piece by piece. */
export interface LabelReader {
  push(text: string): void;
  /** Throws `unreadableFile` where there is nothing to use. */
  end(): LabelsRead;
}

/** Reads a label file of that kind; `names`: of YOLO's classes. */
export function labelReader(
  kind: Exclude<LabelKind, 'dataset'>,
  wish: LabelWish,
  names: ReadonlyMap<number, string> = new Map(),
): LabelReader {
  const reader = kind === 'json' ? new JsonLabelReader(wish) : new WholeText((text) => readText(kind, text, wish, names));
  return {
    push: (text) => reader.push(text),
    end: () => {
      const read = reader.end();
      if (read.images.length === 0 && read.others === 0) {
        const [first] = read.problems;
        throw notLabels(first === undefined ? '' : `${first.place}: ${first.reason}`);
      }
      const hasNothing = read.problemCount > 0 && !read.isForMany && read.images.every(({ objects }) => objects.length === 0);
      // What its only objects are of no use for is no file of an image without objects.
      if (hasNothing) {
        const [first] = read.problems;
        throw notLabels(first === undefined ? '' : `${first.place}: ${first.reason}`);
      }
      return read;
    },
  };
}

/** The failure for a file out of which no labels can be had. */
export function notLabels(detail: string): InspectorError {
  return new InspectorError('unreadableFile', t('No labels could be read from this file.'), {
    detail: detail || t('It is none of these: COCO, YOLO, Pascal VOC, LabelMe, CSV, or JSON as exported here.'),
  });
}

class WholeText {
  readonly #read: (text: string) => LabelsRead;
  #text = '';

  constructor(read: (text: string) => LabelsRead) {
    this.#read = read;
  }

  push(text: string): void {
    this.#text += text;
  }

  end(): LabelsRead {
    return this.#read(this.#text);
  }
}

function readText(kind: 'xml' | 'csv' | 'yolo', text: string, wish: LabelWish, names: ReadonlyMap<number, string>): LabelsRead {
  const problems = new LabelProblems();
  if (kind === 'yolo') return problems.with([readYolo(text, names, problems)]);
  if (kind === 'csv') {
    const all = readCsvLabels(text, problems) ?? [];
    const images = all.filter(({ name }) => isWanted(name, wish));
    return problems.with(images, { isForMany: true, others: all.length - images.length });
  }
  const image = readVoc(text, problems);
  return problems.with(image === undefined ? [] : [image]);
}
