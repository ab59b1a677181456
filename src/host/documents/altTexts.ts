import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { shortAltText, writeAlt } from '../../core/documents/altEdit.ts';
import { DOCUMENT_ENDINGS } from '../../core/documents/documentKind.ts';
import type { DocumentImages, ImageUse } from '../../core/documents/imageUse.ts';
import { MOST_AROUND, wordsAround } from '../../core/documents/wordsAround.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { Job } from '../../engine/sending/job.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import { toUri } from '../base/activeImage.ts';
import { confirm } from '../base/confirm.ts';
import type { KeyStore } from '../base/keyStore.ts';
import { usesVertex } from '../base/settings.ts';
import { type ManyResults, manyFailed, runOnMany } from '../commands/manyImages.ts';
import type { Tasks } from '../session/tasks.ts';
import type { UsageTracker } from '../status/usageTracker.ts';
import { imageFileOf, imagesIn, leftOut, notADocument, rangeOf } from './imagesIn.ts';
import { mayGoAlong } from './wordsConsent.ts';

/** What writing alternative text takes. */
export interface AltTextServices {
  context: vscode.ExtensionContext;
  tasks: Tasks;
  keys: Pick<KeyStore, 'get'>;
  usage: () => Promise<Pick<UsageTracker, 'estimate'>>;
}

/** A place in a document, and the file of its image. */
interface Place {
  document: vscode.TextDocument;
  found: DocumentImages;
  use: ImageUse;
  image: vscode.Uri;
}

const MOST_DOCUMENTS = 5000;

/** Writes alternative text where documents use images. Each image is described once, however often it is used. */
export class AltTexts {
  readonly #services: AltTextServices;

  constructor(services: AltTextServices) {
    this.#services = services;
  }

  /** At a place, or wherever it is missing in the document. Resolves to the number of places that were changed. */
  async insert(call: CommandCall): Promise<number> {
    const { uri, position } = target(call);
    const document = await vscode.workspace.openTextDocument(uri);
    const found = await imagesIn(document);
    if (found === undefined) throw notADocument();
    const uses = position === undefined ? found.images.filter(isMissing) : [useAt(document, found, position)];
    const places = (await Promise.all(uses.map(async (use) => placeOf(document, found, use)))).filter((place) => place !== undefined);
    if (places.length === 0 && (position !== undefined || uses.length > 0))
      throw new InspectorError('noImage', t('The file of the image cannot be found.'));
    const unread = leftOut(found);
    if (position === undefined && unread !== undefined) {
      if (places.length === 0) throw new InspectorError('unsupported', unread);
      void vscode.window.showWarningMessage(unread);
    }
    if (places.length === 0) return 0;
    const around = call.options.context ?? MOST_AROUND;
    return this.#write(places, around, call.fromCode, false);
  }

