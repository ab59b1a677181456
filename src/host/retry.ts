import { InspectorError } from '../core/failure.ts';

/** Attempts in all, the first one counted. */
export const ATTEMPTS = 5;
/** Where the API names no time to wait: doubled with each attempt, with jitter, so that many clients do not come back at once. */
const FIRST_WAIT_SECONDS = 2;
/** Nobody watches a countdown for longer; the failure is shown instead. */
const LONGEST_WAIT_SECONDS = 120;

/** A wait before another attempt. */
export interface Wait {
  failure: InspectorError;
  /** The attempt to come, from 2. */
  attempt: number;
  seconds: number;
}

/**
 * Tries again what failed because the API is busy or wants fewer requests; every other failure, and the last, is thrown.
 * @param pause waits; ends early, by rejecting, when the user cancels
 * @param random from 0 to 1
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  pause: (wait: Wait) => Promise<void>,
  random: () => number = Math.random,
): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt();
    } catch (error) {
      const wait = waitAfter(error, number + 1, random);
      if (wait === undefined) throw error;
      await pause(wait);
    }
  }
}

/** How long to wait after a failure, or undefined where waiting does not help. */
function waitAfter(error: unknown, attempt: number, random: () => number): Wait | undefined {
  if (attempt > ATTEMPTS || !(error instanceof InspectorError)) return undefined;
  if (error.reason !== 'rateLimited' && error.reason !== 'overloaded') return undefined;
  const seconds = error.retryAfterSeconds ?? FIRST_WAIT_SECONDS * 2 ** (attempt - 2) * (1 + random() / 2);
  return seconds <= LONGEST_WAIT_SECONDS ? { failure: error, attempt, seconds } : undefined;
}
