import * as vscode from 'vscode';
import { nameOfAddress } from '../../core/base/addresses.ts';
import { USUAL_IOU } from '../../core/scoring/evaluate.ts';
import type { ConfusionCell } from '../../core/scoring/objectCells.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import type { SetScoreView, ToSetMessage } from '../../setProtocol.ts';
import type { ScoredOpening, SetScore } from '../labels/setScore.ts';

/** The comparison of a panel's set with labels, from its question on; kept until the panel ends or another takes its place. */
export class PanelScore {
  readonly #send: (message: ToSetMessage) => void;
  #shown: { score: SetScore; view: SetScoreView } | undefined;

  constructor(send: (message: ToSetMessage) => void) {
    this.#send = send;
  }

  /** Lets the user say where the labels are, compares, and shows what comes of it. Rejects as that does. `extension`: see `attended`. */
  async ask(set: OpenSet, extension: vscode.Uri): Promise<void> {
    const { chooseSetLabels } = await import('../labels/chooseLabels.ts');
    const chosen = await chooseSetLabels(vscode.Uri.parse(set.folder));
    if (chosen === undefined) return;
    const [{ attended }, { scoreSet }] = await Promise.all([import('../labels/attended.ts'), import('../labels/setScore.ts')]);
    const score = await attended({ fromCode: false, options: {} }, extension, (reading) => scoreSet(set, chosen.file, USUAL_IOU, reading));
    const { evaluation, places, hasConfidences, without, unreadable } = score;
    const labels = chosen.file === undefined ? '' : nameOfAddress(chosen.file.toString());
    this.#shown = { score, view: { evaluation, places, hasConfidences, without, unreadable, labels } };
    this.post();
  }

  close(): void {
    this.#shown = undefined;
    this.post();
  }

  /** To a page that may have nothing of it. */
  post(): void {
    this.#send({ type: 'score', ...(this.#shown === undefined ? {} : { score: this.#shown.view }) });
  }

  /** How an image of the set is opened against its labels, with the objects of a cell; undefined where nothing was compared. */
  opener(set: OpenSet, cell: ConfusionCell | undefined): ((key: string) => Promise<ScoredOpening | undefined>) | undefined {
    const score = this.#shown?.score;
    if (score === undefined) return undefined;
    const uris = new Map(set.rows().map(({ key, uri }) => [key, uri]));
    return async (key) => {
      const result = await set.inspection(key, { asAnswered: true });
      return result && score.open(uris.get(key) ?? '', result, cell);
    };
  }
}
