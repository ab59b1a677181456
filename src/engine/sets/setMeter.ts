import { expectedCost, expectedOutputRange, narrowedOutput, type SetProgress } from '../../core/sets/forecast.ts';
import type { SetTask } from '../../core/sets/inspectionSet.ts';
import type { JournalState } from '../../core/sets/journal.ts';
import { isSettled } from '../../core/sets/setEnded.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';

/** Milliseconds over which the images a minute are counted. */
const WINDOW = 180_000;
/** Milliseconds after which there is a pace. */
const SHORTEST = 5000;
/** Bills by which the forecast is narrowed. */
const MOST_BILLS = 500;

/** Measures how a set goes: images, pace, cost so far and expected. */
export class SetMeter {
  readonly #now: () => number;
  /** When images came to their end. */
  #settledAt: number[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** So many images have come to their end now. */
  settled(images: number): void {
    const now = this.#now();
    for (let image = 0; image < images; image++) this.#settledAt.push(now);
    while ((this.#settledAt[0] ?? now) < now - WINDOW) this.#settledAt.shift();
  }

  progress({ images, costUsd }: Pick<JournalState, 'images' | 'costUsd'>, task: SetTask, basis: TokenBasis): SetProgress {
    const waiting = images.filter((image) => !isSettled(image));
    const asked = waiting.filter(({ twin }) => twin === undefined);
    const inputTokens = asked.reduce((sum, { tokens }) => sum + tokens, 0);
    const outputs = images.flatMap(({ billed = 0, tokens }) => (billed === 0 ? [] : Math.max(0, billed - tokens)));
    const output = narrowedOutput(expectedOutputRange(task, basis.date), outputs.slice(0, MOST_BILLS));
    const expectedUsd = expectedCost(task, { spent: costUsd ?? 0, waiting: asked.length, inputTokens, output }, basis);
    const perMinute = this.#pace();
    return {
      settled: images.length - waiting.length,
      images: images.length,
      ...(perMinute === undefined ? {} : { perMinute, remaining: (waiting.length / perMinute) * 60_000 }),
      ...(costUsd === undefined ? {} : { costUsd }),
      ...(expectedUsd === undefined ? {} : { expectedUsd }),
    };
  }

  #pace(): number | undefined {
    const now = this.#now();
    const recent = this.#settledAt.filter((at) => at > now - WINDOW);
    const [first] = recent;
    // What ends within a moment tells of nothing: several are sent together.
    return first === undefined || recent.length < 2 || now - first < SHORTEST ? undefined : (recent.length / (now - first)) * 60_000;
  }
}
