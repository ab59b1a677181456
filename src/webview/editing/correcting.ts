import { t } from '../../core/base/l10n.ts';
import { snappedBox } from '../../core/editing/boxes.ts';
import { nextId } from '../../core/editing/editHistory.ts';
import type { Edit } from '../../core/editing/edits.ts';
import { correctableObjects } from '../../core/editing/personInspection.ts';
import type { Box, Detection, Inspection } from '../../core/inspection/inspection.ts';
import { isObjectTask } from '../result/shownResult.ts';
import { historyOf } from '../state/corrections.ts';
import type { PageContext } from '../state/pageContext.ts';
import { objectCount } from '../text/counts.ts';
import { formatCount } from '../text/format.ts';
import { shownLabel } from '../text/objectText.ts';

/** Whether objects can be corrected or added: of what is shown, of one image, alone. */
export function canCorrect({ shown, session, review }: PageContext): boolean {
  const { compared, images } = shown;
  const [image] = session.images;
  if (compared || review || session.running || session.pair || images.length !== 1) return false;
  return image !== undefined && !image.problem && image.width > 0;
}

/** Whether there is no result with objects yet: the person alone makes one. */
export function isFromScratch({ shown: { run } }: PageContext): boolean {
  return run === undefined || !isObjectTask(run.task);
}

/** The run that is being corrected, as it is by now. */
export function correctedRun(page: PageContext): Inspection | undefined {
  return page.state.editing && canCorrect(page) ? page.shown.run : undefined;
}

/** How many steps are not saved. */
export function unsavedEdits(page: PageContext): number {
  return canCorrect(page) ? historyOf(page.state, page.session.shown ?? '').done.length : 0;
}

export function toggleEditing(page: PageContext): void {
  if (leaveEditing(page)) return;
  if (!canCorrect(page)) {
    page.say(t('There are no objects to correct here.'));
    return;
  }
  const hasNone = isFromScratch(page);
  page.dispatch({ type: 'editing', on: true });
  page.focusPicture();
  page.say(
    hasNone
      ? t('Annotating the image. A adds an object, Tab goes from one to the next.')
      : t('Correcting objects. Tab goes from one to the next.'),
  );
}

/** Begins what the host asks for, once the picture is there. */
export function beginAsked(page: PageContext): void {
  if (!canCorrect(page)) return;
  page.post({ type: 'correctTaken' });
  if (!page.state.editing) toggleEditing(page);
}

/** Nothing is asked: what was changed stays, to be saved later. Returns whether something was being corrected. */
export function leaveEditing(page: PageContext): boolean {
  if (!page.state.editing) return false;
  const unsaved = unsavedEdits(page);
  page.dispatch({ type: 'editing', on: false });
  page.focusPicture();
  page.say(unsaved > 0 ? t('Correcting left. {0} changes not saved.', formatCount(unsaved)) : t('Correcting left.'));
  return true;
}

/** One step, and what is said of it. */
export function edit(page: PageContext, step: Edit, said: string): void {
  const run = correctedRun(page);
  if (!run) return;
  page.dispatch({ type: 'edit', run: run.id, edit: step });
  page.say(said);
}

/** The selected object, as it is by now. */
export function selectedObject(page: PageContext): Detection | undefined {
  return page.shown.objects.find(({ detection }) => detection.id === page.state.selected)?.detection;
}

/** Adds an object with the label that was given last, and selects it. */
export function addObject(page: PageContext, box: Box): void {
  const run = correctedRun(page);
  if (!run) return;
  // Objects that were deleted have numbers too.
  const stored = page.session.runs.find(({ id }) => id === run.id)?.detections ?? [];
  const id = nextId(stored, historyOf(page.state, run.id));
  const { lastLabel } = page.state;
  const label = lastLabel || selectedObject(page)?.label || (page.shown.objects[0]?.detection.label ?? page.session.givenLabels?.[0] ?? '');
  edit(page, { kind: 'add', id, label, imageIndex: 0, box }, t('Object {0} added: {1}', id, shownLabel(label)));
  page.dispatch({ type: 'select', id });
}

