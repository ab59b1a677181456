import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a program in a folder; rejects with its output if it fails. */
export type Run = (command: string, args: readonly string[], folder: string, env?: NodeJS.ProcessEnv) => Promise<void>;

/** Options of `npm install` that runs no scripts and says only what went wrong. */
export const NPM_OPTIONS = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

export const runProgram: Run = async (command, args, cwd, more) => {
  // an outer npm's idea of the project folder must not reach this one
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(local_prefix|prefix)$|^npm_package_|^INIT_CWD$/i.test(name)),
  );
  try {
    await promisify(execFile)(command, args, { cwd, env: { ...env, ...more }, maxBuffer: 2 ** 26 });
  } catch (error) {
    const output = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${output.stderr}${output.stdout}`, { cause: error });
  }
};
