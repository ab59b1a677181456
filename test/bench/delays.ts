import { createHistogram } from 'node:perf_hooks';
import { printGoal } from './report.ts';

/** Milliseconds between the looks at the event loop, which are no part of its delays. */
const EVERY = 1;

/**
 * How long the event loop of the editor's thread is kept, over all the times between `start` and `stop`. `monitorEventLoopDelay` cannot be stopped between:
 * it counts the time until it goes on as a delay.
 */
export class DelayWatch {
  readonly #delays = createHistogram();
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  start(): void {
    this.#last = performance.now();
    this.#timer = setInterval(() => this.#look(), EVERY);
  }

  stop(): void {
    clearInterval(this.#timer);
    // What keeps the loop at the very end counts too.
    this.#look();
  }

  /** Prints the goals: 99.9 % of the delays, and the longest. */
  print(job: string): void {
    const milliseconds = (nanoseconds: number) => nanoseconds / 1e6;
    printGoal(`Event loop, ${job}: 99.9 % of ${this.#delays.count} delays`, milliseconds(this.#delays.percentile(99.9)), 50, 'ms');
    printGoal(`Event loop, ${job}: longest delay`, milliseconds(this.#delays.max), 200, 'ms');
  }

  toString(): string {
    const milliseconds = (nanoseconds: number) => `${(nanoseconds / 1e6).toFixed(1)} ms`;
    return `99.9 % under ${milliseconds(this.#delays.percentile(99.9))}, at most ${milliseconds(this.#delays.max)}`;
  }

  #look(): void {
    const now = performance.now();
    // Nanoseconds; a histogram begins at 1.
    this.#delays.record(Math.max(1, Math.round((now - this.#last - EVERY) * 1e6)));
    this.#last = now;
  }
}
