import * as vscode from 'vscode';
import type { SetRow } from '../../core/sets/inspectionSet.ts';
import type { SetView, Thumbnail, ToSetMessage } from '../../setProtocol.ts';

/** Milliseconds between two messages about what has changed. */
const EVERY = 250;

/** What the page of a set is told: once it is ready all that is known, then what has changed, that of a while together. */
export class SetPosts implements vscode.Disposable {
  readonly #webview: vscode.Webview;
  readonly #view: () => SetView | undefined;
  #isReady = false;
  /** What the page does not know yet. */
  readonly #changed = new Map<string, SetRow>();
  readonly #made: Thumbnail[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param view what is shown by now, without the rows; undefined where that is nothing yet */
  constructor(webview: vscode.Webview, view: () => SetView | undefined) {
    this.#webview = webview;
    this.#view = view;
  }

  /** The page has been loaded, also again. */
  ready(): void {
    this.#isReady = true;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#isReady = false;
  }

  rowsChanged(rows: readonly SetRow[]): void {
    for (const row of rows) this.#changed.set(row.key, row);
    this.soon();
  }

  /** `file`: undefined where no small picture can be made. */
  thumbnailMade(key: string, file: vscode.Uri | undefined): void {
    this.#made.push({ key, src: file === undefined ? '' : this.#webview.asWebviewUri(file).toString() });
    this.soon();
  }

  /** All rows, in the place of those that the page has. */
  rows(rows: readonly SetRow[]): void {
    this.#changed.clear();
    this.send({ type: 'rows', rows });
  }

  /** What has changed goes out within a moment. */
  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), EVERY);
  }

  /** What has changed goes out now. */
  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const view = this.#isReady ? this.#view() : undefined;
    if (view === undefined) return;
    if (this.#changed.size > 0) this.send({ type: 'changed', rows: [...this.#changed.values()] });
    if (this.#made.length > 0) this.send({ type: 'thumbnails', thumbnails: this.#made.splice(0) });
    this.#changed.clear();
    this.send({ type: 'set', set: { ...view, ...(vscode.l10n.bundle && { translations: vscode.l10n.bundle }) } });
  }

  send(message: ToSetMessage): void {
    if (this.#isReady) void this.#webview.postMessage(message);
  }
}
