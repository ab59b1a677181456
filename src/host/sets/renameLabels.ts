import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { SetRow } from '../../core/sets/inspectionSet.ts';
import { type Renaming, renamedCounts, renamedInspection } from '../../core/sets/renamedLabels.ts';
import { labelTotals, mayHaveLabel } from '../../core/sets/setRows.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';

/** An image in which objects get another label. */
interface RenamedImage {
  key: string;
  /** Objects by the label that they have. */
  counts: ReadonlyMap<string, number>;
}

/**
 * Renames labels over a set, or merges them: asks which and how, shows the images with what would change in them, and makes a result of the person of each that is left
 * chosen. The answers stay, and it can be undone. `label`: with which it begins.
 */
export async function renameLabels(set: OpenSet, label: string | undefined): Promise<void> {
  const renaming = await askForRenaming(set.rows(), label);
  if (renaming === undefined) return;
  const images = await attend(t('Looking for objects'), (signal, progress) => affectedImages(set, renaming, { signal, progress }));
  const keys = await preview(images, renaming);
  if (keys === undefined || keys.size === 0) return;
  const made = await attend(t('Renaming labels'), (signal, progress) =>
    set.reviews.correct(
      (inspection) => renamedInspection(inspection, renaming, { id: randomUUID(), createdAt: new Date().toISOString() }),
      { isWanted: ({ key }) => keys.has(key), signal, onProgress: progress },
    ),
  );
  const undo = t('Undo');
  const said = made.images === 1 ? t('Labels renamed in 1 image.') : t('Labels renamed in {0} images.', made.images);
  if ((await vscode.window.showInformationMessage(said, undo)) === undo) await made.undo();
}

/** Lets the user choose labels, then their name. */
async function askForRenaming(rows: readonly SetRow[], begin: string | undefined): Promise<Renaming | undefined> {
  const totals = labelTotals(rows);
  if (totals.length === 0) throw new InspectorError('emptyReply', t('There are no labels in this set yet.'));
  const items = totals.map(({ label, objects, images }) => ({
    label: shown(label),
    description: `${objectsText(objects)}, ${imagesText(images)}`,
    picked: label === begin,
    value: label,
  }));
  const title = t('Rename or Merge Labels');
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true, placeHolder: t('Labels that get another name') });
  const [first, ...others] = chosen ?? [];
  if (first === undefined) return undefined;
  const to = await vscode.window.showInputBox({
    title: others.length === 0 ? t('Rename "{0}"', shown(first.value)) : t('Merge {0} Labels', others.length + 1),
    prompt: t('The new name. That of another label merges them.'),
    value: first.value,
    validateInput: (text) => (text.trim() === '' ? t('Enter a label.') : undefined),
  });
  return to === undefined ? undefined : { from: new Set([first, ...others].map(({ value }) => value)), to: to.trim() };
}

async function affectedImages(
  set: OpenSet,
  renaming: Renaming,
  { signal, progress }: { signal: AbortSignal; progress: (done: number, of: number) => void },
): Promise<RenamedImage[]> {
  const wanted = new Set(set.rows().flatMap((row) => (row.state === 'done' && mayHaveLabel(row, renaming.from) ? row.key : [])));
  const images: RenamedImage[] = [];
  let done = 0;
  for await (const { key, inspection } of set.lines((row) => wanted.has(row.key))) {
    signal.throwIfAborted();
    progress(++done, wanted.size);
    const counts = inspection && renamedCounts(inspection, renaming);
    if (counts !== undefined && counts.size > 0) images.push({ key, counts });
  }
  return images;
}

/** Shows what would change in which image; resolves to the keys of the images that the user leaves chosen, undefined when the user gave up. */
async function preview(images: readonly RenamedImage[], { to }: Renaming): Promise<ReadonlySet<string> | undefined> {
  if (images.length === 0) throw new InspectorError('emptyReply', t('No object would get another label.'));
  const items = images.map(({ key, counts }) => ({
    label: sanitizeForUi(key, 200),
    description: [...counts].map(([label, count]) => `${count} × ${shown(label)} → ${shown(to)}`).join(', '),
    picked: true,
    key,
  }));
  const objects = images.reduce((sum, { counts }) => sum + [...counts.values()].reduce((all, count) => all + count, 0), 0);
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Rename to "{0}": {1}, {2}', shown(to), objectsText(objects), imagesText(images.length)),
    placeHolder: t('Images in which labels are renamed; the answers of the model stay'),
    canPickMany: true,
    matchOnDescription: true,
  });
  return chosen && new Set(chosen.map(({ key }) => key));
}

/** Does something for many images, with its progress, to be canceled. */
function attend<T>(title: string, work: (signal: AbortSignal, progress: (done: number, of: number) => void) => Promise<T>): Thenable<T> {
  const controller = new AbortController();
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
    token.onCancellationRequested(() => controller.abort(new InspectorError('cancelled', t('Cancelled.'))));
    let told = 0;
    return work(controller.signal, (done, of) => {
      progress.report({ message: t('{0} of {1} images', done, of), increment: (100 * (done - told)) / of });
      told = done;
    });
  });
}

function shown(label: string): string {
  return sanitizeForUi(label, 60) || t('no label');
}

function objectsText(count: number): string {
  return count === 1 ? t('1 object') : t('{0} objects', count);
}

function imagesText(count: number): string {
  return count === 1 ? t('1 image') : t('{0} images', count);
}
