import type { FailureReason } from '../core/base/failure.ts';

/** The codes with which the process ends. */
export const ExitCode = { done: 0, failed: 1, usage: 2, notSent: 3, interrupted: 130 } as const;

/** Reasons of what stops a request before it leaves. */
const NOT_SENT: readonly FailureReason[] = ['noApiKey', 'notConfirmed', 'overBudget', 'excluded'];

/** True for a failure before anything was sent. */
export function sentNothing(reason: FailureReason): boolean {
  return NOT_SENT.includes(reason);
}
