import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InspectorError } from '../core/base/failure.ts';
import { formatNumber, formatUsd } from '../core/base/format.ts';
import { isImageName } from '../core/base/imageNames.ts';
import type { Inspection } from '../core/inspection/inspection.ts';
import { estimateImage } from '../core/request/estimateImage.ts';
import { costUsd } from '../core/usage/cost.ts';
import { DiskTarget } from '../engine/export/diskTarget.ts';
import { exportImages, resultsFor } from '../engine/export/exportResults.ts';
import { exportPaths, exportStream } from '../engine/export/exportStream.ts';
import { Job } from '../engine/sending/job.ts';
import type { TaskCall } from '../engine/task/taskCall.ts';
import { probe } from '../imaging/formats/probe.ts';
import type { TaskCommand } from './cliArguments.ts';
import { UsageError } from './cliArguments.ts';
import { ExitCode } from './exitCode.ts';
import type { Program } from './program.ts';
import { failureLine, type Terminal } from './terminal.ts';

const AT_A_TIME = 3;
const MASK_THRESHOLD = 127;
/** Folders that no image of a project lies in. */
const LEFT_OUT = new Set(['node_modules', '.git']);

/** Runs a task over files and folders. Resolves to the code with which the process ends. */
export async function runTaskCommand(command: TaskCommand, program: Program, terminal: Terminal, cancelled: AbortSignal): Promise<number> {
  const paths = await imagesAt(command.files);
  if (paths.length === 0) throw new UsageError('There are no images there.');
  const addresses = paths.map((path) => pathToFileURL(path).href);
  if (command.task === 'tokens') return sayTokens(addresses, program, terminal);
  const calls = callsFor(command, addresses);
  if (!(await isConfirmed(command, calls, program, terminal))) return ExitCode.notSent;
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: AT_A_TIME });
  const job = new Job(calls.length, 1, true);
  const cancel = () => job.cancel();
  if (cancelled.aborted) cancel();
  cancelled.addEventListener('abort', cancel, { once: true });
  let done = 0;
  const failures: unknown[] = [];
  const results = await Promise.all(
    calls.map((call) =>
      queue.add(async () => {
        try {
          job.throwIfCancelled();
          return await program.run(call, job);
        } catch (error) {
          failures.push(error);
          if (!cancelled.aborted) terminal.fail(error, call.images.map((image) => fileURLToPath(image)).join(', '));
          return undefined;
        } finally {
          done += 1;
          terminal.progress(`${done} of ${calls.length}`);
        }
      }),
    ),
  );
  const inspections = results.filter((result) => result !== undefined);
  await writeResults(command, calls, results, program, terminal);
  if (cancelled.aborted) return ExitCode.interrupted;
  if (failures.length === 0) return inspections.every(({ complete }) => complete) ? ExitCode.done : ExitCode.failed;
  return inspections.length === 0 && failures.every(sentNothing) ? ExitCode.notSent : ExitCode.failed;
}

/** True for what stops a request before it leaves. */
function sentNothing(error: unknown): boolean {
  return error instanceof InspectorError && ['noApiKey', 'notConfirmed', 'overBudget', 'excluded'].includes(error.reason);
}

function callsFor({ task, query, labels, model, speed }: TaskCommand, addresses: readonly string[]): TaskCall[] {
  if (task === 'tokens') return [];
  if (speed === 'batch') throw new UsageError('Batch takes a set of images in the editor: "Inspect Folder…". Here: standard or flex.');
  const options = { speed, ...(model === undefined ? {} : { model }), ...(labels.length === 0 ? {} : { labels: [...labels] }) };
  const [first, ...others] = addresses as [string, ...string[]];
  if (task === 'compare') return [{ task, images: [first, ...others], query, options }];
  return addresses.map((address) => ({ task, images: [address], query, options }));
}

/** The sum is said and asked about where somebody is there. */
async function isConfirmed(command: TaskCommand, calls: readonly TaskCall[], program: Program, terminal: Terminal): Promise<boolean> {
  if (command.yes) return true;
  const { model } = program.rules.settingsFor();
  const images = calls.flatMap((call) => call.images);
  const { tokens, unreadable } = await estimated(images, program);
  const { date, prices } = program.rules.tokenBasis();
  const usd = costUsd(model, date, { prompt: tokens, output: 0, speed: command.speed === 'batch' ? 'batch' : command.speed }, prices);
  const cost = usd === undefined ? 'at a price that is not known' : `≈ ${formatUsd(usd)} + output`;
  const broken = unreadable.length === 0 ? '' : ` (${unreadable.length} cannot be read)`;
  const sum = `${images.length} ${images.length === 1 ? 'image' : 'images'}${broken}, about ${formatNumber(tokens)} tokens, ${cost}, to ${program.destination}`;
  if (terminal.isInteractive) return terminal.confirm(`Send ${sum}?`);
  terminal.say(`Not sent: ${sum}. Confirm with --yes.`);
  return false;
}

