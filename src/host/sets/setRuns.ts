import * as vscode from 'vscode';
import { formatNumber } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { endedOf } from '../../core/sets/setEnded.ts';
import type { OpenSet } from '../../engine/sets/openSet.ts';
import { SetLock } from '../../engine/sets/setLock.ts';

/** Milliseconds between two looks at the figures. */
const EVERY = 1000;

/** The sets that run in this window, whoever looks: the status bar says how far they are. */
export class SetRuns implements vscode.Disposable {
  readonly #folder: vscode.Uri;
  readonly #running = new Map<string, { set: OpenSet; end: Promise<void> }>();
  readonly #elsewhere = new Set<string>();
  readonly #changed = new vscode.EventEmitter<string>();
  /** Fires with the id of a set that begins or ends to run. */
  readonly onDidChange = this.#changed.event;
  readonly #stalled = new vscode.EventEmitter<OpenSet>();
  /** Fires with a set whose batch has not answered all: what is left is the user's to decide. */
  readonly onDidStall = this.#stalled.event;
  readonly #ended = new vscode.EventEmitter<OpenSet>();
  /** Fires with a set of which nothing is left. */
  readonly onDidEnd = this.#ended.event;
  #item: vscode.StatusBarItem | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param folder of all sets */
  constructor(folder: vscode.Uri) {
    this.#folder = folder;
  }

  /** True for a set that another window had in its hands when this one wanted to run it. */
  isElsewhere(id: string): boolean {
    return this.#elsewhere.has(id);
  }

  /** Runs a set until nothing is left. Rejects where it waits for the user, with the reason. */
  run(set: OpenSet, fromCode = false): Promise<void> {
    const running = this.#running.get(set.id);
    if (running !== undefined) return running.end;
    const end = this.#toTheEnd(set, fromCode).finally(() => {
      this.#running.delete(set.id);
      this.#changed.fire(set.id);
      this.#tell();
    });
    this.#running.set(set.id, { set, end });
    void end.then(
      () => set.phase.phase === 'ended' && this.#ended.fire(set),
      () => undefined,
    );
    this.#changed.fire(set.id);
    this.#tell();
    return end;
  }

  async #toTheEnd(set: OpenSet, fromCode: boolean): Promise<void> {
    this.#elsewhere.delete(set.id);
    try {
      const end = await set.run({ fromCode });
      if (end.isEnded) return;
      if (end.isStalled === true) this.#stalled.fire(set);
      else if (end.reason !== undefined) throw end.reason;
    } catch (error) {
      if (!set.isRunning && (await SetLock.isTaken(vscode.Uri.joinPath(this.#folder, set.id).fsPath))) this.#elsewhere.add(set.id);
      throw error;
    }
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#item?.dispose();
    this.#changed.dispose();
    this.#stalled.dispose();
    this.#ended.dispose();
  }

  #tell(): void {
    const [first, ...others] = [...this.#running.values()].map(({ set }) => set);
    if (first === undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#item?.hide();
      return;
    }
    this.#item ??= vscode.window.createStatusBarItem('imageInspector.sets', vscode.StatusBarAlignment.Right, 90);
    this.#item.name = t('Image Inspector: Sets');
    this.#timer ??= setInterval(() => this.#tell(), EVERY).unref();
    const { ended, all } = endedOf(first.counts());
    const done = t('{0} of {1} images', formatNumber(ended), formatNumber(all));
    this.#item.text = `$(layers) ${done}${others.length > 0 ? ` +${others.length}` : ''}`;
    this.#item.tooltip = [first, ...others].map(describeSet).join('\n');
    this.#item.command = { title: t('Open Set'), command: 'imageInspector.openSet', arguments: [{ id: first.id, reveal: true }] };
    this.#item.show();
  }
}

/** Such as "Batch of 4,812 images: 3,000 done". */
export function describeSet(set: OpenSet): string {
  const counts = set.counts();
  const all = formatNumber(endedOf(counts).all);
  const done = formatNumber(counts.done);
  const text = set.task.speed === 'batch' ? t('Batch of {0} images: {1} done', all, done) : t('Set of {0} images: {1} done', all, done);
  return counts.failed === 0 ? text : `${text}, ${t('{0} failed', formatNumber(counts.failed))}`;
}
