import * as vscode from 'vscode';
import { answerKey } from '../../core/documents/answerKey.ts';
import { DOCUMENT_ENDINGS, documentKind } from '../../core/documents/documentKind.ts';
import { findImages } from '../../core/documents/findImages.ts';
import type { DocumentImages, ImageUse } from '../../core/documents/imageUse.ts';
import { languageName } from '../../core/documents/languageName.ts';
import { imageFileOf, imagesIn } from './imagesIn.ts';

/** A place in a document, and the file of its image. */
export interface Place {
  document: vscode.TextDocument;
  found: DocumentImages;
  use: ImageUse;
  image: vscode.Uri;
}

/** What lacks alternative text; `tooLong`: parts of documents that could not be read. */
export interface MissingPlaces {
  places: Place[];
  tooLong: number;
}

const MOST_DOCUMENTS = 5000;

export function isMissing({ alt }: ImageUse): boolean {
  return alt.kind === 'missing';
}

export async function placeWithFile(document: vscode.TextDocument, found: DocumentImages, use: ImageUse): Promise<Place | undefined> {
  const image = await imageFileOf(use, document);
  return image && { document, found, use, image };
}

/** The places without alternative text in documents and in folders of them, in order. */
export async function missingIn(scope: readonly vscode.Uri[]): Promise<MissingPlaces> {
  const places: Place[] = [];
  let tooLong = 0;
  for (const uri of await documentsIn(scope)) {
    const { document, found } = await read(uri);
    tooLong += found?.tooLong ?? 0;
    if (document === undefined || found === undefined) continue;
    for (const use of found.images.filter(isMissing)) {
      const place = await placeWithFile(document, found, use);
      if (place !== undefined) places.push(place);
    }
  }
  return { places, tooLong };
}

/** A document is opened only where something is missing: other extensions hear of each. */
async function read(uri: vscode.Uri): Promise<{ document?: vscode.TextDocument; found?: DocumentImages | undefined }> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  try {
    if (open === undefined) {
      const kind = documentKind(uri.path);
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      const found = kind && (await findImages(text, kind));
      if (found !== undefined && !found.images.some(isMissing)) return { found };
    }
    const document = open ?? (await vscode.workspace.openTextDocument(uri));
    return { document, found: await imagesIn(document) };
  } catch {
    // It is gone by now, or no text.
    return {};
  }
}

async function documentsIn(scope: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const pattern = `**/*.{${DOCUMENT_ENDINGS.join(',')}}`;
  const documents = new Map<string, vscode.Uri>();
  for (const uri of scope) {
    const isFolder = await vscode.workspace.fs.stat(uri).then(
      ({ type }) => (type & vscode.FileType.Directory) !== 0,
      () => false,
    );
    const found = isFolder
      ? await vscode.workspace.findFiles(new vscode.RelativePattern(uri, pattern), '**/{node_modules,.git}/**', MOST_DOCUMENTS)
      : [uri];
    for (const one of found.sort((a, b) => (a.path < b.path ? -1 : 1))) documents.set(one.toString(), one);
  }
  return [...documents.values()];
}

/** The places of each answer. */
export function byAnswer(places: readonly Place[]): ReadonlyMap<string, Place[]> {
  return Map.groupBy(places, ({ image, found }) => answerKey(image.toString(), languageName(found.language)));
}
