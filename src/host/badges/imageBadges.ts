import PQueue from 'p-queue';
import * as vscode from 'vscode';
import { isImageName } from '../../core/base/imageNames.ts';
import { t } from '../../core/base/l10n.ts';
import { fileHash } from '../../imaging/reading/fileHash.ts';
import { openImage } from '../base/imageFile.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';

/** Larger files are not read for a badge, in bytes. */
const LARGEST = 100e6;
const MOST_AT_ONCE = 2;

/** Marks images that have stored results, whatever they are called: VS Code asks for those that are in sight. */
export class ImageBadges implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #store: InspectionStore;
  readonly #changed = new vscode.EventEmitter<vscode.Uri[] | undefined>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #queue = new PQueue({ concurrency: MOST_AT_ONCE });
  readonly #subscriptions: vscode.Disposable;

  constructor(store: InspectionStore) {
    this.#store = store;
    const again = () => this.#changed.fire(undefined);
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      store.onDidAdd(again),
      store.onDidDelete(again),
      store.onDidClear(again),
      vscode.window.registerFileDecorationProvider(this),
    );
  }

  dispose(): void {
    this.#queue.clear();
    this.#subscriptions.dispose();
  }

  async provideFileDecoration(uri: vscode.Uri, token: vscode.CancellationToken): Promise<vscode.FileDecoration | undefined> {
    if (uri.scheme !== 'file' || !isImageName(uri.path)) return undefined;
    const results = await this.#queue.add(() => (token.isCancellationRequested ? 0 : this.#resultsOf(uri)));
    if (results === 0) return undefined;
    return new vscode.FileDecoration('✓', results === 1 ? t('1 result of Image Inspector') : t('{0} results of Image Inspector', results));
  }

  async #resultsOf(uri: vscode.Uri): Promise<number> {
    try {
      const source = await openImage(uri);
      return source.size > LARGEST ? 0 : await this.#store.count(await fileHash(source));
    } catch {
      return 0;
    }
  }
}