  /** Wherever it is missing in a document, a folder, the workspace; each change can be looked at before. */
  async writeMissing(call: CommandCall): Promise<number> {
    const documents = await documentsOf(call);
    const places: Place[] = [];
    let tooLong = 0;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: t('Looking for images without alt text…') },
      async () => {
        for (const uri of documents) {
          const document = await vscode.workspace.openTextDocument(uri).then(undefined, () => undefined);
          const found = document && (await imagesIn(document));
          if (document === undefined || found === undefined) continue;
          tooLong += found.tooLong ?? 0;
          for (const use of found.images.filter(isMissing)) {
            const place = await placeOf(document, found, use);
            if (place !== undefined) places.push(place);
          }
        }
      },
    );
    if (tooLong > 0 && !call.fromCode)
      void vscode.window.showWarningMessage(t('Parts of documents that are too long to be read: {0}', tooLong));
    if (places.length === 0) {
      if (tooLong > 0 && call.fromCode)
        throw new InspectorError('unsupported', t('Parts of documents that are too long to be read: {0}', tooLong));
      if (tooLong === 0 && !call.fromCode) void vscode.window.showInformationMessage(t('No image without alt text was found.'));
      return 0;
    }
    return this.#write(places, call.options.context ?? MOST_AROUND, call.fromCode, !call.fromCode);
  }

  async #write(places: readonly Place[], around: number, fromCode: boolean, isPreviewed: boolean): Promise<number> {
    if (!fromCode && !usesVertex() && (await this.#services.keys.get()) === undefined && !(await this.#services.tasks.askForKey()))
      return 0;
    const byImage = Map.groupBy(places, ({ image }) => image.toString());
    const calls = await this.#callsFor([...byImage.values()], around);
    const job = new Job(calls.length, 1, fromCode);
    if (calls.length > 1) job.imageTokens = this.#sumOfTokens(calls);
    const { inspections, failed } = await shown(job, calls.length, fromCode, (told) =>
      runOnMany(calls, job, async (call, of) => {
        const inspection = await this.#services.tasks.run(call, of);
        told();
        return inspection;
      }),
    );
    const [failure] = failed;
    if (failure !== undefined && (inspections.length === 0 || fromCode))
      throw calls.length === 1 ? failure.error : manyFailed(failure, failed.length, calls.length);
    const texts = new Map(inspections.map(({ images: [image], text = '' }) => [image?.uri ?? '', shortAltText(text)]));
    const count = await apply(places, texts, isPreviewed);
    if (!fromCode && failure !== undefined)
      void vscode.window.showWarningMessage(t('{0} of {1} images could not be described.', failed.length, calls.length));
    if (!fromCode && count > 0 && !isPreviewed) confirm(t('Alt text written'));
    return count;
  }

  async #sumOfTokens(calls: readonly TaskCall[]): Promise<number | undefined> {
    const usage = await this.#services.usage();
    const all = await Promise.all(
      calls.map(({ images: [address], options }) => usage.estimate(vscode.Uri.parse(address), options).catch(() => undefined)),
    );
    return all.reduce((sum: number | undefined, one) => (sum === undefined || one === undefined ? undefined : sum + one.tokens), 0);
  }

  /** One for each image, with the words around its first place where they may go along: no words of a document that must not be sent. */
  async #callsFor(groups: readonly (readonly Place[])[], around: number): Promise<TaskCall[]> {
    const { tasks, context } = this.#services;
    const calls: TaskCall[] = [];
    for (const [place] of groups) {
      if (place === undefined) continue;
      const { document, found, use, image } = place;
      const words = wordsAround(document.getText(), found, use, Math.min(around, MOST_AROUND));
      const isOpen = around > 0 && !(await tasks.rules.isExcluded(document.uri.toString()));
      const goAlong = isOpen && (await mayGoAlong(words, context.globalState));
      const altText = { ...(goAlong ? words : { before: '', behind: '' }), language: languageName(found.language) };
      calls.push({ task: 'caption', images: [image.toString()], query: '', options: { altText, pointInAnswers: false } });
    }
    return calls;
  }
}

function isMissing({ alt }: ImageUse): boolean {
  return alt.kind === 'missing';
}

/** The document of a call and the place in it: named, or the cursor where somebody is at the screen. */
function target({ uris: [named], options, fromCode }: CommandCall): { uri: vscode.Uri; position: vscode.Position | undefined } {
  const editor = vscode.window.activeTextEditor;
  if (named === undefined) {
    if (fromCode || editor === undefined) throw notADocument();
    return { uri: editor.document.uri, position: editor.selection.active };
  }
  const uri = toUri(named);
  const bare = uri.with({ fragment: '' });
  const [line, character] = uri.fragment.split(',').map(Number);
  if (line !== undefined && character !== undefined) return { uri: bare, position: new vscode.Position(line, character) };
  const { position } = options;
  if (position !== undefined && options.all !== true)
    return { uri: bare, position: new vscode.Position(Math.max(0, position.line), Math.max(0, position.character)) };
  const isActive = !fromCode && editor?.document.uri.toString() === bare.toString();
  return { uri: bare, position: isActive ? editor.selection.active : undefined };
}

