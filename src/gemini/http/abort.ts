/**
 * Runs work with a signal of its own that follows `signal`. Settles at the latest when `signal` aborts, whether the work listens or not,
 * and ends whatever the work has left open, such as a stream that was not read to its end.
 */
export async function withAbort<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const own = new AbortController();
  const follow = (): void => own.abort(signal.reason);
  signal.addEventListener('abort', follow);
  try {
    const aborted = new Promise<never>((_, reject) => own.signal.addEventListener('abort', () => reject(own.signal.reason)));
    return await Promise.race([work(own.signal), aborted]);
  } finally {
    signal.removeEventListener('abort', follow);
    own.abort();
  }
}
