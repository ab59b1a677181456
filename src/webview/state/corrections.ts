import type { Size } from '../../core/base/geometry.ts';
import { type EditHistory, NO_EDITS, redo, undo, withEdit } from '../../core/editing/editHistory.ts';
import { applyEdits, type Edit } from '../../core/editing/edits.ts';
import type { Detection, Inspection } from '../../core/inspection/inspection.ts';
import type { SessionState } from '../../protocol.ts';

/** Corrections of a run that are not saved. */
export interface Draft {
  run: string;
  history: EditHistory;
  /** The host is making a result of it. */
  saving?: true;
}

/** What the page knows of corrections; all but `preview` is kept over a reload. */
export interface Corrections {
  /** Whether the shown run is being corrected. */
  editing: boolean;
  drafts: readonly Draft[];
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
  | { type: 'undoEdit' | 'redoEdit' | 'savingEdits' | 'savedEdits'; run: string };

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
  return drafts.filter((draft) => draft.saving && run.basedOn?.[0] === draft.run).map((draft) => draft.run);
}

/** Makes the session that is shown while a run is corrected, and keeps what it has made as long as nothing changes. */
export class CorrectedSession {
  #known: { session: SessionState; done: readonly Edit[]; objects: readonly Detection[] } | undefined;
  #last: { objects: readonly Detection[]; preview: Edit | undefined; session: SessionState } | undefined;

  of(session: SessionState, { editing, drafts, preview }: Corrections): SessionState {
    const run = session.runs.find(({ id }) => id === session.shown);
    if (!editing || session.running || !run) return session;
    const { done } = historyOf({ drafts }, run.id);
    if (done.length === 0 && preview === undefined) return session;
    const sizes: readonly Size[] = run.images;
    if (this.#known?.session !== session || this.#known.done !== done)
      this.#known = { session, done, objects: applyEdits(run.detections ?? [], done, sizes) };
    const { objects } = this.#known;
    if (this.#last?.objects === objects && this.#last.preview === preview) return this.#last.session;
    const detections = [...(preview === undefined ? objects : applyEdits(objects, [preview], sizes))];
    const made = { ...session, runs: session.runs.map((one) => (one === run ? { ...run, detections } : one)) };
    this.#last = { objects, preview, session: made };
    return made;
  }
}
