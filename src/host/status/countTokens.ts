import * as vscode from 'vscode';
import { formatNumber } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { Job } from '../../engine/sending/job.ts';
import { countAll, type TokenCounter } from '../../engine/usage/tokenCounter.ts';
import { activeImage } from '../base/activeImage.ts';
import { titleOf } from '../base/imageFile.ts';
import { readSettings } from '../base/settings.ts';
import type { TokenStatus } from './tokenStatus.ts';

/** Counts tokens by the API's own count, and tells the status bar. */
export class TokenCounting {
  readonly #counter: TokenCounter;
  readonly #status: TokenStatus;

  constructor(counter: TokenCounter, status: TokenStatus) {
    this.#counter = counter;
    this.#status = status;
  }

  /**
   * The tokens of images: of several, their sum. A call from the user interface shows its course and then the number: in the status bar, and
   * in a message where that shows another image.
   */
  async count(uris: readonly vscode.Uri[], call: CommandCall): Promise<number> {
    const job = new Job(uris.length, 1, call.fromCode);
    let failure: unknown;
    const countOne = async (address: string) => {
      const uri = vscode.Uri.parse(address);
      this.#status.working(uri, { found: 0 });
      try {
        job.throwIfCancelled();
        const counted = await this.#counter.count(address, call.options, job);
        this.#status.report(uri, { ...counted, counted: counted.tokens });
        return counted;
      } catch (error) {
        // One failure fails the sum, so the others need not be asked for; that they are cancelled is not what is reported.
        failure ??= error;
        job.cancel();
        throw error;
      } finally {
        this.#status.working(uri, undefined);
      }
    };
    const count = () =>
      countAll(
        uris.map((uri) => uri.toString()),
        readSettings(uris[0]).maxConcurrency,
        countOne,
      ).catch((error: unknown) => {
        throw failure ?? error;
      });
    if (call.fromCode) return count();
    const sum = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: t('Counting tokens…'), cancellable: true },
      (_, token) => {
        token.onCancellationRequested(() => job.cancel());
        return count();
      },
    );
    const { model, statusBar } = readSettings(uris[0]);
    if (uris.length > 1) this.#status.counted(uris.length, sum, call.options.model ?? model);
    const isShown = uris.length === 1 && statusBar !== 'off' && uris[0]?.toString() === activeImage()?.toString();
    if (!isShown) notify(uris, sum);
    return sum;
  }
}

function notify(uris: readonly vscode.Uri[], sum: number): void {
  const [first] = uris;
  const name = first !== undefined && uris.length === 1 ? sanitizeForUi(titleOf(first), 80) : t('{0} images', uris.length);
  void vscode.window.showInformationMessage(t('{0}: {1} tokens, counted by Gemini.', name, formatNumber(sum)));
}
