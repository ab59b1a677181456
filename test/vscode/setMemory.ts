import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { SetResult } from '../../src/core/sets/inspectionSet.ts';
import { collectGarbage } from '../tools/collectGarbage.ts';

/** Milliseconds. */
const BETWEEN_SAMPLES = 50;
const BETWEEN_COLLECTIONS = 3000;

/**
 * Run by `test/soak/setMemory.ts` in the extension host: runs a small set, so that all is loaded, then a large one with its page open, and writes by how many bytes the extension
 * host grew meanwhile.
 */
export async function run(): Promise<void> {
  const { SOAK_ADDRESS = '', SOAK_SMALL = '', SOAK_LARGE = '', SOAK_RESULT = '' } = process.env;
  const settings = vscode.workspace.getConfiguration('imageInspector');
  await settings.update('baseUrl', SOAK_ADDRESS, vscode.ConfigurationTarget.Global);
  await settings.update('confirmBeforeSending', 'never', vscode.ConfigurationTarget.Global);
  process.env.GEMINI_API_KEY = 'test-key';
  const inspect = (folder: string) =>
    vscode.commands.executeCommand<SetResult>('imageInspector.inspectFolder', {
      uri: vscode.Uri.file(folder),
      task: 'detect',
      query: 'cat',
      reveal: true,
    });
  await inspect(SOAK_SMALL);
  collectGarbage();
  const before = process.memoryUsage();
  const grown = { kept: 0, withGarbage: 0, resident: 0 };
  const sample = () => {
    const now = process.memoryUsage();
    grown.withGarbage = Math.max(grown.withGarbage, inUse(now) - inUse(before));
    grown.resident = Math.max(grown.resident, now.rss - before.rss);
  };
  const sampleKept = () => {
    sample();
    collectGarbage();
    grown.kept = Math.max(grown.kept, inUse(process.memoryUsage()) - inUse(before));
  };
  const timers = [setInterval(sample, BETWEEN_SAMPLES), setInterval(sampleKept, BETWEEN_COLLECTIONS)];
  const started = performance.now();
  const { counts } = await inspect(SOAK_LARGE);
  for (const timer of timers) clearInterval(timer);
  sampleKept();
  writeFileSync(SOAK_RESULT, JSON.stringify({ ...grown, counts, seconds: (performance.now() - started) / 1000 }));
}

/** Objects, and the bytes of buffers, which lie outside the heap. */
function inUse({ heapUsed, external }: NodeJS.MemoryUsage): number {
  return heapUsed + external;
}
