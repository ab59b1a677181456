import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { InspectorError } from '../core/base/failure.ts';
import { withoutControls } from '../core/base/sanitizeForUi.ts';

/** A stream that may be a terminal. */
type Stream<Base> = Base & { isTTY?: boolean };

/** Where the program reads and writes. */
export interface Streams {
  input: Stream<Readable>;
  /** Results, and nothing else. */
  output: Writable;
  /** Everything that is for people. */
  errors: Stream<Writable>;
}

/** The user has broken off what was asked. */
export class Interrupted extends Error {}

/** What is said to people: on the standard error, in plain text. What comes from files, models and servers cannot steer the terminal. */
export class Terminal {
  readonly #streams: Streams;
  #hasProgress = false;

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  /** True where somebody can be asked. */
  get isInteractive(): boolean {
    return this.#streams.input.isTTY === true && this.#streams.errors.isTTY === true;
  }

  say(line: string): void {
    this.#endProgress();
    this.#streams.errors.write(`${withoutControls(line)}\n`);
  }

  /** Written over by what follows; not at all where nobody watches. */
  progress(line: string): void {
    if (this.#streams.errors.isTTY !== true) return;
    this.#streams.errors.write(`\r\u001b[K${withoutControls(line).slice(0, 100)}`);
    this.#hasProgress = true;
  }

  fail(error: unknown, about = ''): void {
    this.say(`${about === '' ? '' : `${about}: `}${failureLine(error)}`);
  }

  /** Resolves to true only for a yes. */
  async confirm(question: string): Promise<boolean> {
    this.#endProgress();
    const lines = createInterface({ input: this.#streams.input, output: this.#streams.errors });
    try {
      return /^\s*y(es)?\s*$/i.test(await lines.question(`${withoutControls(question)} [y/N] `));
    } catch (error) {
      // Ctrl+C: while something is asked, the process is not told of it.
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
      this.#streams.errors.write('\n');
      throw new Interrupted();
    } finally {
      lines.close();
    }
  }

  result(text: string | Uint8Array): void {
    this.#endProgress();
    this.#streams.output.write(text);
  }

  #endProgress(): void {
    if (this.#hasProgress) this.#streams.errors.write('\r\u001b[K');
    this.#hasProgress = false;
  }
}

/** Such as "noApiKey: Set a Gemini API key to run tasks." */
export function failureLine(error: unknown): string {
  if (!(error instanceof InspectorError)) return error instanceof Error ? error.message : String(error);
  return `${error.reason}: ${error.message}${error.detail === '' ? '' : ` ${error.detail}`}`;
}
