/** `npm run bench`, or some of it: `npm run bench -- fuzz firstBox`. Runs the measurements one after the other, then repeats what became of the goals. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { VERDICT } from './report.ts';

const SCRIPTS = ['activation', 'headerEstimate', 'estimates', 'imaging', 'upload', 'overhead', 'firstBox', 'viewer', 'faults', 'fuzz'];

const names = process.argv.slice(2);
const unknown = names.find((name) => !SCRIPTS.includes(name));
if (unknown !== undefined) {
  console.error(`There is no measurement "${unknown}". Measurements: ${SCRIPTS.join(', ')}`);
  process.exit(2);
}
const summary: string[] = [];
for (const script of SCRIPTS.filter((name) => names.length === 0 || names.includes(name))) {
  console.log(`\n── ${script} ${'─'.repeat(Math.max(0, 76 - script.length))}`);
  const code = await run(join(import.meta.dirname, `${script}.ts`));
  if (code !== 0) {
    summary.push(`MISSED  ${script} ended with code ${code}`);
    process.exitCode = 1;
  }
}
console.log(`\n${summary.join('\n')}`);

/** Runs a script, shows what it prints and keeps what it says about goals. */
async function run(script: string): Promise<number | null> {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line);
    if (VERDICT.test(line)) summary.push(line);
  }
  return ended;
}
