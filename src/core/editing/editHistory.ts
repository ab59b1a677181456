import { isRecord } from '../base/shape.ts';
import type { Detection } from '../inspection/inspection.ts';
import type { Edit } from './edits.ts';

/** Steps that were done, and steps that were taken back and can be done again, the next one last. Plain JSON. */
export interface EditHistory {
  done: readonly Edit[];
  undone: readonly Edit[];
}

export const NO_EDITS: EditHistory = { done: [], undone: [] };

/** Corrections of a run that are not saved. Plain JSON. */
export interface CorrectionDraft {
  /** Its id; empty where an image without any result is annotated. */
  run: string;
  history: EditHistory;
  /** The host is making a result of it. */
  saving?: true;
}

/** Whether a stored value is what it should be; its steps are those of a page of ours. */
export function isCorrectionDraft(value: unknown): value is CorrectionDraft {
  if (!isRecord(value) || typeof value.run !== 'string' || !isRecord(value.history)) return false;
  const { done, undone } = value.history;
  return [done, undone].every((steps) => Array.isArray(steps) && steps.every(isRecord));
}

/** One step more. What was taken back before can then no longer be done again. */
export function withEdit({ done }: EditHistory, edit: Edit): EditHistory {
  const last = done.at(-1);
  return { done: last !== undefined && areOneStep(last, edit) ? [...done.slice(0, -1), edit] : [...done, edit], undone: [] };
}

function areOneStep(last: Edit, edit: Edit): boolean {
  if ((edit.kind !== 'move' && edit.kind !== 'resize') || last.kind !== edit.kind) return false;
  return last.id === edit.id && last.nudge === true && edit.nudge === true;
}

/** The same history if there is nothing to take back. */
export function undo(history: EditHistory): EditHistory {
  const last = history.done.at(-1);
  return last === undefined ? history : { done: history.done.slice(0, -1), undone: [...history.undone, last] };
}

/** The same history if there is nothing to do again. */
export function redo(history: EditHistory): EditHistory {
  const next = history.undone.at(-1);
  return next === undefined ? history : { done: [...history.done, next], undone: history.undone.slice(0, -1) };
}

/** The id of an object that is added: the number after all that there have been, so that no number means two objects. */
export function nextId(detections: readonly Detection[], { done }: EditHistory): string {
  const ids = [...detections, ...done.filter((edit) => edit.kind === 'add')].map(({ id }) => Number(id)).filter(Number.isSafeInteger);
  return String(Math.max(0, ...ids) + 1);
}
