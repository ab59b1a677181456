/** What VS Code loads before the first command of ours, and how long `activate` takes. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { buildApart } from '../tools/buildApart.ts';
import { PROJECT } from '../tools/project.ts';
import type { ActivationTimes } from './activationProcess.ts';
import { median, printGoal, printTable } from './report.ts';

const PROCESSES = 20;
/** Nothing of these may be loaded before it is needed. */
const HEAVY = ['@google/genai', 'sharp', 'libheif-js', '@resvg/resvg-wasm', 'image-meta', 'fast-png', 'fflate', 'jsonrepair'];

const folder = await mkdtemp(join(tmpdir(), 'activation-'));
try {
  const dist = await buildApart(folder);
  const files = await staticImports(join(dist, 'extension.js'));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  printTable([['loaded at first', 'bytes'], ...files.map((file, i) => [relative(dist, file), sizes[i] ?? 0])]);

  const packages = await packagesLoadedAtFirst();
  console.log(`  npm packages in it: ${packages.join(', ') || 'none'}\n`);

  const empty = join(folder, 'empty.js');
  await writeFile(empty, "import * as vscode from 'vscode';\nexport const activate = () => vscode;\n");
  const sdk = (await readdir(join(dist, 'chunks'))).find((name) => name.startsWith('gemini-'));
  const subjects = {
    'this extension': join(dist, 'extension.js'),
    'an empty extension': empty,
    ...(sdk && { 'the SDK, which is loaded later': join(dist, 'chunks', sdk) }),
  };
  const times: Record<string, ActivationTimes[]> = {};
  for (let i = 0; i < PROCESSES; i++) {
    for (const [name, path] of Object.entries(subjects)) {
      times[name] ??= [];
      times[name].push(await timeInProcess(path));
    }
  }
  const of = (name: string, part: keyof ActivationTimes) => median((times[name] ?? []).map((time) => time[part]));
  const ours = of('this extension', 'load');
  printTable([
    [`median of ${PROCESSES} processes`, 'load, ms', 'ours / it', 'activate, ms'],
    ...Object.keys(subjects).map((name) => [
      name,
      of(name, 'load').toFixed(2),
      (ours / of(name, 'load')).toFixed(2),
      name.startsWith('the SDK') ? '' : of(name, 'activate').toFixed(2),
    ]),
  ]);
  printGoal('Code loaded before the first command', bytes / 1000, 60, 'kB');
  printGoal('Files it is in', files.length, 4, '');
  printGoal('SDK and image libraries in it', packages.filter((name) => HEAVY.includes(name)).length, 0, '');
  printGoal('Loading and activating', ours + of('this extension', 'activate'), 10, 'ms');
} finally {
  await rm(folder, { recursive: true });
}

/** A bundle and all that it imports at once, not by `import()`. */
async function staticImports(file: string, found = new Set<string>()): Promise<string[]> {
  if (found.has(file)) return [];
  found.add(file);
  const code = await readFile(file, 'utf8');
  for (const [, path] of code.matchAll(/(?:^|[;}\s])(?:import|export)\b[^;'"()]*?["'](\.[^"']+)["']/g)) {
    await staticImports(join(dirname(file), path as string), found);
  }
  return [...found];
}

/** By esbuild's own account of the same bundles. */
async function packagesLoadedAtFirst(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: ['src/extension.ts'],
    absWorkingDir: PROJECT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    external: ['vscode'],
    outdir: 'out/unused',
    write: false,
    metafile: true,
  });
  const outputs = reached(metafile, 'out/unused/extension.js');
  const inputs = outputs.flatMap((name) => Object.entries(metafile.outputs[name]?.inputs ?? {}));
  const paths = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return [...new Set(paths.flatMap((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []))].sort();
}

function reached({ outputs }: Metafile, name: string, found = new Set<string>()): string[] {
  if (!found.has(name)) {
    found.add(name);
    for (const { path, kind } of outputs[name]?.imports ?? [])
      if (kind === 'import-statement' && outputs[path]) reached({ outputs, inputs: {} }, path, found);
  }
  return [...found];
}

async function timeInProcess(path: string): Promise<ActivationTimes> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'activationProcess.ts'), path]);
  return JSON.parse(stdout) as ActivationTimes;
}