/** Adds an object in the middle of a part of the picture (image pixels), of a quarter of its sides. */
export function addInMiddle(page: PageContext, part: Box): void {
  const [image] = page.session.images;
  if (!image) return;
  const { x, y, width, height } = part;
  addObject(page, snappedBox({ x: x + width * 0.375, y: y + height * 0.375, width: width / 4, height: height / 4 }, image));
}

export function deleteObject(page: PageContext): void {
  const object = selectedObject(page);
  if (!object) return;
  const ids = page.shown.objects.map(({ detection }) => detection.id);
  const at = ids.indexOf(object.id);
  edit(page, { kind: 'delete', id: object.id }, t('Object {0} deleted.', object.id));
  page.dispatch({ type: 'select', id: ids[at + 1] ?? ids[at - 1] });
}

export function relabelObject(page: PageContext, label: string): void {
  const object = selectedObject(page);
  if (object && label !== object.label)
    edit(page, { kind: 'relabel', id: object.id, label }, t('Object {0}: {1}', object.id, shownLabel(label)));
}

/** Accepts the selected object, or takes that back. */
export function acceptObject(page: PageContext): void {
  const object = selectedObject(page);
  if (!object) return;
  const accepted = object.accepted !== true;
  const said = accepted ? t('Object {0} accepted.', object.id) : t('Object {0} no longer accepted.', object.id);
  edit(page, { kind: 'accept', ids: [object.id], accepted }, said);
}

export function acceptAll(page: PageContext): void {
  const ids = page.shown.objects.filter(({ detection }) => !detection.accepted).map(({ detection }) => detection.id);
  if (ids.length > 0) edit(page, { kind: 'accept', ids, accepted: true }, t('{0} accepted.', objectCount(ids.length)));
}

export function undoEdit(page: PageContext): void {
  step(page, 'undoEdit', historyOf(page.state, correctedRun(page)?.id).done.at(-1), t('Undone.'), t('Nothing to undo.'));
}

export function redoEdit(page: PageContext): void {
  step(page, 'redoEdit', historyOf(page.state, correctedRun(page)?.id).undone.at(-1), t('Done again.'), t('Nothing to redo.'));
}

/** Goes to the object that the step is about. */
function step(page: PageContext, type: 'undoEdit' | 'redoEdit', about: Edit | undefined, done: string, nothing: string): void {
  const run = correctedRun(page);
  if (!run) return;
  if (about === undefined) {
    page.say(nothing);
    return;
  }
  page.dispatch({ type, run: run.id });
  const isGone = (about.kind === 'add' && type === 'undoEdit') || (about.kind === 'delete' && type === 'redoEdit');
  if (about.kind !== 'accept') page.dispatch({ type: 'select', id: isGone ? undefined : about.id });
  page.say(done);
}

/** Has the host make a result of the corrections, beside the run that they correct. */
export function requestSaving(page: PageContext): void {
  const run = correctedRun(page);
  if (!run) return;
  const { done } = historyOf(page.state, run.id);
  if (done.length === 0) {
    page.say(t('Nothing to save.'));
    return;
  }
  page.post({ type: 'saveCorrections', run: run.id, edits: [...done] });
  page.dispatch({ type: 'savingEdits', run: run.id });
  page.focusPicture();
}

/** Labels that are used in the runs of the image and were used in this workspace. */
export function usedLabels({ session, shown }: PageContext): string[] {
  const inRuns = session.runs.flatMap((run) => correctableObjects(run).map(({ label }) => label));
  const lists = (session.labelLists ?? []).flatMap((list) => list.split(',').map((label) => label.trim()));
  const here = shown.objects.map(({ detection }) => detection.label);
  return [...new Set([...here, ...inRuns, ...(session.givenLabels ?? []), ...lists])].filter(Boolean);
}