async function estimated(
  addresses: readonly string[],
  program: Program,
): Promise<{ tokens: number; each: (number | undefined)[]; unreadable: string[] }> {
  const { model, mediaResolution, maxDimension } = program.rules.settingsFor();
  const basis = program.rules.tokenBasis();
  const unreadable: string[] = [];
  const each: (number | undefined)[] = [];
  for (const address of addresses) {
    try {
      const header = await probe(await program.files.open(address));
      each.push(estimateImage(header, { model, mediaResolution, maxDimension }, basis).estimate.tokens);
    } catch (error) {
      each.push(undefined);
      unreadable.push(`${fileURLToPath(address)}: ${failureLine(error)}`);
    }
  }
  return { tokens: each.reduce<number>((sum, tokens) => sum + (tokens ?? 0), 0), each, unreadable };
}

async function sayTokens(addresses: readonly string[], program: Program, terminal: Terminal): Promise<number> {
  const { tokens, each, unreadable } = await estimated(addresses, program);
  const { model } = program.rules.settingsFor();
  const { date, prices } = program.rules.tokenBasis();
  const images = addresses.flatMap((address, index) =>
    each[index] === undefined ? [] : [{ path: fileURLToPath(address), tokens: each[index] }],
  );
  terminal.result(
    `${JSON.stringify({ images, tokens, costUsd: costUsd(model, date, { prompt: tokens, output: 0 }, prices) ?? null, model }, undefined, 2)}\n`,
  );
  for (const line of unreadable) terminal.say(line);
  return unreadable.length === 0 ? ExitCode.done : ExitCode.failed;
}

/** JSON to the standard output, or the files of a format to a folder, in which nothing is replaced unless `--yes` was given. */
async function writeResults(
  { format, out, yes }: TaskCommand,
  calls: readonly TaskCall[],
  results: readonly (Inspection | undefined)[],
  { worker, files }: Program,
  terminal: Terminal,
): Promise<void> {
  const found = results.filter((result) => result !== undefined);
  if (out === undefined) {
    // One for one image, as it is in code: a list for several.
    if (found.length > 0) terminal.result(`${JSON.stringify(results.length === 1 ? found[0] : found, undefined, 2)}\n`);
    return;
  }
  if (found.length === 0) return;
  const runs = calls.flatMap((call, index) => {
    const run = results[index];
    return run === undefined ? [] : [{ address: call.images[0], runs: [run], chosen: run.id }];
  });
  const { chosen, without } = resultsFor(format, runs);
  const folder = resolve(out);
  const address = pathToFileURL(`${folder}${sep}`).href;
  const images = () => exportImages(chosen, address, () => MASK_THRESHOLD);
  const existing = (await exportPaths(format, images(), chosen.length)).map((path) => join(folder, path));
  const taken = yes
    ? []
    : (
        await Promise.all(
          existing.map((path) =>
            stat(path).then(
              () => path,
              () => undefined,
            ),
          ),
        )
      ).filter((path) => path !== undefined);
  if (taken.length > 0)
    throw new InspectorError('notConfirmed', `${taken.length} files are there already, such as "${taken[0]}". Replace them with --yes.`);
  const written = await exportStream(format, images(), new DiskTarget(folder), {
    images: worker,
    open: (place) => files.open(chosen[place]?.address ?? ''),
    signal: new AbortController().signal,
    count: chosen.length,
    onProgress: () => undefined,
  });
  terminal.say(`${written.length} files in ${folder}`);
  for (const left of without) terminal.say(`${fileURLToPath(left)}: nothing for this format`);
}

/** The files, and the images of the folders with all below them, in the order of their names. Links that lead out of a folder are not followed. */
async function imagesAt(files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    const path = await realpath(resolve(file)).catch(() => {
      throw new UsageError(`There is no file or folder "${file}".`);
    });
    if ((await stat(path)).isDirectory()) found.push(...(await imagesBelow(path, path)));
    else found.push(path);
  }
  return [...new Set(found)];
}

async function imagesBelow(folder: string, root: string): Promise<string[]> {
  const found: string[] = [];
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!LEFT_OUT.has(entry.name)) found.push(...(await imagesBelow(path, root)));
    } else if (isImageName(entry.name) && (entry.isFile() || (await leadsInside(path, root)))) found.push(path);
  }
  return found;
}

async function leadsInside(path: string, root: string): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined);
  return real !== undefined && !relative(root, dirname(real)).startsWith('..') && (await stat(real)).isFile();
}
