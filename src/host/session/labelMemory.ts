import type * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';

const KEY = 'labelLists';
const MOST_LISTS = 20;

/** The lists of labels that images were classified into in this workspace, the latest first. */
export class LabelMemory {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get lists(): string[] {
    const lists = this.#state.get<unknown>(KEY);
    return Array.isArray(lists) ? lists.filter((list) => typeof list === 'string') : [];
  }

  /** Takes the labels of a run that had some. */
  async remember({ task, prompt }: Pick<Inspection, 'task' | 'prompt'>): Promise<void> {
    if (task !== 'classify' || prompt === '' || prompt === this.lists[0]) return;
    await this.#state.update(KEY, [prompt, ...this.lists.filter((list) => list !== prompt)].slice(0, MOST_LISTS));
  }
}