function useAt(document: vscode.TextDocument, found: DocumentImages, position: vscode.Position): ImageUse {
  const use = found.images.find(({ span }) => rangeOf(document, span).contains(position));
  if (use === undefined) throw new InspectorError('noImage', leftOut(found) ?? t('There is no image at this place.'));
  if (use.slot === undefined)
    throw new InspectorError('unsupported', t('The alt text of this image comes from code, which is left alone.'));
  return use;
}

async function placeOf(document: vscode.TextDocument, found: DocumentImages, use: ImageUse): Promise<Place | undefined> {
  const image = await imageFileOf(use, document);
  return image && { document, found, use, image };
}

async function documentsOf({ uris: [named], fromCode }: CommandCall): Promise<vscode.Uri[]> {
  const uri = named === undefined ? undefined : toUri(named);
  const isFolder = uri !== undefined && ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  if (uri !== undefined && !isFolder) return [uri];
  const active = vscode.window.activeTextEditor?.document;
  if (uri === undefined && !fromCode && active !== undefined && (await imagesIn(active)) !== undefined) {
    const here = { label: sanitizeForUi(vscode.workspace.asRelativePath(active.uri)), uri: active.uri };
    const chosen = await vscode.window.showQuickPick([here, { label: t('The whole workspace'), uri: undefined }], {
      title: t('Write Missing Alt Text'),
    });
    if (chosen === undefined) return [];
    if (chosen.uri !== undefined) return [chosen.uri];
  }
  const pattern = `**/*.{${DOCUMENT_ENDINGS.join(',')}}`;
  return vscode.workspace.findFiles(
    uri === undefined ? pattern : new vscode.RelativePattern(uri, pattern),
    '**/{node_modules,.git}/**',
    MOST_DOCUMENTS,
  );
}

/** With a notification by which the user can cancel, where there is someone. */
async function shown(job: Job, count: number, fromCode: boolean, run: (told: () => void) => Promise<ManyResults>): Promise<ManyResults> {
  if (fromCode) return run(() => undefined);
  let done = 0;
  const options = { location: vscode.ProgressLocation.Notification, title: t('Writing alt text…'), cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    token.onCancellationRequested(() => job.cancel());
    return run(() => {
      done += 1;
      if (count > 1) progress.report({ message: t('{0} of {1}', done, count), increment: 100 / count });
    });
  });
}

/** One step to undo. A document that was changed meanwhile is read again: an image that is no longer there as it was is left alone. */
async function apply(places: readonly Place[], texts: ReadonlyMap<string, string>, isPreviewed: boolean): Promise<number> {
  const edit = new vscode.WorkspaceEdit();
  let count = 0;
  for (const [document, here] of Map.groupBy(places, (place) => place.document)) {
    const now = (await imagesIn(document))?.images ?? [];
    for (const { use, image, found } of here) {
      const words = texts.get(image.toString()) ?? '';
      const current = now[found.images.indexOf(use)];
      if (words === '' || current?.source !== use.source || current?.alt.kind !== use.alt.kind) continue;
      const change = writeAlt(current, words);
      if (change === undefined) continue;
      const label = isPreviewed ? { needsConfirmation: true, label: t('Alt text'), description: sanitizeForUi(words) } : undefined;
      edit.replace(document.uri, rangeOf(document, change), change.text, label);
      count += 1;
    }
  }
  if (count === 0) return 0;
  return (await vscode.workspace.applyEdit(edit, { isRefactoring: isPreviewed })) ? count : 0;
}

/** In English, as prompts are; empty where the document does not say it. */
function languageName(tag: string | undefined): string {
  if (tag === undefined) return '';
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? '';
  } catch {
    return '';
  }
}
