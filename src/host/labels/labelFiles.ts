import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { LabelWish } from '../../core/labels/coco.ts';
import { labelKindOf, notLabels } from '../../core/labels/labelFile.ts';
import { fileNameIn, LabelIndex } from '../../core/labels/labelIndex.ts';
import type { LabelImage, LabelsRead } from '../../core/labels/labels.ts';
import { listedNames, yoloNames } from '../../core/labels/yoloNames.ts';
import { readLabelSource } from '../../engine/labels/largeLabels.ts';
import type { Reading } from '../../engine/labels/readLabels.ts';
import { openImage } from '../base/imageFile.ts';

/** Of a file with the names of classes. */
const MOST_NAME_BYTES = 10_000_000;
/** Folders above a label file in which the names of its classes are looked for. */
const MOST_UP = 3;
const SHARED_FILE =
  /^(?:instances_.{0,100}|_?annotations(?:\.coco)?|labels|dataset\.coco(?:-rle)?|.{1,100}\.coco(?:-rle)?)\.json$|^(?:dataset|labels|annotations|_annotations)\.csv$/i;
const NAME_FILES = ['data.yaml', 'data.yml', 'dataset.yaml', 'classes.txt', 'obj.names'];

/** The labels of one image, and what of their file could not be read. */
export interface ImageLabels {
  image: LabelImage;
  read: LabelsRead;
}

/** Reads a label file of any size once, piece by piece. Rejects with `unreadableFile`, and with the signal's reason. */
export async function readLabelFile(file: vscode.Uri, wish: LabelWish, reading?: Reading): Promise<LabelsRead> {
  const kind = labelKindOf(file.path);
  if (kind === undefined || kind === 'dataset') throw notLabels('');
  const names = kind === 'yolo' ? await classNames(file) : undefined;
  return readLabelSource(await openLabelFile(file), { kind, wish, names }, reading);
}

/** The labels of an image in a file that may hold those of many. Undefined where it has none of this image. */
export async function labelsIn(file: vscode.Uri, image: vscode.Uri, shapes: boolean, reading?: Reading): Promise<ImageLabels | undefined> {
  const kind = labelKindOf(file.path);
  if (kind === 'dataset' || (await isFolder(file))) {
    return ownLabels(ownLabelFiles(image, kind === 'dataset' ? undefined : file), image, shapes, reading);
  }
  const read = await readLabelFile(file, { shapes, imageName: fileNameIn(image.path) }, reading);
  const found = new LabelIndex(read.images).find(image.path) ?? (read.isForMany ? undefined : read.images[0]);
  return found && { image: found, read };
}

/** The first of these files that has labels of the image: one of that name may be of another kind. Rejects as the first that cannot be read, where none can. */
export async function ownLabels(
  files: readonly vscode.Uri[],
  image: vscode.Uri,
  shapes: boolean,
  reading?: Reading,
  exists: (file: vscode.Uri) => Promise<boolean> = isFile,
): Promise<ImageLabels | undefined> {
  let failure: unknown;
  for (const file of files) {
    if (!(await exists(file))) continue;
    try {
      const found = await labelsIn(file, image, shapes, reading);
      if (found !== undefined) return found;
    } catch (error) {
      reading?.signal?.throwIfAborted();
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return undefined;
}

/** The labels of an image where they usually stand: in a file of its own, else of its folder. Rejects as the first of its own that cannot be read, where none can. */
export async function usualLabels(image: vscode.Uri, reading: Reading): Promise<ImageLabels | undefined> {
  let failure: unknown;
  const own = await ownLabels(ownLabelFiles(image), image, true, reading).catch((error: unknown) => {
    failure = error;
    return undefined;
  });
  reading.signal?.throwIfAborted();
  if (own !== undefined) return own;
  for await (const file of sharedLabelFiles(vscode.Uri.joinPath(image, '..'), namesIn)) {
    const found = await labelsIn(file, image, true, reading).catch(() => undefined);
    reading.signal?.throwIfAborted();
    if (found !== undefined) return found;
  }
  if (failure !== undefined) throw failure;
  return undefined;
}

/** Files that may have the labels of many images, of those in a folder too, the likeliest first. */
export async function* sharedLabelFiles(
  folder: vscode.Uri,
  names: (folder: vscode.Uri) => Promise<readonly string[]>,
): AsyncGenerator<vscode.Uri, void, void> {
  for (const place of ['.', '..', '../..', './annotations', '../annotations', '../../annotations', './labels', '../labels']) {
    const at = vscode.Uri.joinPath(folder, place);
    for (const name of await names(at)) if (SHARED_FILE.test(name)) yield vscode.Uri.joinPath(at, name);
  }
}

/** Where a label file of this image alone may stand, the likeliest first. */
export function ownLabelFiles(image: vscode.Uri, folder?: vscode.Uri): vscode.Uri[] {
  const name = fileNameIn(image.path);
  const stem = name.replace(/\.[^.]*$/, '');
  const parent = vscode.Uri.joinPath(image, '..');
  const at = (base: vscode.Uri, ...paths: string[]) => paths.map((path) => vscode.Uri.joinPath(base, path));
  const endings = ['json', 'xml', 'txt', 'inspection.json', 'csv'].map((ending) => `${stem}.${ending}`);
  if (folder !== undefined) return at(folder, ...endings, `labels/${stem}.txt`, `segment/labels/${stem}.txt`);
  const lists = image.path.lastIndexOf('/images/');
  const mirrored =
    lists < 0
      ? []
      : [image.with({ path: `${image.path.slice(0, lists)}/labels/${image.path.slice(lists + 8).replace(/[^/]*$/, '')}${stem}.txt` })];
  return [
    ...at(parent, ...endings),
    ...mirrored,
    ...at(
      parent,
      `labels/${stem}.txt`,
      `../labels/${stem}.txt`,
      `../Annotations/${stem}.xml`,
      `annotations/${stem}.xml`,
      `../annotations/${stem}.xml`,
    ),
  ];
}

async function classNames(file: vscode.Uri): Promise<Map<number, string>> {
  for (let up = 1; up <= MOST_UP; up++) {
    for (const name of NAME_FILES) {
      const found = vscode.Uri.joinPath(file, '../'.repeat(up), name);
      const text = await textOf(found);
      const names = text && (name.endsWith('ml') ? yoloNames(text) : listedNames(text));
      if (names) return names;
    }
  }
  return new Map();
}

async function textOf(file: vscode.Uri): Promise<string | undefined> {
  try {
    const source = await openImage(file);
    return source.size > MOST_NAME_BYTES ? undefined : new TextDecoder().decode(await source.read(0, source.size));
  } catch {
    return undefined;
  }
}

async function openLabelFile(file: vscode.Uri) {
  try {
    return await openImage(file);
  } catch (error) {
    throw new InspectorError('unreadableFile', t('The label file could not be opened.'), {
      detail: error instanceof InspectorError ? error.detail : '',
      cause: error,
    });
  }
}

export function isFile(file: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(file)).then(
    ({ type }) => (type & vscode.FileType.File) !== 0,
    () => false,
  );
}

export function isFolder(file: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(file)).then(
    ({ type }) => (type & vscode.FileType.Directory) !== 0,
    () => false,
  );
}

export async function namesIn(folder: vscode.Uri): Promise<string[]> {
  const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => []);
  return entries.filter(([, type]) => (type & vscode.FileType.File) !== 0).map(([name]) => name);
}
