export interface Counts {
  passed: number;
  failed: number;
}

/** How a step of `npm test` went. */
export interface Outcome extends Counts {
  name: string;
  seconds: number;
  /** Why it failed without a failing test. */
  note?: string;
}

/** Of programs that are no tests: each that failed counts as one failure, none as passed. */
export function outcomeOfChecks(failed: number): Outcome {
  return { name: '', seconds: 0, passed: 0, failed };
}

/** Of a runner of tests; undefined if it gave no report. A step without tests is a failure: it proves nothing. */
export function outcomeOfTests(counts: Counts | undefined): Outcome {
  const outcome = { name: '', seconds: 0, passed: counts?.passed ?? 0, failed: counts?.failed ?? 0 };
  return outcome.passed + outcome.failed > 0 ? outcome : { ...outcome, failed: 1, note: 'No test ran.' };
}

/** A line for each step; the last line is the sum, "N passed, N failed". */
export function summary(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ name, passed, failed, seconds }) => {
    const counts = passed + failed === 0 ? '' : `${passed} passed, ${failed} failed`;
    return `${failed > 0 ? '\u2717' : '\u2713'} ${name.padEnd(8)} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${counts}`.trimEnd();
  });
  const sum = (key: keyof Counts): number => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return [...lines, '', `${sum('passed')} passed, ${sum('failed')} failed`].join('\n');
}
