import * as vscode from 'vscode';
import { identitiesOf } from '../../engine/files/aliases.ts';
import type { SendOptions } from '../../engine/task/settings.ts';

const NONE: SendOptions = { redactions: [] };

/** How the user wants images to be sent, whatever address a file is opened by: a link, or what git shows of it. Kept until it is changed, as long as the window is open. */
export class SendOptionsStore implements vscode.Disposable {
  readonly #options = new Map<string, SendOptions>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  of(uri: vscode.Uri): SendOptions {
    // Where nothing was chosen, no disk has to be asked.
    return this.#options.size === 0 ? NONE : (this.#options.get(this.#keyOf(uri)) ?? NONE);
  }

  change(uri: vscode.Uri, change: Partial<SendOptions>): void {
    this.#options.set(this.#keyOf(uri), { ...this.of(uri), ...change });
    this.#changed.fire(uri);
  }

  #keyOf(uri: vscode.Uri): string {
    const names = identitiesOf(uri);
    return names.find((name) => this.#options.has(name)) ?? names[0];
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
