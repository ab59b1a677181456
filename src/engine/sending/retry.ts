import { backoff } from '../../core/base/backoff.ts';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';

/** Attempts in all, the first one counted. */
export const ATTEMPTS = 5;
/** The first wait where the API names no time. */
const FIRST_WAIT_SECONDS = 1;
/** Nobody watches a countdown for longer; the failure is shown instead. */
const LONGEST_WAIT_SECONDS = 120;

/** A wait before another attempt. */
export interface RetryWait {
  failure: InspectorError;
  /** The attempt to come. */
  attempt: number;
  attempts: number;
  seconds: number;
}

/** What waiting needs. */
export interface RetryClock {
  /** Milliseconds. */
  now: () => number;
  /** From 0 to 1. */
  random: () => number;
}

/**
 * Tries again what failed because the API is busy, stumbled or could not be reached, and holds back everything with the same rate-limit key (a model of an API key at an address)
 * where the API wants fewer requests: all wait for one and the same time.
 */
export class Retries {
  readonly #clock: RetryClock;
  readonly #closed = new Map<string, { until: number; failure: InspectorError }>();

  constructor(clock: RetryClock = { now: Date.now, random: Math.random }) {
    this.#clock = clock;
  }

  /**
   * Rejects with the last failure, or at once with one that no waiting helps.
   * @param sleep waits; may resolve early, and rejects when the user cancels
   */
  async run<T>(rateLimitKey: string, attempt: () => Promise<T>, sleep: (wait: RetryWait) => Promise<void>): Promise<T> {
    for (let number = 1; ; number++) {
      await this.#pass(rateLimitKey, number, sleep);
      try {
        return await attempt();
      } catch (error) {
        const wait = this.#waitAfter(error, number + 1);
        if (wait === undefined) throw number >= ATTEMPTS ? lastFailure(error) : error;
        if (wait.failure.reason === 'rateLimited') this.#close(rateLimitKey, wait);
        else await sleep(wait);
      }
    }
  }

  /** Waits as long as requests with the key are held back. Whoever has waited opens it, so that an end of the wait before its time counts for all that come after. */
  async #pass(rateLimitKey: string, attempt: number, sleep: (wait: RetryWait) => Promise<void>): Promise<void> {
    for (let gate = this.#closed.get(rateLimitKey); gate !== undefined; gate = this.#closed.get(rateLimitKey)) {
      // Also of a wait that is over already: whoever was refused is told before it is sent again.
      const seconds = Math.max(0, gate.until - this.#clock.now()) / 1000;
      await sleep({ failure: gate.failure, attempt, attempts: ATTEMPTS, seconds });
      if (this.#closed.get(rateLimitKey) === gate) this.#closed.delete(rateLimitKey);
    }
  }

  #close(rateLimitKey: string, { failure, seconds }: RetryWait): void {
    const until = this.#clock.now() + seconds * 1000;
    // Requests that were on their way together are refused one after the other; the longest wait counts.
    const known = this.#closed.get(rateLimitKey);
    if (known === undefined || until > known.until) this.#closed.set(rateLimitKey, { until, failure });
  }

  /** How long to wait after a failure, or undefined where waiting does not help. */
  #waitAfter(error: unknown, attempt: number): RetryWait | undefined {
    if (attempt > ATTEMPTS || !(error instanceof InspectorError) || !error.isTransient) return undefined;
    const seconds = error.retryAfterSeconds ?? backoff(FIRST_WAIT_SECONDS, attempt - 1, this.#clock.random());
    return seconds <= LONGEST_WAIT_SECONDS ? { failure: error, attempt, attempts: ATTEMPTS, seconds } : undefined;
  }
}

/** The failure of the last attempt. That of a busy API says that there were others. */
function lastFailure(error: unknown): unknown {
  if (!(error instanceof InspectorError) || (error.reason !== 'rateLimited' && error.reason !== 'overloaded')) return error;
  const { reason, detail, actions, retryAfterSeconds, cause } = error;
  return new InspectorError(reason, t('Gemini is still busy after {0} attempts.', ATTEMPTS), { detail, actions, retryAfterSeconds, cause });
}

/** For the log. */
export function waitLine({ failure, attempt, attempts, seconds }: RetryWait): string {
  return `waiting ${Math.ceil(seconds)} s, attempt ${attempt} of ${attempts} · ${failure.reason}`;
}
