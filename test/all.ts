/**
 * `npm test`, or some of it: `npm test -- unit e2e`. Runs every step even if an earlier one failed, then says how each went; the last line is
 * "N passed, N failed, N skipped". What a machine lacks is skipped and said. Exit code 1 if anything failed or a step ran no test.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run as runNodeTests } from 'node:test';
import { spec } from 'node:test/reporters';
import { findChromium, NoChromium } from './tools/chromium.ts';
import { packageVsix } from './tools/packageVsix.ts';
import { leaveGemini, PROJECT } from './tools/project.ts';
import { runInVsCode, VSCODE_LOG, whyNotDesktop } from './tools/runInVsCode.ts';
import { type Counts, type Outcome, outcomeOfChecks, outcomeOfSkipped, outcomeOfTests, summary } from './tools/stepOutcome.ts';
import { ensureTempFolder } from './tools/tempFolder.ts';

/** A file of tests that takes longer hangs. */
const LONGEST_FILE_MS = 5 * 60_000;

interface Step {
  name: string;
  title: string;
  /** Needs the bundles of `build`. */
  needsBuild?: true;
  /** Its files of tests. */
  folder?: string;
  /** Whether it needs a Chromium. It is looked for before the step begins: files of tests that run side by side would all try to install one. */
  needsChromium?(): Promise<boolean>;
  run(): Promise<Outcome>;
}

const STEPS: readonly Step[] = [
  {
    name: 'types',
    title: 'Types',
    run: () => checks(['node_modules/.bin/tsc', '-p', '.'], ['node_modules/.bin/tsc', '--noEmit', '-p', 'src/core']),
  },
  { name: 'lint', title: 'Format and lint', run: () => checks(['node_modules/.bin/biome', 'check']) },
  { name: 'build', title: 'Build', run: () => checks([process.execPath, 'esbuild.mjs', '--tests']) },
  // Node's own number would be one on two cores, of which each file of tests leaves one idle for much of its time.
  { name: 'unit', title: 'Unit tests', run: () => nodeTests('test/unit', Math.max(2, availableParallelism() - 1)) },
  {
    name: 'webview',
    title: 'Webview tests (in Chromium)',
    folder: 'test/webview',
    needsBuild: true,
    needsChromium: always,
    run: () => nodeTests('test/webview', 2),
  },
  {
    name: 'vscode',
    title: 'Tests inside VS Code',
    folder: 'test/vscode',
    needsBuild: true,
    needsChromium: async () => (await whyNotDesktop()) !== undefined,
    run: testsInVsCode,
  },
  {
    name: 'e2e',
    title: 'End-to-end tests (VS Code driven by mouse and keyboard)',
    folder: 'test/e2e',
    needsChromium: always,
    run: async () => {
      await packageVsix();
      // one VS Code at a time: two on two cores make each other late
      return nodeTests('test/e2e', 1);
    },
  },
];

const steps = chosenSteps(process.argv.slice(2));
leaveGemini();
ensureTempFolder();
const outcomes: Outcome[] = [];
for (const step of steps) {
  console.log(`\n\u2500\u2500 ${step.title} ${'\u2500'.repeat(Math.max(0, 76 - step.title.length))}`);
  const start = performance.now();
  const isBuilt = !step.needsBuild || outcomes.every(({ name, failed }) => name !== 'build' || failed === 0);
  const outcome = isBuilt ? await started(step).catch(broken) : { passed: 0, failed: 1, skipped: 0, note: 'not run, the build failed' };
  if (outcome.note) console.log(outcome.note);
  outcomes.push({ ...outcome, name: step.name, seconds: (performance.now() - start) / 1000 });
}
console.log(`\n${summary(outcomes)}`);
process.exit(outcomes.some(({ failed }) => failed > 0) ? 1 : 0);

/** The steps by name, with the build where one of them needs it; all if no name is given. */
function chosenSteps(names: readonly string[]): Step[] {
  const unknown = names.find((name) => STEPS.every((step) => step.name !== name));
  if (unknown !== undefined) {
    console.error(`There is no step "${unknown}". Steps: ${STEPS.map(({ name }) => name).join(', ')}`);
    process.exit(2);
  }
  const chosen = STEPS.filter(({ name }) => names.length === 0 || names.includes(name));
  const needsBuild = chosen.some((step) => step.needsBuild);
  return STEPS.filter((step) => chosen.includes(step) || (needsBuild && step.name === 'build'));
}

async function always(): Promise<true> {
  return true;
}

async function started({ folder = '', needsChromium, run }: Step): Promise<Outcome> {
  try {
    // each file of tests would look for it again
    if (await needsChromium?.()) process.env.CHROMIUM_PATH = await findChromium();
  } catch (error) {
    if (error instanceof NoChromium) return outcomeOfSkipped(testFiles(folder).length, error.message);
    throw error;
  }
  return run();
}

function broken(error: unknown): Outcome {
  return { name: '', seconds: 0, passed: 0, failed: 1, skipped: 0, note: error instanceof Error ? error.message : String(error) };
}

/** Programs that say by their exit code whether all is well; their output goes to the console. */
async function checks(...commands: readonly string[][]): Promise<Outcome> {
  let failed = 0;
  for (const [command = '', ...args] of commands) {
    const code = await new Promise((resolve) => {
      spawn(command, args, { cwd: PROJECT, stdio: 'inherit' }).once('error', resolve).once('close', resolve);
    });
    if (code !== 0) failed += 1;
  }
  return outcomeOfChecks(failed);
}

function testFiles(folder: string): string[] {
  return globSync(`${folder}/**/*.test.ts`, { cwd: PROJECT })
    .map((file) => join(PROJECT, file))
    .sort();
}

async function nodeTests(folder: string, concurrency: number): Promise<Outcome> {
  const files = testFiles(folder);
  if (files.length === 0) return outcomeOfTests();
  let counts: Counts | undefined;
  const reasons: string[] = [];
  const stream = runNodeTests({ files, concurrency, timeout: LONGEST_FILE_MS });
  stream.on('test:pass', ({ skip }) => {
    if (skip !== undefined) reasons.push(typeof skip === 'string' ? skip : 'without a reason');
  });
  stream.on('test:summary', ({ file, counts: { tests, passed, skipped, todo } }) => {
    // there is one for each file, and one without a file for all
    if (file === undefined) counts = { passed, failed: tests - passed - skipped - todo, skipped: skipped + todo };
  });
  for await (const text of stream.compose(new spec())) process.stdout.write(text);
  return outcomeOfTests(counts, reasons);
}

async function testsInVsCode(): Promise<Outcome> {
  const counts = await runInVsCode();
  const outcome = outcomeOfTests(counts);
  return outcome.failed > 0 ? { ...outcome, note: `${outcome.note ?? ''} What VS Code printed: ${VSCODE_LOG}`.trim() } : outcome;
}
