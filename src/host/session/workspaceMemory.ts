import type * as vscode from 'vscode';
import { isRecord } from '../../core/base/shape.ts';
import { type CorrectionDraft, isCorrectionDraft } from '../../core/editing/editHistory.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { Appearance } from '../../protocol.ts';
import { readAppearance } from './storedAppearance.ts';

const LABEL_LISTS = 'labelLists';
const APPEARANCE = 'appearance';
const PAIRS = 'pairs';
const GIVEN_LABELS = 'givenLabels';
const DRAFTS = 'corrections';
const MOST_LISTS = 20;
const MOST_LABELS = 200;
/** Images with corrections that are not saved; the oldest are given up. */
const MOST_DRAFTS = 200;

/** The address of an image, and the corrections of it. */
type AddressedDrafts = readonly [address: string, drafts: readonly CorrectionDraft[]];

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

  /** The labels that a person gave to objects, the latest first. */
  get givenLabels(): string[] {
    const labels = this.#state.get<unknown>(GIVEN_LABELS);
    return Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : [];
  }

  async rememberGiven(labels: readonly string[]): Promise<void> {
    const given = [...new Set([...labels.filter(Boolean), ...this.givenLabels])].slice(0, MOST_LABELS);
    await this.#state.update(GIVEN_LABELS, given);
  }

  /** Corrections of an image, by its address, that are not saved. */
  draftsOf(address: string): readonly CorrectionDraft[] {
    return this.#drafts.find(([known]) => known === address)?.[1] ?? [];
  }

  async keepDrafts(address: string, drafts: readonly CorrectionDraft[]): Promise<void> {
    const others = this.#drafts.filter(([known]) => known !== address);
    if (drafts.length === 0 && others.length === this.#drafts.length) return;
    await this.#state.update(DRAFTS, drafts.length === 0 ? others : [...others, [address, drafts]].slice(-MOST_DRAFTS));
  }

  get #drafts(): readonly AddressedDrafts[] {
    const kept = this.#state.get<unknown>(DRAFTS);
    return Array.isArray(kept) ? kept.filter(areDrafts) : [];
  }

  /** How things looked, if anybody has changed it. */
  get appearance(): Appearance | undefined {
    return readAppearance(this.#state.get(APPEARANCE)).appearance;
  }

  async rememberAppearance(appearance: Appearance): Promise<void> {
    await this.#state.update(APPEARANCE, appearance);
  }

  /** The newer image that an open one is looked at beside, by their addresses. */
  newerOf(older: string): string | undefined {
    const newer = this.#pairs[older];
    return typeof newer === 'string' ? newer : undefined;
  }

  /** Has a comparison be there again after a reload, until it is given up. */
  async rememberPair(older: string, newer: string | undefined): Promise<void> {
    if (this.newerOf(older) === newer) return;
    const { [older]: _, ...others } = this.#pairs;
    await this.#state.update(PAIRS, newer === undefined ? others : { ...others, [older]: newer });
  }

  get #pairs(): Record<string, unknown> {
    const pairs = this.#state.get<unknown>(PAIRS);
    return isRecord(pairs) ? pairs : {};
  }
}

function areDrafts(value: unknown): value is AddressedDrafts {
  return Array.isArray(value) && typeof value[0] === 'string' && Array.isArray(value[1]) && value[1].every(isCorrectionDraft);
}
