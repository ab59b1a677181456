import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';

/** One piece of work that the user can cancel: a task on one image, or on several. */
export class Job {
  readonly #controller = new AbortController();
  readonly #waits = new Set<() => void>();
  /** How many images the job is about: consent is asked once for all of them. */
  readonly imageCount: number;
  /** How often each of its requests is made. */
  readonly times: number;
  /** True where a program runs it, and not someone at the screen. */
  readonly fromCode: boolean;
  /** True for a set of images, which goes on by itself: nobody is asked about one of them. */
  isSet = false;
  /** The answers to the question whether the job's images may be sent, once it was asked, by what goes where. */
  readonly consents = new Map<string, Promise<boolean | 'once'>>();
  /** Of each image of a request that is made several times, what was prepared first, by its place: hexadecimal hashes. Each time it has to be the same. */
  readonly bodies = new Map<number, string>();
  /** Tokens of all images of the job, where there are several; resolves to undefined if they cannot be estimated. */
  imageTokens: Promise<number | undefined> | undefined;

  /** Where its requests ask in several ways: how many images they are about, which models they ask, and what all of them come to. */
  several: { images: number; models: readonly string[]; costUsd: readonly [number, number]; unpriced: readonly string[] } | undefined;

  constructor(imageCount = 1, times = 1, fromCode = false) {
    this.imageCount = imageCount;
    this.times = times;
    this.fromCode = fromCode;
  }

  /** Aborted with an InspectorError as its reason: `cancelled` or `timeout`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(): void {
    this.#controller.abort(new InspectorError('cancelled', t('Cancelled.')));
  }

  /** Resolves after the time, or when the user wants to go on; rejects when the job is cancelled. */
  async wait(milliseconds: number): Promise<void> {
    const { signal } = this;
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const finish = () => settle(resolve);
      const cancelled = () => settle(() => reject(signal.reason));
      const timer = setTimeout(finish, milliseconds);
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.#waits.delete(finish);
        signal.removeEventListener('abort', cancelled);
        how();
      };
      this.#waits.add(finish);
      signal.addEventListener('abort', cancelled, { once: true });
    });
  }

  /** Ends every wait before its time. */
  skipWait(): void {
    for (const end of [...this.#waits]) end();
  }

  /** Resolves to false when the job is cancelled. */
  cancelled(): Promise<false> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve(false);
      else this.signal.addEventListener('abort', () => resolve(false), { once: true });
    });
  }

  throwIfCancelled(): void {
    this.signal.throwIfAborted();
  }
}
