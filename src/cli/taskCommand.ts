import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InspectorError } from '../core/base/failure.ts';
import { Job } from '../engine/sending/job.ts';
import { LOCAL_FOLDERS } from '../engine/sets/folderAccess.ts';
import { walkImages } from '../engine/sets/walk.ts';
import { type TaskCommand, UsageError } from './cliArguments.ts';
import { isConfirmed, sayTokens, sumOf } from './estimates.ts';
import { ExitCode, sentNothing } from './exitCode.ts';
import type { Program } from './program.ts';
import { checkOutput, writeResults } from './results.ts';
import { runSetCommand } from './setCommand.ts';
import type { Terminal } from './terminal.ts';

/** Runs a task over files and folders. Resolves to the code with which the process ends. */
export async function runTaskCommand(
  command: TaskCommand,
  program: Program,
  terminal: Terminal,
  interrupted: AbortSignal,
): Promise<number> {
  const uris = await Promise.all(command.files.map(addressAt));
  const { images } = await walkImages(uris, LOCAL_FOLDERS, { isHidden: await program.hidden(), signal: interrupted }).catch(
    (error: unknown) => {
      if (interrupted.aborted) return { images: undefined };
      throw error;
    },
  );
  if (images === undefined) return ExitCode.interrupted;
  if (images.length === 0) throw new UsageError('There are no images there.');
  const found = images.map(({ uri }) => uri);
  if (command.task === 'tokens') return sayTokens(found, program, terminal);
  checkOutput(command, command.task === 'compare' ? 1 : images.length);
  // Images are compared in the order in which they were named.
  if (command.task === 'compare')
    return compare(command, [...uris.filter((uri) => found.includes(uri)), ...found.filter((uri) => !uris.includes(uri))], {
      program,
      terminal,
      interrupted,
    });
  return runSetCommand({ ...command, task: command.task }, { uris, images: images.length, program, terminal, interrupted });
}

/** All images in one request. */
async function compare(
  command: TaskCommand,
  addresses: readonly string[],
  { program, terminal, interrupted }: { program: Program; terminal: Terminal; interrupted: AbortSignal },
): Promise<number> {
  const { query, model, speed, yes } = command;
  if (speed === 'batch') throw new UsageError('"compare" is one request: --speed standard or flex.');
  const [first, ...others] = addresses;
  if (first === undefined || others.length === 0) throw new UsageError('"compare" needs two or more images.');
  if (!(await isConfirmed(yes, await sumOf(addresses, speed, program), program.destination, terminal))) return ExitCode.notSent;
  const job = new Job(1, 1, true);
  const cancel = () => job.cancel();
  if (interrupted.aborted) cancel();
  interrupted.addEventListener('abort', cancel, { once: true });
  const options = { speed, ...(model === undefined ? {} : { model }) };
  try {
    const inspection = await program.run({ task: 'compare', images: [first, ...others], query, options }, job);
    await writeResults(command, [{ address: first, inspection }], { isOne: true, program, terminal });
    return inspection.complete ? ExitCode.done : ExitCode.failed;
  } catch (error) {
    if (interrupted.aborted) return ExitCode.interrupted;
    terminal.fail(error, addresses.map((address) => fileURLToPath(address)).join(', '));
    return error instanceof InspectorError && sentNothing(error.reason) ? ExitCode.notSent : ExitCode.failed;
  }
}

/** Of what was named, where it really lies. */
async function addressAt(file: string): Promise<string> {
  const path = await realpath(resolve(file)).catch(() => {
    throw new UsageError(`There is no file or folder "${file}".`);
  });
  return pathToFileURL(path).href;
}
