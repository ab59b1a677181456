import type { Inspection } from './inspection.ts';

/** Answers that are sent along with the next question; older ones are left out. */
export const MOST_PAST = 20;

/** The conversation that ends with a run: the runs it follows, oldest first, and itself. Empty if it is not among the runs, or has no words. */
export function threadTo(runs: readonly Inspection[], id: string | undefined): Inspection[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const thread: Inspection[] = [];
  for (let run = byId.get(id ?? ''); run?.text !== undefined && !thread.includes(run); run = byId.get(run.follows ?? ''))
    thread.unshift(run);
  return thread;
}

/** The part of a conversation that is sent along with the next question. */
export function pastOf(thread: readonly Inspection[]): Inspection[] {
  return thread.filter(({ raw }) => raw.trim() !== '').slice(-MOST_PAST);
}
