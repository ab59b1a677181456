import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InspectorError } from '../core/base/failure.ts';
import { altProblems } from '../core/documents/altProblems.ts';
import { documentKind } from '../core/documents/documentKind.ts';
import { findImages } from '../core/documents/findImages.ts';
import type { DocumentImages, ImageUse } from '../core/documents/imageUse.ts';
import { sourcePlaces } from '../core/documents/sourcePlaces.ts';
import { UsageError } from './cliArguments.ts';
import type { Roots } from './roots.ts';

/** Folders that no document of a project lies in. */
const LEFT_OUT = new Set(['node_modules', '.git']);

/** A document with images that lack alternative text. */
export interface Lacking {
  path: string;
  text: string;
  found: DocumentImages;
  missing: ImageUse[];
}

/** A document that could not be read whole: a check that left something out has not passed. */
export interface Unread {
  path: string;
  why: string;
}

/** What was found in documents. */
export interface CheckedDocuments {
  documents: number;
  lacking: Lacking[];
  unread: Unread[];
}

/** Looks into documents and into folders of them, but for those that are excluded, or hidden by the settings of a folder. */
export async function checkDocuments(files: readonly string[], roots: Roots): Promise<CheckedDocuments> {
  const checked: CheckedDocuments = { documents: 0, lacking: [], unread: [] };
  for (const path of await documentsAt(files, roots)) {
    checked.documents += 1;
    const one = await readDocument(path);
    if ('why' in one) {
      checked.unread.push(one);
      continue;
    }
    const { tooLong = 0 } = one.found;
    const parts = tooLong === 1 ? '1 part of this document is' : `${tooLong} parts of this document are`;
    if (tooLong > 0) checked.unread.push({ path, why: `${parts} too long to be read.` });
    if (one.missing.length > 0) checked.lacking.push(one);
  }
  return checked;
}

/** A document as it is now. What is not UTF-8 is not touched: it could not be written back as it was. */
export async function readDocument(path: string): Promise<Lacking | Unread> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    return { path, why: error instanceof TypeError ? 'This document is not UTF-8.' : 'This document cannot be read.' };
  }
  const kind = documentKind(path);
  const found = kind === undefined ? { images: [], words: [] } : await findImages(text, kind);
  return { path, text, found, missing: altProblems(found.images, 'missing').map(({ use }) => use) };
}

async function documentsAt(files: readonly string[], roots: Roots): Promise<string[]> {
  const found: string[] = [];
  const isHidden = await roots.hidden();
  for (const file of files) {
    const path = await realpath(resolve(file)).catch(() => {
      throw new UsageError(`There is no file or folder "${file}".`);
    });
    if ((await stat(path)).isDirectory()) await addBelow(path, isHidden, found);
    else if (documentKind(path) === undefined) throw new UsageError(`"${file}" is no Markdown, MDX, HTML, JSX, TSX, or Vue file.`);
    else found.push(path);
  }
  const open: string[] = [];
  for (const path of new Set(found)) if (!(await roots.isExcluded(pathToFileURL(path).href))) open.push(path);
  return open;
}

/** Links are not followed. */
async function addBelow(folder: string, isHidden: (address: string) => boolean, found: string[]): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (LEFT_OUT.has(entry.name) || isHidden(pathToFileURL(path).href)) continue;
    if (entry.isDirectory()) await addBelow(path, isHidden, found);
    else if (entry.isFile() && documentKind(path) !== undefined) found.push(path);
  }
}

/** The address of the file of an image, where it really lies; the folder of the project is the one that is worked in. Rejects where it is not there, or outside of the folders that are checked: a document may say anything. */
export async function imageAddress({ source }: ImageUse, document: string, roots: Roots): Promise<string> {
  const places = sourcePlaces(source);
  if (places === undefined) throw new Error('The image is not a file.');
  for (const path of places.paths) {
    const candidate = places.below === 'document' ? resolve(dirname(document), path) : resolve(path);
    const info = await stat(candidate).catch(() => undefined);
    if (info?.isFile() !== true) continue;
    return roots.resolve(candidate).catch(() => {
      throw new InspectorError('excluded', 'The image lies outside of the folders that are checked.');
    });
  }
  throw new Error('The file of the image cannot be found.');
}
