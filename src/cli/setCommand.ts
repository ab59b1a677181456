import { fileURLToPath } from 'node:url';
import { InspectorError } from '../core/base/failure.ts';
import { formatNumber } from '../core/base/format.ts';
import type { Task } from '../core/inspection/inspection.ts';
import type { SetCall, SetLine } from '../core/sets/inspectionSet.ts';
import { endedOf } from '../core/sets/setEnded.ts';
import { costUsd } from '../core/usage/cost.ts';
import { Job } from '../engine/sending/job.ts';
import type { InspectionSets, PlannedSet } from '../engine/sets/inspectionSets.ts';
import type { OpenSet } from '../engine/sets/openSet.ts';
import type { RunEnd } from '../engine/sets/runParts.ts';
import type { TaskCommand } from './cliArguments.ts';
import { isConfirmed } from './estimates.ts';
import { ExitCode, sentNothing } from './exitCode.ts';
import type { Program } from './program.ts';
import { type Found, writeResults } from './results.ts';
import type { Terminal } from './terminal.ts';

/** What a set runs with. */
interface SetRun {
  program: Program;
  terminal: Terminal;
  interrupted: AbortSignal;
}

/** What a set costs, and how it is agreed to. */
type SetFlags = Pick<TaskCommand, 'speed' | 'yes' | 'maxUsd'>;

/**
 * Asks about each image of files and folders. Resolves to the code with which the process ends.
 * @param named addresses of the files and folders, and how many images that are
 */
export async function runSetCommand(
  command: TaskCommand & { task: Task },
  { uris, images, ...run }: SetRun & { uris: readonly string[]; images: number },
): Promise<number> {
  return runSet(callOf(command, uris), command, run, (set) => deliver(set, command, images, run));
}

/**
 * Runs what is asked for as a set, which is kept: the same call goes on with one that was interrupted, or whose results could not be written. `deliver` has the
 * results when it has ended, and says the code with which the process ends.
 */
export async function runSet(call: SetCall, flags: SetFlags, run: SetRun, deliver: (set: OpenSet) => Promise<number>): Promise<number> {
  const { program, terminal, interrupted } = run;
  const sets = program.sets();
  const job = new Job(1, 1, true);
  const stop = () => {
    job.cancel();
    // What is under way comes to its end, since it is paid for; nothing more begins, and a batch goes on without this process.
    void sets.dispose();
  };
  if (interrupted.aborted) return ExitCode.interrupted;
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    const planned = await sets.plan(call, job, ({ done, of }) => terminal.progress(of === 0 ? `${done} found` : `${done} of ${of} read`));
    const set = (await earlier(sets, planned, flags, terminal)) ?? (await begun(sets, planned, flags, run));
    if (typeof set === 'number') return set;
    const end = set.phase.phase === 'ended' ? ({ isEnded: true } as const) : await toTheEnd(set, terminal, interrupted);
    if (interrupted.aborted && !end.isEnded) return stopped(set, terminal);
    if (!end.isEnded) return waits(set, end, terminal);
    const code = await deliver(set);
    await sets.remove(set);
    return code;
  } catch (error) {
    if (interrupted.aborted && error instanceof InspectorError && error.reason === 'cancelled') return ExitCode.interrupted;
    throw error;
  } finally {
    interrupted.removeEventListener('abort', stop);
    await sets.dispose();
  }
}

function callOf({ task, query, labels, model }: TaskCommand & { task: Task }, uris: readonly string[]): SetCall {
  return {
    uris,
    task,
    query,
    onlyNew: false,
    ...(labels.length === 0 ? {} : { labels }),
    ...(model === undefined ? {} : { model }),
  };
}

/** What the same command has begun, and not yet handed over. It was agreed to then. */
async function earlier(sets: InspectionSets, planned: PlannedSet, { speed }: SetFlags, terminal: Terminal): Promise<OpenSet | undefined> {
  const set = await sets.sameAs(planned, speed);
  if (set !== undefined) terminal.say(`Going on with what was begun ${set.createdAt.slice(0, 16).replace('T', ' ')} UTC: ${howFar(set)}.`);
  return set;
}

