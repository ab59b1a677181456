import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { MARK } from '../tools/markedLines.ts';

/** Runs all tests beside this file; VS Code calls it in the extension host. Rejects if one failed. */
export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => print(format(...args));
  // starting VS Code's own editors may be slow on a busy machine
  const mocha = new Mocha({ ui: 'tdd', reporter: 'spec', color: false, timeout: 60_000 });
  for (const name of readdirSync(__dirname).sort()) if (name.endsWith('.test.cjs')) mocha.addFile(join(__dirname, name));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  counts.failed = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', () => {
        counts.passed += 1;
      })
      .on('pending', () => {
        counts.skipped += 1;
      });
  });
  const report = process.env.IMAGE_INSPECTOR_TEST_REPORT;
  if (report) writeFileSync(report, JSON.stringify(counts));
  if (counts.failed > 0) throw new Error(`${counts.failed} failed`);
}

function print(text: string): void {
  for (const line of text.split('\n')) console.log(MARK + line);
}
