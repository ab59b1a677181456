import { InspectorError } from './failure.ts';
import { type Glob, matchesGlob, readGlob } from './glob.ts';
import { t } from './l10n.ts';

/** Characters of all patterns together, braces written out: matching them against the longest path takes less than a second. */
const MOST_CHARACTERS = 20_000;

/** Patterns of files that are never sent, ready to be matched. */
export interface Exclusions {
  has(path: string): boolean;
}

/**
 * Reads the values of a setting at all its levels. A pattern without a slash matches at any depth; one that begins with `!` all that it does not match. Throws
 * `excluded` for a value that cannot be used: who knows what it was meant to keep back.
 */
export function readExclusions(levels: readonly unknown[]): Exclusions {
  const patterns: { glob: Glob; not: boolean }[] = [];
  let left = MOST_CHARACTERS;
  for (const value of new Set(levels.flatMap(listOf))) {
    const not = value.startsWith('!');
    const pattern = value.slice(not ? 1 : 0).replace(/^\.?\/+/, '');
    const read = readGlob(pattern.includes('/') ? pattern : `**/${pattern}`, left);
    if (read === undefined) throw unusable(t('This pattern cannot be used: {0}', value.slice(0, 80)));
    left -= read.length;
    patterns.push({ glob: read.glob, not });
  }
  return { has: (path) => patterns.some(({ glob, not }) => matchesGlob(path.replace(/^\/+/, ''), glob) !== not) };
}

/** Whether a path, relative to its workspace folder where it has one, matches one of the patterns. */
export function isExcluded(path: string, patterns: readonly string[]): boolean {
  return readExclusions([patterns]).has(path);
}

function listOf(value: unknown): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((pattern) => typeof pattern === 'string'))
    throw unusable(t('It must be a list of glob patterns.'));
  return value;
}

function unusable(detail: string): InspectorError {
  return new InspectorError('excluded', t('Nothing is sent: the setting "Exclude" cannot be used.'), { detail, actions: ['openSettings'] });
}
