import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT, VSIX_NAME } from './project.ts';

/**
 * Builds the extension as users get it and packages it (vsce runs `vscode:prepublish`); returns the path. `IMAGE_INSPECTOR_VSIX` names one that was just made, so that a run of many
 * test files makes it once.
 */
export async function packageVsix(): Promise<string> {
  if (process.env.IMAGE_INSPECTOR_VSIX) return process.env.IMAGE_INSPECTOR_VSIX;
  const vsix = join(PROJECT, 'out', VSIX_NAME);
  await mkdir(join(PROJECT, 'out'), { recursive: true });
  await node(
    'node_modules/@vscode/vsce/vsce',
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    vsix,
  );
  process.env.IMAGE_INSPECTOR_VSIX = vsix;
  return vsix;
}

async function node(...args: string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, args, { cwd: PROJECT });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
