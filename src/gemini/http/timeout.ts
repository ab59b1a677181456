import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';

/** A signal that follows another one, and also aborts with a failure when nothing was heard for a while. */
export class Timeout implements Disposable {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  #milliseconds: number;
  #failure: () => InspectorError;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(followed: AbortSignal, milliseconds: number, failure: () => InspectorError) {
    this.signal = AbortSignal.any([followed, this.#controller.signal]);
    this.#milliseconds = milliseconds;
    this.#failure = failure;
    this.restart();
  }

  /** To be called at each sign of life; what is waited for next may have its own time and failure. */
  restart(milliseconds = this.#milliseconds, failure = this.#failure): void {
    this.stop();
    this.#milliseconds = milliseconds;
    this.#failure = failure;
    // The network may ask for one piece more of a request that has ended.
    if (this.#isOver || this.signal.aborted) return;
    this.#timer = setTimeout(() => {
      // What was cancelled meanwhile has not timed out.
      if (!this.signal.aborted) this.#controller.abort(this.#failure());
    }, milliseconds);
  }

  /** Stops the clock for as long as nothing is asked; `restart` sets it going. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Throws the failure where the silence was the reason for the error, else the error. */
  rethrow(error: unknown): never {
    throw this.#controller.signal.aborted ? this.#controller.signal.reason : error;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.stop();
  }
}

/** The failure of a connection on which nothing moves any more. */
export function stalled(): InspectorError {
  return new InspectorError('timeout', t('Gemini did not answer in time.'), { actions: ['tryAgain', 'openLog'] });
}
