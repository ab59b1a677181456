/** The codes with which the process ends. */
export const ExitCode = { done: 0, failed: 1, usage: 2, notSent: 3, interrupted: 130 } as const;
