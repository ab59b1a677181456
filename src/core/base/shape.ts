/** Says whether a stored value, which may be anything, is of a kind. */
export type Check = (value: unknown) => boolean;

export const isText: Check = (value) => typeof value === 'string';
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isFigure: Check = (value) => typeof value === 'number' && Number.isFinite(value);

/** A figure from `least` to `most`. */
export function isBetween(least: number, most: number): Check {
  return (value) => typeof value === 'number' && value >= least && value <= most;
}

export function isOneOf(values: readonly unknown[]): Check {
  return (value) => values.includes(value);
}

export function isListOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** What JSON makes of no number is none. */
export function orNone(check: Check): Check {
  return (value) => value === undefined || value === null || check(value);
}

export function isEither(...checks: readonly Check[]): Check {
  return (value) => checks.some((check) => check(value));
}

/** An object with at least these members. */
export function hasShape(members: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(members);
  return (value) => isRecord(value) && checks.every(([name, check]) => check(value[name]));
}

/** True for an object with members, and not for a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it has members; what is none has none. */
export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
