import { parseArgs } from 'node:util';
import { EXPORT_FORMATS, type ExportFormat } from '../core/exports/exportImage.ts';
import type { Task } from '../core/inspection/inspection.ts';

/** The tasks by their names on the command line. */
export const CLI_TASKS = {
  caption: 'caption',
  'read-text': 'readText',
  ask: 'ask',
  classify: 'classify',
  detect: 'detect',
  segment: 'segment',
  compare: 'compare',
} as const satisfies Readonly<Record<string, Task>>;

export const CLI_SPEEDS = ['standard', 'flex', 'batch'] as const;

/** A command line that cannot be carried out, with what is wrong with it. */
export class UsageError extends Error {}

/** What holds for every command. */
export interface CommonFlags {
  /** US dollars that this process may spend. */
  maxUsd: number;
  /** Unset: Google's own. */
  baseUrl?: string;
  /** Globs of files that are never sent, besides those of the folder's settings. */
  exclude: readonly string[];
  /** Folder for uploads, the ledger and sets; unset: the usual one of the platform. */
  state?: string;
}

/** What is asked for. */
export type CliCommand =
  | { kind: 'help' }
  | { kind: 'version' }
  | (CommonFlags & { kind: 'mcp'; roots: readonly [string, ...string[]]; model?: string })
  | CheckCommand
  | (CommonFlags & TaskCommand);

/** A task over files and folders. */
export interface TaskCommand extends CommonFlags {
  kind: 'task';
  /** `tokens` sends nothing. */
  task: Task | 'tokens';
  files: readonly [string, ...string[]];
  query: string;
  labels: readonly string[];
  model?: string;
  speed: (typeof CLI_SPEEDS)[number];
  format: ExportFormat;
  /** Folder for the files of a format; unset: they go to the standard output. */
  out?: string;
  yes: boolean;
}

/** What of documents is checked, and whether it is put right. */
export interface CheckCommand extends CommonFlags {
  kind: 'check';
  files: readonly [string, ...string[]];
  format: 'text' | 'sarif';
  /** Missing alternative text is written; sends the images. */
  write: boolean;
  yes: boolean;
  model?: string;
  /** A file that keeps what was written, by image and context. */
  cache?: string;
}

const OPTIONS = {
  query: { type: 'string' },
  labels: { type: 'string' },
  model: { type: 'string' },
  speed: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  yes: { type: 'boolean' },
  root: { type: 'string', multiple: true },
  'max-usd': { type: 'string' },
  'base-url': { type: 'string' },
  exclude: { type: 'string', multiple: true },
  state: { type: 'string' },
  alt: { type: 'boolean' },
  write: { type: 'boolean' },
  cache: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

/** Reads a command line, without the program's name. Throws a UsageError. */
export function readCommandLine(args: readonly string[]): CliCommand {
  const { values, positionals } = parsed(args);
  const [name, ...files] = positionals;
  if (values.help || (name === undefined && !values.version) || name === 'help') return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  if (name === 'mcp') return mcp(values, files);
  if (name === 'check') return check(values, files);
  const ofCheck = (['alt', 'write', 'cache'] as const).find((key) => values[key] !== undefined);
  if (ofCheck !== undefined) throw new UsageError(`--${ofCheck} belongs to the command "check".`);
  if (name !== 'tokens' && !Object.hasOwn(CLI_TASKS, name as string))
    throw new UsageError(`There is no command "${name}". There are: ${[...Object.keys(CLI_TASKS), 'tokens', 'check', 'mcp'].join(', ')}.`);
  if (values.root !== undefined) throw new UsageError('--root belongs to the command "mcp".');
  const [first, ...others] = files;
  if (first === undefined) throw new UsageError(`"${name}" needs at least one file or folder.`);
  const task = name === 'tokens' ? 'tokens' : CLI_TASKS[name as keyof typeof CLI_TASKS];
  const query = values.query ?? '';
  if (task === 'ask' && query.trim() === '') throw new UsageError('"ask" needs a question: --query "What is …?"');
  const labels = (values.labels ?? '')
    .split(',')
    .map((label) => label.trim())
    .filter((label) => label !== '');
  if (labels.length > 0 && task !== 'classify') throw new UsageError('--labels belongs to the command "classify".');
  const format = oneOf('format', values.format ?? 'json', EXPORT_FORMATS);
  return {
    kind: 'task',
    task,
    files: [first, ...others],
    query,
    labels,
    speed: oneOf('speed', values.speed ?? 'standard', CLI_SPEEDS),
    format,
    yes: values.yes ?? false,
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values.out === undefined ? {} : { out: values.out }),
    ...common(values),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Such as "Unknown option '--sped'. To specify a positional argument …": the first sentence is what concerns the user.
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split(/(?<=\.)\s/);
    throw new UsageError(what);
  }
}

function mcp(values: Flags, files: readonly string[]): CliCommand {
  const [root, ...roots] = values.root ?? [];
  if (root === undefined) throw new UsageError('"mcp" needs the folder whose images may be looked at and sent: --root DIR');
  if (files.length > 0) throw new UsageError(`"mcp" takes no files: give folders by --root. Found: ${files[0]}`);
  const strange = (['query', 'labels', 'speed', 'format', 'out', 'yes'] as const).find((key) => values[key] !== undefined);
  if (strange !== undefined) throw new UsageError(`--${strange} belongs to tasks, not to "mcp".`);
  return { kind: 'mcp', roots: [root, ...roots], ...(values.model === undefined ? {} : { model: values.model }), ...common(values) };
}

function check(values: Flags, files: readonly string[]): CliCommand {
  const [first, ...others] = files;
  if (values.alt !== true || first === undefined) throw new UsageError('"check" needs to know what, and where: check FILE... --alt');
  const strange = (['query', 'labels', 'speed', 'out', 'root'] as const).find((key) => values[key] !== undefined);
  if (strange !== undefined) throw new UsageError(`--${strange} does not belong to "check".`);
  return {
    kind: 'check',
    files: [first, ...others],
    format: oneOf('format', values.format ?? 'text', ['text', 'sarif']),
    write: values.write ?? false,
    yes: values.yes ?? false,
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values.cache === undefined ? {} : { cache: values.cache }),
    ...common(values),
  };
}

function common(values: Flags): CommonFlags {
  const dollars = values['max-usd'] ?? '0.25';
  const maxUsd = Number(dollars);
  if (dollars.trim() === '' || !Number.isFinite(maxUsd) || maxUsd < 0)
    throw new UsageError(`--max-usd must be a number of dollars, not "${dollars}".`);
  return {
    maxUsd,
    exclude: values.exclude ?? [],
    ...(values['base-url'] === undefined ? {} : { baseUrl: values['base-url'] }),
    ...(values.state === undefined ? {} : { state: values.state }),
  };
}

function oneOf<Word extends string>(flag: string, word: string, words: readonly Word[]): Word {
  const found = words.find((one) => one === word);
  if (found === undefined) throw new UsageError(`--${flag} must be one of: ${words.join(', ')}.`);
  return found;
}
