/** The user's own limits, in US dollars a day; 0 for none. */
export interface Limits {
  warnAt: number;
  stopAt: number;
}

/** Whether a task may run that would cost about `next` dollars, after `spent` today. A sum that just reaches a limit does not pass it. */
export function budgetVerdict(spent: number, next: number, { warnAt, stopAt }: Limits): 'fine' | 'warn' | 'stop' {
  // Sums of fractions are not exact: a millionth of a dollar is nothing.
  const after = spent + next - 1e-6;
  if (stopAt > 0 && after > stopAt) return 'stop';
  return warnAt > 0 && after > warnAt ? 'warn' : 'fine';
}

/** Output tokens, thoughts included, to expect of a call before there were any. */
const USUAL_OUTPUT = 1000;

/** Output tokens to expect of the next call: as many as the earlier ones had on average. */
export function expectedOutput(earlier: { calls: number; output: number; thoughts: number } | undefined): number {
  return earlier === undefined || earlier.calls === 0 ? USUAL_OUTPUT : Math.ceil((earlier.output + earlier.thoughts) / earlier.calls);
}
