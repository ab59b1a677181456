import * as vscode from 'vscode';
import type { Box } from '../../core/inspection/inspection.ts';
import { identitiesOf } from '../../engine/files/aliases.ts';

/** What the user wants of an image whenever it is sent. */
export interface SendWish {
  /** What is blacked out in the copy that is sent, in fractions of the upright image. */
  redactions: readonly Box[];
  /** The longest side that is sent, in pixels; 0: as it is; unset: as the setting says. */
  maxDimension?: number | undefined;
}

const NONE: SendWish = { redactions: [] };

/** The wishes for images, whatever address a file is opened by: a link, or what git shows of it. Kept until they are taken back, as long as the window is open. */
export class SendWishes implements vscode.Disposable {
  readonly #wishes = new Map<string, SendWish>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  of(uri: vscode.Uri): SendWish {
    // Where nothing is wished for, no disk has to be asked.
    return this.#wishes.size === 0 ? NONE : (this.#wishes.get(this.#keyOf(uri)) ?? NONE);
  }

  change(uri: vscode.Uri, change: Partial<SendWish>): void {
    this.#wishes.set(this.#keyOf(uri), { ...this.of(uri), ...change });
    this.#changed.fire(uri);
  }

  #keyOf(uri: vscode.Uri): string {
    const names = identitiesOf(uri);
    return names.find((name) => this.#wishes.has(name)) ?? names[0];
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
