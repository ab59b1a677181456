import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { shortAltText } from '../../core/documents/altEdit.ts';
import { answerKey } from '../../core/documents/answerKey.ts';
import type { DocumentImages, ImageUse } from '../../core/documents/imageUse.ts';
import { languageName } from '../../core/documents/languageName.ts';
import { MOST_AROUND, wordsAround } from '../../core/documents/wordsAround.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import type { AltImage } from '../../core/sets/inspectionSet.ts';
import { costUsd } from '../../core/usage/cost.ts';
import { formatTokenLabel } from '../../core/usage/tokenLabel.ts';
import { Job } from '../../engine/sending/job.ts';
import type { TaskCall } from '../../engine/task/taskCall.ts';
import { toUri } from '../base/activeImage.ts';
import { confirm } from '../base/confirm.ts';
import type { KeyStore } from '../base/keyStore.ts';
import { usesVertex } from '../base/settings.ts';
import { type ManyResults, manyFailed, runOnMany } from '../commands/manyImages.ts';
import type { Tasks } from '../session/tasks.ts';
import type { SetCommands } from '../sets/setCommands.ts';
import type { UsageTracker } from '../status/usageTracker.ts';
import { writeAltTexts } from './altChanges.ts';
import { byAnswer, isMissing, type MissingPlaces, missingIn, type Place, placeWithFile } from './altPlaces.ts';
import { imagesIn, leftOut, notADocument, rangeOf } from './imagesIn.ts';
import { mayGoAlong } from './wordsConsent.ts';

/** What writing alternative text takes. */
export interface AltTextServices {
  context: vscode.ExtensionContext;
  tasks: Tasks;
  keys: Pick<KeyStore, 'get'>;
  usage: () => Promise<Pick<UsageTracker, 'estimate'>>;
  sets: () => Promise<Pick<SetCommands, 'showAltTextPlan'>>;
}

/** Writes alternative text where documents use images. Each image is described once for each language, however often it is used. */
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
    const places = (await Promise.all(uses.map(async (use) => placeWithFile(document, found, use)))).filter((place) => place !== undefined);
    if (places.length === 0 && (position !== undefined || uses.length > 0))
      throw new InspectorError('noImage', t('The file of the image cannot be found.'));
    const unread = leftOut(found);
    if (position === undefined && unread !== undefined) {
      if (places.length === 0) throw new InspectorError('unsupported', unread);
      void vscode.window.showWarningMessage(unread);
    }
    if (places.length === 0) return 0;
    return this.#write(places, call);
  }

  /** Wherever it is missing in a document, a folder, the workspace: as a set, whose changes are then looked at one by one. From code it is written at once. */
  async writeMissing(call: CommandCall): Promise<number> {
    const scope = await scopeOf(call);
    if (scope === undefined) return 0;
    const { places, tooLong } = await vscode.window.withProgress<MissingPlaces>(
      { location: vscode.ProgressLocation.Window, title: t('Looking for images without alt text…') },
      () => missingIn(scope),
    );
    const unread = tooLong > 0 ? t('Parts of documents that are too long to be read: {0}', tooLong) : undefined;
    if (unread !== undefined && !call.fromCode) void vscode.window.showWarningMessage(unread);
    if (places.length === 0) {
      if (unread !== undefined && call.fromCode) throw new InspectorError('unsupported', unread);
      if (unread === undefined && !call.fromCode) void vscode.window.showInformationMessage(t('No image without alt text was found.'));
      return 0;
    }
    if (call.fromCode) return this.#write(places, call);
    const altTexts = await this.#wanted(places, MOST_AROUND);
    const uris = scope.map(String);
    await (await this.#services.sets()).showAltTextPlan({ uris, altTexts, task: 'caption', query: t('Alt text'), onlyNew: false });
    return 0;
  }

  async #write(places: readonly Place[], { options: { context = MOST_AROUND }, fromCode }: CommandCall): Promise<number> {
    if (!fromCode && !usesVertex() && (await this.#services.keys.get()) === undefined && !(await this.#services.tasks.askForKey()))
      return 0;
    const calls = (await this.#wanted(places, context)).map(callFor);
    const job = new Job(calls.length, 1, fromCode);
    if (calls.length > 1 || !fromCode) job.imageTokens = this.#sumOfTokens(calls);
    const cost = fromCode ? '' : this.#cost(calls, await job.imageTokens);
    const texts = new Map<string, string>();
    const { inspections, failed } = await shown(job, { count: calls.length, cost, fromCode }, (told) =>
      runOnMany(calls, job, async (call, of) => {
        const inspection = await this.#services.tasks.run(call, of);
        texts.set(answerKey(call.images[0], call.options.altText?.language ?? ''), shortAltText(inspection.text ?? ''));
        told();
        return inspection;
      }),
    );
    const [failure] = failed;
    if (failure !== undefined && (inspections.length === 0 || fromCode))
      throw calls.length === 1 ? failure.error : manyFailed(failure, failed.length, calls.length);
    const count = await writeAltTexts(places, texts, false);
    if (!fromCode && failure !== undefined)
      void vscode.window.showWarningMessage(t('{0} of {1} images could not be described.', failed.length, calls.length));
    if (!fromCode && count > 0) confirm(`${t('Alt text written')} · ${billed(inspections)}`);
    return count;
  }

  /** What the images would cost, as the status bar says it. */
  #cost(calls: readonly TaskCall[], tokens: number | undefined): string {
    const { rules } = this.#services.tasks;
    const { date, prices } = rules.tokenBasis();
    const usd = tokens === undefined ? undefined : costUsd(rules.settingsFor(calls[0]?.images[0]).model, date, { prompt: tokens }, prices);
    return formatTokenLabel({ sign: '≈', tokens, usd, images: calls.length, show: 'both', overBudget: false });
  }

  async #sumOfTokens(calls: readonly TaskCall[]): Promise<number | undefined> {
    const usage = await this.#services.usage();
    const all = await Promise.all(
      calls.map(({ images: [address], options }) => usage.estimate(vscode.Uri.parse(address), options).catch(() => undefined)),
    );
    return all.reduce((sum: number | undefined, one) => (sum === undefined || one === undefined ? undefined : sum + one.tokens), 0);
  }

  /** One for each answer, with the words around its first place where they may go along: no words of a document that must not be sent. */
  async #wanted(places: readonly Place[], around: number): Promise<AltImage[]> {
    const { tasks, context } = this.#services;
    const wanted: AltImage[] = [];
    for (const [place] of byAnswer(places).values()) {
      if (place === undefined) continue;
      const { document, found, use, image } = place;
      const isOpen = around > 0 && !(await tasks.rules.isExcluded(document.uri.toString()));
      const words = isOpen ? wordsAround(document.getText(), found, use, Math.min(around, MOST_AROUND)) : { before: '', behind: '' };
      wanted.push({ uri: image.toString(), altText: { ...words, language: languageName(found.language) } });
    }
    const goAlong = await mayGoAlong(
      wanted.map(({ altText }) => altText),
      context.globalState,
    );
    return goAlong ? wanted : wanted.map(({ uri, altText }) => ({ uri, altText: { ...altText, before: '', behind: '' } }));
  }
}

