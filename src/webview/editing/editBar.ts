import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import { historyOf } from '../state/corrections.ts';
import type { PageContext } from '../state/pageContext.ts';
import { formatCount } from '../text/format.ts';
import { toolButton } from '../widgets/toolButton.ts';
import {
  acceptAll,
  acceptObject,
  addInMiddle,
  correctedRun,
  deleteObject,
  leaveEditing,
  redoEdit,
  relabelObject,
  requestSaving,
  selectedObject,
  toggleEditing,
  undoEdit,
  unsavedEdits,
  usedLabels,
} from './correcting.ts';
import './labelEdit.ts';

/** What floats over the picture while its objects are corrected; else, where corrections wait to be saved, that they do. */
export function editBar(page: PageContext): TemplateResult | typeof nothing {
  const run = correctedRun(page);
  const unsaved = unsavedEdits(page);
  const changes = unsaved === 1 ? t('1 change not saved') : t('{0} changes not saved', formatCount(unsaved));
  if (!run) {
    if (unsaved === 0) return nothing;
    const title = t('Go on correcting (C)');
    return html`<div class="edit-bar float">${toolButton({ icon: 'edit', text: changes, title, testId: 'unsaved', click: () => toggleEditing(page) })}</div>`;
  }
  const [image] = page.session.images;
  const object = selectedObject(page);
  const { done, undone } = historyOf(page.state, run.id);
  const whole = { x: 0, y: 0, width: image?.width ?? 0, height: image?.height ?? 0 };
  return html`<div class="edit-bar region-bar float" data-testid="edit-bar" role="group" aria-label=${t('Correct Objects')}>
    ${toolButton({ icon: 'add', title: t('Add an object (A): or drag over the picture, with Shift over other objects too'), click: () => addInMiddle(page, whole) })}
    ${
      object
        ? html`<label-edit .value=${object.label} .labels=${usedLabels(page)} @label-choose=${({ detail }: CustomEvent<string>) => relabelObject(page, detail)}
            @label-leave=${() => page.focusPicture()}></label-edit>
          ${toolButton({ icon: 'check', title: t('Accept (Space)'), pressed: object.accepted === true, click: () => acceptObject(page) })}
          ${toolButton({ icon: 'trash', title: t('Delete (Delete)'), click: () => deleteObject(page) })}`
        : nothing
    }
    ${toolButton({ icon: 'check-all', title: t('Accept all'), click: () => acceptAll(page) })}
    ${toolButton({ icon: 'discard', title: t('Undo (Ctrl+Z)'), disabled: done.length === 0, click: () => undoEdit(page) })}
    ${toolButton({ icon: 'redo', title: t('Redo (Ctrl+Y)'), disabled: undone.length === 0, click: () => redoEdit(page) })}
    <span class="figures">${unsaved > 0 ? changes : page.shown.objects.length === 0 ? t('Drag over the picture to add an object') : t('No changes')}</span>
    ${toolButton({ icon: 'save', text: t('Save'), title: t('Save as a result of its own (Ctrl+S)'), disabled: done.length === 0, testId: 'save-corrections', click: () => requestSaving(page) })}
    ${toolButton({ icon: 'close', title: t('Leave correcting (Esc)'), click: () => leaveEditing(page) })}
  </div>`;
}