/** A new set, or the code with which the process ends where nothing is to be sent. */
async function begun(
  sets: InspectionSets,
  planned: PlannedSet,
  { speed, yes, maxUsd }: SetFlags,
  { program, terminal }: SetRun,
): Promise<OpenSet | number> {
  const { plan, task, call } = planned;
  const forecast = plan.speeds.find((one) => one.speed === speed);
  const { date, prices } = program.rules.tokenBasis();
  const tokens = forecast?.inputTokens ?? 0;
  if (plan.new > 0) {
    const usd = costUsd(task.model, date, { prompt: tokens, output: 0, speed }, prices);
    const left = { duplicates: plan.duplicates, excluded: plan.excluded, 'that cannot be used': plan.unsupported + plan.broken };
    if (forecast?.costUsd === undefined)
      return overLimit(terminal, `The price of ${task.model} is not known, so the limit of $${maxUsd} cannot be held.`);
    if (forecast.costUsd[0] > maxUsd) return overLimit(terminal, `This would exceed the limit of $${maxUsd}. Raise it with --max-usd.`);
    if (
      !(await isConfirmed(
        yes,
        { images: plan.new, tokens, usd, left, hasWords: call.altTexts !== undefined },
        program.destination,
        terminal,
      ))
    )
      return ExitCode.notSent;
  }
  return sets.start(planned, speed);
}

function overLimit(terminal: Terminal, why: string): number {
  terminal.say(`overBudget: ${why} Nothing was sent.`);
  return ExitCode.notSent;
}

async function toTheEnd(set: OpenSet, terminal: Terminal, interrupted: AbortSignal): Promise<RunEnd> {
  const end = set.onDidChange(() => terminal.progress(howFar(set)));
  try {
    return interrupted.aborted ? { isEnded: false } : await set.run({ fromCode: true });
  } finally {
    end();
  }
}

function howFar(set: OpenSet): string {
  const { ended, all } = endedOf(set.counts());
  return `${formatNumber(ended)} of ${formatNumber(all)} ${all === 1 ? 'image is' : 'images are'} done`;
}

function stopped(set: OpenSet, terminal: Terminal): number {
  const next = set.task.speed === 'batch' ? 'The batch goes on; the same command brings its results.' : 'The same command goes on.';
  terminal.say(`Interrupted: ${howFar(set)}. ${next}`);
  return ExitCode.interrupted;
}

/** Something concerns all images that are left: the set waits for the user. */
function waits(set: OpenSet, { reason }: Extract<RunEnd, { isEnded: false }>, terminal: Terminal): number {
  if (reason !== undefined) terminal.fail(reason);
  const { done, failed } = set.counts();
  if (reason?.reason === 'overBudget') terminal.say('Raise the limit with --max-usd.');
  if (done + failed === 0 && reason !== undefined && sentNothing(reason.reason)) return ExitCode.notSent;
  terminal.say(`${howFar(set)}${done + failed === 0 ? '' : ', and kept'}; the same command goes on.`);
  return ExitCode.failed;
}

/** Writes what was found, and says what was not. */
async function deliver(set: OpenSet, command: TaskCommand, images: number, { program, terminal }: SetRun): Promise<number> {
  const found: Found[] = [];
  const others: SetLine[] = [];
  for await (const line of set.lines()) {
    const { uri, state, inspection } = line;
    if (state === 'done' && inspection !== undefined) found.push({ address: uri, inspection });
    else others.push(line);
  }
  await writeResults(command, found, { isOne: images === 1, program, terminal });
  for (const { uri, reason = 'server', message = '' } of others) terminal.say(`${fileURLToPath(uri)}: ${reason}: ${message}`.trim());
  const failures = others.filter(({ reason }) => reason !== 'excluded');
  if (found.length === 0 && failures.length === 0) return ExitCode.notSent;
  return failures.length === 0 && found.every(({ inspection }) => inspection.complete) ? ExitCode.done : ExitCode.failed;
}
