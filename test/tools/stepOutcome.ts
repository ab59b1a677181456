export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** How a step of `npm test` went. */
export interface Outcome extends Counts {
  name: string;
  seconds: number;
  /** Why it failed without a failing test, or what was skipped and why. */
  note?: string;
}

/** Of programs that are no tests: each that failed counts as one failure, none as passed. */
export function outcomeOfChecks(failed: number): Outcome {
  return { name: '', seconds: 0, passed: 0, failed, skipped: 0 };
}

/** Of a runner of tests; undefined if it gave no report. A step without tests is a failure: it proves nothing. */
export function outcomeOfTests(counts: Counts = { passed: 0, failed: 0, skipped: 0 }, reasons: readonly string[] = []): Outcome {
  const outcome = { name: '', seconds: 0, ...counts };
  if (counts.passed + counts.failed === 0) return { ...outcome, failed: 1, note: 'No test ran.' };
  return reasons.length === 0 ? outcome : { ...outcome, note: `Skipped: ${counted(reasons)}` };
}

/** Of a step that this machine lacks something for. */
export function outcomeOfSkipped(files: number, reason: string): Outcome {
  return { name: '', seconds: 0, passed: 0, failed: 0, skipped: files, note: `All ${files} files of tests were skipped: ${reason}` };
}

/** Each reason once, with how often it was given, the most frequent first. */
function counted(reasons: readonly string[]): string {
  const times = new Map<string, number>();
  for (const reason of reasons) times.set(reason, (times.get(reason) ?? 0) + 1);
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} (${reason})`)
    .join(', ');
}

/** A line for each step; the last line is the sum, "N passed, N failed, N skipped". */
export function summary(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map((outcome) => {
    const { name, passed, failed, skipped, seconds } = outcome;
    const mark = failed > 0 ? '\u2717' : passed === 0 && skipped > 0 ? '\u2212' : '\u2713';
    const counts = passed + failed + skipped === 0 ? '' : countsText(outcome);
    return `${mark} ${name.padEnd(8)} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${counts}`.trimEnd();
  });
  const sum = (key: keyof Counts): number => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return [...lines, '', countsText({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') })].join('\n');
}

function countsText({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
