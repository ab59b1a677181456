import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type FailureReason, InspectorError } from '../core/base/failure.ts';
import type { RunParts } from '../engine/sets/runParts.ts';
import { type CliCommand, readCommandLine, UsageError } from './cliArguments.ts';
import { ExitCode } from './exitCode.ts';
import { HELP } from './help.ts';
import type { ProgramOptions } from './program.ts';
import type { Roots } from './roots.ts';
import { Interrupted, type Streams, Terminal } from './terminal.ts';

/** What the process has. */
export interface CliOptions {
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  streams: Streams;
  /** Of the extension. */
  version: string;
  /** Of the worker thread of images. */
  worker: URL;
  /** Waits between two looks at a batch; unset: as long as is sensible. */
  wait?: RunParts['wait'];
  /** Aborted when the user interrupts. */
  interrupted: AbortSignal;
}

/** What is thrown before anything begins: an address, a model or a folder that there cannot be. */
const WRONG_USAGE: readonly FailureReason[] = ['network', 'modelNotFound', 'unreadableFile'];

/** Runs the command line. Resolves to the code with which the process ends; never rejects. */
export async function runCli(options: CliOptions): Promise<number> {
  const terminal = new Terminal(options.streams);
  try {
    return await run(readCommandLine(options.args), terminal, options);
  } catch (error) {
    if (error instanceof Interrupted) return ExitCode.interrupted;
    if (error instanceof UsageError) {
      terminal.say(error.message);
      terminal.say('See --help.');
      return ExitCode.usage;
    }
    terminal.fail(error);
    return error instanceof InspectorError && WRONG_USAGE.includes(error.reason) ? ExitCode.usage : ExitCode.failed;
  }
}

async function run(
  command: CliCommand,
  terminal: Terminal,
  { env, version, worker, wait, interrupted, streams }: CliOptions,
): Promise<number> {
  if (command.kind === 'help' || command.kind === 'version') {
    terminal.result(command.kind === 'help' ? HELP : `${version}\n`);
    return ExitCode.done;
  }
  // Help is there at once: what it does not need is loaded after.
  const [{ Program }, folders] = await Promise.all([import('./program.ts'), import('./roots.ts')]);
  // Clients that have no such variable hand on how it is named.
  const key = [env.GEMINI_API_KEY, env.GOOGLE_API_KEY]
    .map((one) => one?.trim())
    .find((one) => one !== undefined && one !== '' && !one.startsWith('$'));
  const program = (roots: () => Roots, log: (line: string) => void) =>
    new Program({ ...command, key, worker, wait, roots, log, env } satisfies ProgramOptions);
  if (command.kind === 'task' || command.kind === 'check') {
    const roots = await folders.Roots.of(await foldersOf(command.files), command.exclude);
    if (command.kind === 'check' && !command.write) return (await import('./checkCommand.ts')).listMissing(command, roots, terminal);
    const made = program(
      () => roots,
      () => undefined,
    );
    try {
      if (command.kind === 'check') {
        const hasKey = key !== undefined;
        return await (await import('./checkCommand.ts')).writeMissing(command, { program: made, roots, terminal, interrupted, hasKey });
      }
      if (command.task !== 'tokens' && key === undefined) {
        terminal.say('noApiKey: There is no key in GEMINI_API_KEY. Nothing was sent.');
        return ExitCode.notSent;
      }
      const { runTaskCommand } = await import('./taskCommand.ts');
      return await runTaskCommand(command, made, terminal, interrupted);
    } finally {
      made.dispose();
    }
  }
  const given = await folders.Roots.of(command.roots, command.exclude);
  let roots = given;
  const log = (line: string) => terminal.say(line);
  const made = program(() => roots, log);
  const { Toolbox } = await import('../engine/tools/toolbox.ts');
  const toolbox = new Toolbox({
    files: made.files,
    rules: made.rules,
    worker: made.worker,
    preparer: async () => made.preparer,
    run: (call, job) => made.run(call, job),
    resolve: (path) => roots.resolve(path),
    // Who starts the program with a folder agrees to that for the folder.
    mayShow: async () => undefined,
    admit: () => made.admit(),
  });
  const [{ serveMcp }, { StdioServerTransport }] = await Promise.all([
    import('./mcpServer.ts'),
    import('@modelcontextprotocol/sdk/server/stdio.js'),
  ]);
  const transport = new StdioServerTransport(streams.input, streams.output);
  // A client that goes away closes the pipe.
  streams.input.once('end', () => void transport.close());
  interrupted.addEventListener('abort', () => void transport.close(), { once: true });
  const narrow = (narrowed: Roots) => {
    roots = narrowed;
  };
  try {
    await serveMcp({ version, toolbox, given, narrow, log }, transport);
    return interrupted.aborted ? ExitCode.interrupted : ExitCode.done;
  } finally {
    made.dispose();
  }
}

/** The folders in which images are looked for: those that were named, and those of the files that were named. */
async function foldersOf(files: readonly string[]): Promise<string[]> {
  const folders = await Promise.all(
    files.map(async (file) => {
      const path = await realpath(resolve(file)).catch(() => resolve('.', file));
      const isFolder = await stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      );
      return isFolder ? path : dirname(path);
    }),
  );
  const there = await Promise.all(
    [...new Set(folders)].map(async (folder) => ((await realpath(folder).catch(() => undefined)) ? [folder] : [])),
  );
  return [await realpath('.'), ...there.flat()];
}
