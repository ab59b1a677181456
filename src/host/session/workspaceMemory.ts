import type * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { Appearance } from '../../protocol.ts';
import { readAppearance } from './storedAppearance.ts';

const LABEL_LISTS = 'labelLists';
const APPEARANCE = 'appearance';
const MOST_LISTS = 20;

/** What is remembered of how somebody works in this workspace. */
export class WorkspaceMemory {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** The lists of labels that images were classified into, the latest first. */
  get labelLists(): string[] {
    const lists = this.#state.get<unknown>(LABEL_LISTS);
    return Array.isArray(lists) ? lists.filter((list) => typeof list === 'string') : [];
  }

  /** Takes the labels of a run that had some. */
  async rememberLabels({ task, prompt }: Pick<Inspection, 'task' | 'prompt'>): Promise<void> {
    if (task !== 'classify' || prompt === '' || prompt === this.labelLists[0]) return;
    await this.#state.update(LABEL_LISTS, [prompt, ...this.labelLists.filter((list) => list !== prompt)].slice(0, MOST_LISTS));
  }

  /** How things looked, if anybody has changed it. */
  get appearance(): Appearance | undefined {
    return readAppearance(this.#state.get(APPEARANCE)).appearance;
  }

  async rememberAppearance(appearance: Appearance): Promise<void> {
    await this.#state.update(APPEARANCE, appearance);
  }
}