function callFor({ uri, altText }: AltImage): TaskCall {
  return { task: 'caption', images: [uri], query: t('Alt text'), options: { altText, pointInAnswers: false } };
}

/** What was billed, as the status bar says it. */
function billed(inspections: readonly Inspection[]): string {
  const sum = (of: ({ tokens }: Inspection) => number | undefined) =>
    inspections.reduce((all: number | undefined, one) => {
      const own = of(one);
      return all === undefined || own === undefined ? undefined : all + own;
    }, 0);
  const tokens = sum(({ tokens: { total } }) => total);
  const usd = sum(({ tokens: { costUsd: own } }) => own);
  return formatTokenLabel({ sign: '✓', tokens, usd, images: inspections.length, show: 'both', overBudget: false });
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

/** What is looked through: the document or folder of a call, else what is picked; undefined where the user picks nothing. Rejects where what is named is not there. */
async function scopeOf({ uris: [named], fromCode }: CommandCall): Promise<vscode.Uri[] | undefined> {
  if (named !== undefined) {
    const uri = toUri(named);
    await vscode.workspace.fs.stat(uri);
    return [uri];
  }
  const workspace = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const active = vscode.window.activeTextEditor?.document;
  if (fromCode || active === undefined || (await imagesIn(active)) === undefined) return workspace;
  const here = { label: sanitizeForUi(vscode.workspace.asRelativePath(active.uri)), scope: [active.uri] };
  const chosen = await vscode.window.showQuickPick([here, { label: t('The whole workspace'), scope: workspace }], {
    title: t('Write Missing Alt Text'),
  });
  return chosen?.scope;
}

/** With a notification that says the cost, and by which the user can cancel, where there is someone. */
async function shown(
  job: Job,
  { count, cost, fromCode }: { count: number; cost: string; fromCode: boolean },
  run: (told: () => void) => Promise<ManyResults>,
): Promise<ManyResults> {
  if (fromCode) return run(() => undefined);
  let done = 0;
  const options = { location: vscode.ProgressLocation.Notification, title: t('Writing alt text…'), cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    token.onCancellationRequested(() => job.cancel());
    progress.report({ message: cost });
    return run(() => {
      done += 1;
      if (count > 1) progress.report({ message: t('{0} of {1}', done, count), increment: 100 / count });
    });
  });
}
