import { execFile, spawnSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { SnippetLanguage } from '../../src/core/snippets/snippet.ts';
import { installOnce } from '../tools/installOnce.ts';
import { DOWNLOADS, PROJECT } from '../tools/project.ts';
import { runProgram } from '../tools/runProgram.ts';

/** What the programs are run with. JavaScript has the version of the project's own package. */
const PYTHON_PACKAGES = ['google-genai==3.6.1', 'pillow==13.0.0'];
const GO_PACKAGE = 'google.golang.org/genai@v1.77.0';
const GO_NEEDED = 24;
/** A program that takes longer hangs. */
const LONGEST_MS = 120_000;

const run = promisify(execFile);

/** What runs the programs of one language. */
export interface Toolchain {
  /**
   * Makes all programs ready at once.
   * @returns how each is started: its folder and the arguments of `execFile`, by its name
   */
  prepare(
    programs: ReadonlyMap<string, { folder: string; text: string }>,
  ): Promise<(name: string, env: NodeJS.ProcessEnv) => Promise<string>>;
}

/** Each toolchain, or the reason why it cannot be had here. */
export const TOOLCHAINS: Readonly<Record<SnippetLanguage, () => Promise<Toolchain | string>>> = { python, javascript, go, shell };

async function python(): Promise<Toolchain | string> {
  const version = outputOf('python3', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])');
  if (version === undefined) return 'python3 is not here';
  const installed = await installPackages(
    join(DOWNLOADS, `python-${version}-${PYTHON_PACKAGES.join('-').replaceAll('==', '-')}`),
    (unfinished) =>
      runProgram(
        'python3',
        ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', unfinished, ...PYTHON_PACKAGES],
        PROJECT,
      ),
  );
  if (typeof installed !== 'object') return `${PYTHON_PACKAGES.join(' and ')} cannot be installed: ${installed}`;
  return interpreted('program.py', 'python3', { PYTHONPATH: installed.folder, PYTHONUTF8: '1' });
}

async function javascript(): Promise<Toolchain> {
  return interpreted('program.mjs', process.execPath, {}, (folder) => symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules')));
}

async function shell(): Promise<Toolchain | string> {
  const missing = ['bash', 'curl', 'base64', 'sed', 'tr', 'jq'].filter((name) => outputOf('sh', '-c', `command -v ${name}`) === undefined);
  return missing.length > 0 ? `${missing.join(', ')} not here` : interpreted('program.sh', 'bash', {});
}

/** All programs are packages of one module: what they share is compiled once. */
async function go(): Promise<Toolchain | string> {
  const version = outputOf('go', 'env', 'GOVERSION');
  if (version === undefined) return 'go is not here';
  if (Number(/^go1\.(\d+)/.exec(version)?.[1]) < GO_NEEDED) return `go 1.${GO_NEEDED} or later is not here, this is ${version}`;
  const home = join(DOWNLOADS, 'go');
  // the cache of modules is read-only otherwise, and could not be deleted
  const flags = `${outputOf('go', 'env', 'GOFLAGS') ?? ''} -modcacherw`.trim();
  const env = { GOMODCACHE: join(home, 'mod'), GOCACHE: join(home, 'build'), GOTOOLCHAIN: 'local', GOFLAGS: flags };
  const installed = await installPackages(join(home, GO_PACKAGE.replace(/.*@/, 'genai-')), async (unfinished) => {
    await writeFile(join(unfinished, 'go.mod'), `module programs\n\ngo 1.${GO_NEEDED}\n`);
    await writeFile(join(unfinished, 'needs.go'), 'package programs\n\nimport _ "google.golang.org/genai"\n');
    await runProgram('go', ['get', GO_PACKAGE], unfinished, env);
    await runProgram('go', ['mod', 'tidy'], unfinished, env);
  });
  if (typeof installed !== 'object') return `${GO_PACKAGE} cannot be installed: ${installed}`;
  return {
    prepare: async (programs) => {
      const names = [...programs.keys()];
      const packageOf = (name: string) => `p${names.indexOf(name)}`;
      const [{ folder: one } = { folder: '' }] = programs.values();
      const module = join(dirname(one), 'go-module');
      await mkdir(join(module, 'bin'), { recursive: true });
      for (const file of ['go.mod', 'go.sum']) await symlink(join(installed.folder, file), join(module, file));
      for (const [name, { text }] of programs) {
        await mkdir(join(module, packageOf(name)));
        await writeFile(join(module, packageOf(name), 'main.go'), text);
      }
      await runProgram('go', ['vet', './...'], module, env);
      await runProgram('go', ['build', '-ldflags=-s -w', '-o', 'bin/', './...'], module, env);
      return (name, own) => start(join(module, 'bin', packageOf(name)), [], folderOf(programs, name), own);
    },
  };
}

function interpreted(file: string, command: string, env: NodeJS.ProcessEnv, furnish?: (folder: string) => Promise<void>): Toolchain {
  return {
    prepare: async (programs) => {
      for (const { folder, text } of programs.values()) {
        await writeFile(join(folder, file), text);
        await furnish?.(folder);
      }
      return (name, own) => start(command, [file], folderOf(programs, name), { ...env, ...own });
    },
  };
}

function folderOf(programs: ReadonlyMap<string, { folder: string }>, name: string): string {
  return (programs.get(name) as { folder: string }).folder;
}

async function start(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return (await run(command, args, { cwd, env: { ...process.env, ...env }, timeout: LONGEST_MS, maxBuffer: 2 ** 26 })).stdout;
}

/** Installs packages unless they are there; the reason where they cannot be had. */
async function installPackages(folder: string, fill: (unfinished: string) => Promise<void>): Promise<{ folder: string } | string> {
  try {
    return { folder: await installOnce(folder, fill) };
  } catch (error) {
    // the last line of what the package manager has to say
    return String(error).trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  }
}

/** What a command prints; undefined where it is not here or fails. */
function outputOf(command: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
