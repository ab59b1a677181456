import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { plain } from '../../core/base/plain.ts';

/** How long is waited, in milliseconds. */
export interface TimeLimits {
  /** For an answer to begin, connection included; anew for each redirect. */
  answer: number;
  /** For the next piece of a body. */
  stall: number;
  /** For everything together. */
  total: number;
}

export const TIME_LIMITS: TimeLimits = { answer: 20_000, stall: 30_000, total: 600_000 };

/** A signal that follows another one and also aborts with `timeout` when what is waited for does not come. */
export class Patience implements Disposable {
  readonly #controller = new AbortController();
  readonly #limits: TimeLimits;
  readonly #total: NodeJS.Timeout;
  #current: NodeJS.Timeout | undefined;
  readonly signal: AbortSignal;

  constructor(followed: AbortSignal, limits: TimeLimits) {
    this.#limits = limits;
    this.signal = AbortSignal.any([followed, this.#controller.signal]);
    this.#total = setTimeout(() => this.#end(t('The image was not fetched within {0} s.', seconds(limits.total))), limits.total);
  }

  waitForAnswer(host: string): void {
    const { answer } = this.#limits;
    this.#wait(answer, () => t('{0} did not answer within {1} s.', plain(host), seconds(answer)));
  }

  waitForMore(host: string): void {
    const { stall } = this.#limits;
    this.#wait(stall, () => t('{0} sent nothing more for {1} s.', plain(host), seconds(stall)));
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#total);
    clearTimeout(this.#current);
  }

  #wait(milliseconds: number, message: () => string): void {
    clearTimeout(this.#current);
    this.#current = setTimeout(() => this.#end(message()), milliseconds);
  }

  #end(message: string): void {
    this.#controller.abort(new InspectorError('timeout', message));
  }
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds / 1000));
}
