import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { shortAltText, writeAlt } from '../../core/documents/altEdit.ts';
import { answerKey } from '../../core/documents/answerKey.ts';
import { languageName } from '../../core/documents/languageName.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import { missingIn, type Place } from './altPlaces.ts';
import { imagesIn, rangeOf } from './imagesIn.ts';

/**
 * Writes texts, by `answerKey`, into documents, in one step to undo; `isPreviewed`: the user ticks what is written. A document that was changed meanwhile is read
 * again: an image that is no longer there as it was is left alone. Resolves to the number of changes.
 */
export async function writeAltTexts(places: readonly Place[], texts: ReadonlyMap<string, string>, isPreviewed: boolean): Promise<number> {
  const edit = new vscode.WorkspaceEdit();
  let count = 0;
  for (const [document, here] of Map.groupBy(places, (place) => place.document)) {
    const now = (await imagesIn(document))?.images ?? [];
    for (const { use, image, found } of here) {
      const words = texts.get(answerKey(image.toString(), languageName(found.language))) ?? '';
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

/** Shows what a set of alternative texts would change in its documents as they are now, for the user to tick. */
export async function previewAltTexts(set: OpenSet): Promise<void> {
  const texts = new Map<string, string>();
  for await (const { uri, altText, inspection } of set.lines(({ state, review }) => state === 'done' && review !== 'rejected'))
    texts.set(answerKey(uri, altText?.language ?? ''), shortAltText(inspection?.text ?? ''));
  if (texts.size === 0) return;
  const scope = (set.documents ?? []).map((address) => vscode.Uri.parse(address));
  const { places } = await missingIn(scope);
  const isAny = places.some(({ image, found }) => texts.has(answerKey(image.toString(), languageName(found.language))));
  if (isAny) await writeAltTexts(places, texts, true);
  else void vscode.window.showInformationMessage(t('No image without alt text was found.'));
}
