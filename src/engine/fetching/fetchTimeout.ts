import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { Timeout } from '../../gemini/http/timeout.ts';

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

/** The two clocks of a fetch: one for all of it, and one for what is waited for next. Its signal follows another one and aborts with `timeout`. */
export class FetchTimeout implements Disposable {
  readonly #limits: TimeLimits;
  readonly #total: Timeout;
  readonly #next: Timeout;

  constructor(followed: AbortSignal, limits: TimeLimits, host: string) {
    this.#limits = limits;
    this.#total = new Timeout(followed, limits.total, () => failure(t('The image was not fetched within {0} s.', seconds(limits.total))));
    this.#next = new Timeout(this.#total.signal, limits.answer, () => noAnswer(host, limits.answer));
  }

  get signal(): AbortSignal {
    return this.#next.signal;
  }

  waitForAnswer(host: string): void {
    const { answer } = this.#limits;
    this.#next.restart(answer, () => noAnswer(host, answer));
  }

  waitForMore(host: string): void {
    const { stall } = this.#limits;
    this.#next.restart(stall, () => failure(t('{0} sent nothing more for {1} s.', sanitizeForUi(host), seconds(stall))));
  }

  [Symbol.dispose](): void {
    this.#total[Symbol.dispose]();
    this.#next[Symbol.dispose]();
  }
}

function noAnswer(host: string, milliseconds: number): InspectorError {
  return failure(t('{0} did not answer within {1} s.', sanitizeForUi(host), seconds(milliseconds)));
}

function failure(message: string): InspectorError {
  return new InspectorError('timeout', message);
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds / 1000));
}
