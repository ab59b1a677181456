import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as vscode from 'vscode';
import { writeWhole } from '../../engine/files/wholeFile.ts';

/** The file that other programs run, wherever the installed version of the extension lies. */
export function commandLinePath(context: Pick<vscode.ExtensionContext, 'globalStorageUri'>): string {
  return join(context.globalStorageUri.fsPath, 'cli.mjs');
}

/** Rewrites it, where this version is another than it leads to: two lines. Only where somebody uses it is it there at all. */
export async function writeCommandLine(
  context: Pick<vscode.ExtensionContext, 'globalStorageUri' | 'asAbsolutePath'>,
  isFirst = false,
): Promise<void> {
  const path = commandLinePath(context);
  const wanted = `// Runs the command line of the installed extension.\nimport ${JSON.stringify(pathToFileURL(context.asAbsolutePath('dist/cli.js')).href)};\n`;
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found === wanted || (found === undefined && !isFirst)) return;
  const { mkdir } = await import('node:fs/promises');
  await mkdir(context.globalStorageUri.fsPath, { recursive: true });
  await writeWhole(path, wanted);
}
