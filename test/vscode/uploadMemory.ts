import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

/**
 * Run by `test/bench/upload.ts` in the extension host: asks about a small image, so that all is loaded, then about a large one, and writes by how many
 * megabytes the extension host grew. The images are too large for one request, so they are uploaded.
 */
export async function run(): Promise<void> {
  const { BENCH_ADDRESS = '', BENCH_SMALL = '', BENCH_LARGE = '', BENCH_RESULT = '' } = process.env;
  const settings = vscode.workspace.getConfiguration('imageInspector');
  await settings.update('baseUrl', BENCH_ADDRESS, vscode.ConfigurationTarget.Global);
  await settings.update('confirmBeforeSending', 'never', vscode.ConfigurationTarget.Global);
  process.env.GEMINI_API_KEY = 'test-key';
  const words: string[] = [];
  const caption = (path: string) =>
    vscode.commands.executeCommand('imageInspector.caption', vscode.Uri.file(path), undefined, { maxDimension: 0 }).then(
      () => words.push('answered'),
      // The API refuses to read such a file, after it has taken it.
      (error: { reason?: string; message: string }) => words.push(`${error.reason}: ${error.message}`),
    );
  await caption(BENCH_SMALL);
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 10);
  const started = performance.now();
  await caption(BENCH_LARGE);
  clearInterval(watch);
  writeFileSync(BENCH_RESULT, JSON.stringify({ grown: (most - before) / 1e6, seconds: (performance.now() - started) / 1000, words }));
}
