import * as vscode from 'vscode';
import { labelKindOf } from '../../core/labels/labelFile.ts';
import { LabelIndex } from '../../core/labels/labelIndex.ts';
import type { LabelsRead } from '../../core/labels/labels.ts';
import type { Reading } from '../../engine/labels/readLabels.ts';
import { type ImageLabels, isFile, isFolder, namesIn, ownLabelFiles, ownLabels, readLabelFile, sharedLabelFiles } from './labelFiles.ts';

/** Gives the labels of an image, without their shapes. Rejects where its own label file cannot be read. */
export type FindLabels = (image: vscode.Uri) => Promise<ImageLabels | undefined>;

/**
 * Labels of many images: by one file for all, read once, or each by its own. `file`: also a folder or a `data.yaml`; without one they are looked for where they usually
 * stand, each image's own first.
 */
export async function labelsOfMany(file: vscode.Uri | undefined, reading?: Reading): Promise<FindLabels> {
  const names = new FolderNames();
  const exists = (one: vscode.Uri) => names.has(one);
  if (file === undefined) {
    const shared = new SharedLabels(names, reading);
    return async (image) => (await ownLabels(ownLabelFiles(image), image, false, reading, exists)) ?? shared.of(image);
  }
  const isDataset = labelKindOf(file.path) === 'dataset';
  if (!isDataset && !(await isFolder(file))) {
    const shared = await SharedFile.read(file, reading);
    return async (image) => shared.of(image);
  }
  return (image) => ownLabels(ownLabelFiles(image, isDataset ? undefined : file), image, false, reading, exists);
}

/** A file with the labels of many images. */
class SharedFile {
  readonly #read: LabelsRead;
  readonly #index: LabelIndex;

  private constructor(read: LabelsRead) {
    this.#read = read;
    this.#index = new LabelIndex(read.images);
  }

  static async read(file: vscode.Uri, reading?: Reading): Promise<SharedFile> {
    return new SharedFile(await readLabelFile(file, { shapes: false }, reading));
  }

  of(image: vscode.Uri): ImageLabels | undefined {
    const found = this.#index.find(image.path);
    return found && { image: found, read: this.#read };
  }
}

/** The files with the labels of many images around these, each read once. */
class SharedLabels {
  readonly #names: FolderNames;
  readonly #reading: Reading | undefined;
  readonly #files = new Map<string, Promise<SharedFile | undefined>>();
  readonly #around = new Map<string, Promise<vscode.Uri[]>>();

  constructor(names: FolderNames, reading: Reading | undefined) {
    this.#names = names;
    this.#reading = reading;
  }

  async of(image: vscode.Uri): Promise<ImageLabels | undefined> {
    const folder = vscode.Uri.joinPath(image, '..');
    const around = this.#around.get(folder.toString()) ?? this.#filesAround(folder);
    this.#around.set(folder.toString(), around);
    for (const file of await around) {
      const found = (await this.#file(file))?.of(image);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #filesAround(folder: vscode.Uri): Promise<vscode.Uri[]> {
    const files: vscode.Uri[] = [];
    for await (const file of sharedLabelFiles(folder, (at) => this.#names.of(at))) files.push(file);
    return files;
  }

  /** Undefined for what is no label file: it only has the name of one. */
  #file(file: vscode.Uri): Promise<SharedFile | undefined> {
    const key = file.toString();
    const read =
      this.#files.get(key) ??
      SharedFile.read(file, this.#reading).catch(() => {
        this.#reading?.signal?.throwIfAborted();
        return undefined;
      });
    this.#files.set(key, read);
    return read;
  }
}

/** The names of the files in folders, each listed once: thousands of images stand in few of them. */
class FolderNames {
  readonly #known = new Map<string, Promise<string[]>>();

  of(folder: vscode.Uri): Promise<string[]> {
    const key = folder.toString();
    const names = this.#known.get(key) ?? namesIn(folder);
    this.#known.set(key, names);
    return names;
  }

  /** Where the case of its name is another, the file system says whether that matters. */
  async has(file: vscode.Uri): Promise<boolean> {
    const wanted = file.path.split('/').at(-1) ?? '';
    const listed = (await this.#lowered(vscode.Uri.joinPath(file, '..'))).get(wanted.toLowerCase());
    return listed === wanted || (listed !== undefined && isFile(file));
  }

  readonly #lower = new Map<string, Promise<ReadonlyMap<string, string>>>();

  /** Names by what they are in small letters. */
  #lowered(folder: vscode.Uri): Promise<ReadonlyMap<string, string>> {
    const key = folder.toString();
    const lowered = this.#lower.get(key) ?? this.of(folder).then((names) => new Map(names.map((name) => [name.toLowerCase(), name])));
    this.#lower.set(key, lowered);
    return lowered;
  }
}
