import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DOWNLOADS } from './project.ts';

/** A server made of VS Code 1.139: the real workbench and the real extension host, from the npm registry. */
export const CODE_SERVER_VERSION = '4.139.1';
/** code-server answers every page with an error on older versions of Node. */
const NODE_NEEDED = 24;

/** Where code-server's own program stands in an installation. */
export const CODE_SERVER_ENTRY = 'node_modules/code-server/out/node/entry.js';

export type Run = (command: string, args: readonly string[], folder: string) => Promise<void>;

/**
 * The folder of code-server; fetches it if it is not there (about 20 seconds, 700 MB). An installation is made in a folder beside and renamed when it is
 * complete, so a broken one is never used and two runs at once do not disturb each other.
 */
export async function installCodeServer(options: { folder?: string; run?: Run; say?: (line: string) => void } = {}): Promise<string> {
  const { folder = join(DOWNLOADS, `code-server-${CODE_SERVER_VERSION}`), run = runNpm, say = console.log } = options;
  if (Number.parseInt(process.versions.node, 10) < NODE_NEEDED) {
    throw new Error(`Tests need Node ${NODE_NEEDED}, this is ${process.version}. Run them with npm, which uses the project's own Node.`);
  }
  if (existsSync(folder)) return folder;
  say(`Fetching VS Code (code-server ${CODE_SERVER_VERSION}), once: about half a minute and 700 MB.`);
  await removeAbandoned(folder);
  const unfinished = `${folder}.unfinished-${process.pid}`;
  try {
    await mkdir(unfinished, { recursive: true });
    await writeFile(join(unfinished, 'package.json'), '{"private":true}');
    await run('npm', ['install', ...NPM_OPTIONS, `code-server@${CODE_SERVER_VERSION}`], unfinished);
    // `--ignore-scripts` keeps compilers out, so what code-server's own install script does is done here; `npm ci` fails in these folders
    const vscode = join(unfinished, 'node_modules/code-server/lib/vscode');
    await run('npm', ['install', '--omit=dev', ...NPM_OPTIONS], vscode);
    await run('npm', ['install', '--omit=dev', ...NPM_OPTIONS], join(vscode, 'extensions'));
    await rename(unfinished, folder).catch((error: NodeJS.ErrnoException) => {
      // another run was faster: its installation is as good
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

const NPM_OPTIONS = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

const runNpm: Run = async (command, args, cwd) => {
  // an outer npm's idea of the project folder must not reach this one
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(local_prefix|prefix)$|^npm_package_|^INIT_CWD$/i.test(name)),
  );
  try {
    await promisify(execFile)(command, args, { cwd, env, maxBuffer: 2 ** 26 });
  } catch (error) {
    const output = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${output.stderr}${output.stdout}`, { cause: error });
  }
};

/** Deletes what installations that were interrupted have left. */
async function removeAbandoned(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  for (const name of await readdir(parent)) {
    const pid = /\.unfinished-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
