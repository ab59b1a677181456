import { type CorrectionDraft, type EditHistory, NO_EDITS, redo, undo, withEdit } from '../../core/editing/editHistory.ts';
import { applyEdits, type Edit } from '../../core/editing/edits.ts';
import { correctableObjects } from '../../core/editing/personInspection.ts';
import type { Detection, Inspection } from '../../core/inspection/inspection.ts';
import { unaskedInspection } from '../../core/inspection/unaskedInspection.ts';
import type { SessionState } from '../../protocol.ts';
import { isObjectTask } from '../result/shownResult.ts';

/** What the page knows of corrections; all but `preview` is kept over a reload. */
export interface Corrections {
  /** Whether the shown run is being corrected. */
  editing: boolean;
  drafts: readonly CorrectionDraft[];
  /** What a pointer is doing at present. */
  preview: Edit | undefined;
  /** The label that was given last. */
  lastLabel: string;
}

export type CorrectionAction =
  | { type: 'editing'; on: boolean }
  /** Shows a step that is not done yet. */
  | { type: 'preview'; edit: Edit | undefined }
  | { type: 'edit'; run: string; edit: Edit }
  | { type: 'undoEdit' | 'redoEdit' | 'savingEdits' | 'savedEdits'; run: string }
  /** What an earlier page of the image has left. */
  | { type: 'draftsKept'; drafts: readonly CorrectionDraft[] };

export const NO_CORRECTIONS: Corrections = { editing: false, drafts: [], preview: undefined, lastLabel: '' };

/** Of so many runs corrections are kept. */
const MOST_DRAFTS = 20;

/** What has become of a run's objects so far. */
export function historyOf({ drafts }: Pick<Corrections, 'drafts'>, run: string | undefined): EditHistory {
  return drafts.find((draft) => draft.run === run)?.history ?? NO_EDITS;
}

export function reduceCorrections<State extends Corrections>(state: State, action: CorrectionAction): State {
  switch (action.type) {
    case 'editing':
      return { ...state, editing: action.on, preview: undefined };
    case 'preview':
      return { ...state, preview: action.edit };
    case 'edit': {
      const { edit } = action;
      const lastLabel = edit.kind === 'add' || edit.kind === 'relabel' ? edit.label : state.lastLabel;
      return { ...withHistory(state, action.run, (history) => withEdit(history, edit)), preview: undefined, lastLabel };
    }
    case 'undoEdit':
      return withHistory(state, action.run, undo);
    case 'redoEdit':
      return withHistory(state, action.run, redo);
    case 'savingEdits':
      return {
        ...state,
        editing: false,
        preview: undefined,
        drafts: state.drafts.map((draft) => (draft.run === action.run ? { ...draft, saving: true as const } : draft)),
      };
    case 'draftsKept': {
      const others = action.drafts.filter(({ run }) => !state.drafts.some((draft) => draft.run === run));
      return others.length === 0 ? state : { ...state, drafts: [...others, ...state.drafts].slice(-MOST_DRAFTS) };
    }
    case 'savedEdits':
      return { ...state, drafts: state.drafts.filter(({ run }) => run !== action.run) };
    default:
      return action satisfies never;
  }
}

function withHistory<State extends Corrections>(state: State, run: string, change: (history: EditHistory) => EditHistory): State {
  const before = historyOf(state, run);
  const history = change(before);
  if (history === before) return state;
  return { ...state, drafts: [...state.drafts.filter((draft) => draft.run !== run), { run, history }].slice(-MOST_DRAFTS) };
}

/** The runs whose corrections the host has made this result of. */
export function savedFrom({ drafts }: Pick<Corrections, 'drafts'>, run: Inspection | undefined): string[] {
  if (run?.source !== 'person') return [];
  return drafts.filter((draft) => draft.saving && (run.basedOn?.[0] ?? draft.run) === draft.run).map((draft) => draft.run);
}

/** Makes the session that is shown while a run is corrected, and keeps what it has made as long as nothing changes. */
export class CorrectedSession {
  #known: { session: SessionState; done: readonly Edit[]; run: Inspection; objects: readonly Detection[] } | undefined;
  #last: { objects: readonly Detection[]; preview: Edit | undefined; session: SessionState } | undefined;

  of(session: SessionState, { editing, drafts, preview }: Corrections): SessionState {
    if (!editing || session.running || session.pair) return session;
    const stored = session.runs.find(({ id }) => id === session.shown);
    const { done } = historyOf({ drafts }, stored?.id ?? '');
    const isAsStored = stored !== undefined && isObjectTask(stored.task);
    if (isAsStored && done.length === 0 && preview === undefined) return session;
    if (this.#known?.session !== session || this.#known.done !== done) {
      const run = isAsStored ? stored : ownRun(session, stored);
      this.#known = { session, done, run, objects: applyEdits(run.detections ?? [], done, run.images) };
    }
    const { objects, run } = this.#known;
    if (this.#last?.objects === objects && this.#last.preview === preview) return this.#last.session;
    const detections = [...(preview === undefined ? objects : applyEdits(objects, [preview], run.images))];
    const corrected = { ...run, detections };
    const runs = stored === undefined ? [...session.runs, corrected] : session.runs.map((one) => (one === stored ? corrected : one));
    const made = { ...session, runs, shown: run.id };
    this.#last = { objects, preview, session: made };
    return made;
  }
}

/** What a person begins with where there is no result with objects. It stands in the place of the run that is shown, if there is one. */
function ownRun({ images: [image] }: SessionState, stored: Inspection | undefined): Inspection {
  const { uri = '', width = 0, height = 0 } = image ?? {};
  return unaskedInspection({
    id: stored?.id ?? '',
    createdAt: stored?.createdAt ?? '',
    source: 'person',
    images: stored?.images ?? [{ uri, sha256: '', mimeType: '', width, height }],
    detections: [...correctableObjects(stored)],
    dropped: [],
    complete: true,
    raw: '',
  });
}
