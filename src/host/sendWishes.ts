import * as vscode from 'vscode';
import type { Box } from '../core/inspection.ts';

/** What the user wants of an image whenever it is sent. */
export interface SendWish {
  /** What is blacked out in the copy that is sent, in fractions of the upright image. */
  redactions: readonly Box[];
  /** The longest side that is sent, in pixels; 0: as it is; unset: as the setting says. */
  maxDimension?: number | undefined;
}

const NONE: SendWish = { redactions: [] };

/** The wishes for images, by their addresses: kept until they are taken back, as long as the window is open. */
export class SendWishes implements vscode.Disposable {
  readonly #wishes = new Map<string, SendWish>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  of(uri: vscode.Uri): SendWish {
    return this.#wishes.get(uri.toString()) ?? NONE;
  }

  change(uri: vscode.Uri, change: Partial<SendWish>): void {
    this.#wishes.set(uri.toString(), { ...this.of(uri), ...change });
    this.#changed.fire(uri);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
