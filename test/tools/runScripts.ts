import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { VERDICT } from '../bench/report.ts';

/** Runs the scripts of a folder one after the other, those that the command line names or all, then repeats what became of the goals. */
export async function runScripts(folder: string, scripts: readonly string[]): Promise<void> {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !scripts.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no "${unknown}". There are: ${scripts.join(', ')}`);
    process.exit(2);
  }
  const summary: string[] = [];
  for (const script of scripts.filter((name) => names.length === 0 || names.includes(name))) {
    console.log(`\n── ${script} ${'─'.repeat(Math.max(0, 76 - script.length))}`);
    const { code, verdicts } = await run(join(folder, `${script}.ts`));
    summary.push(...verdicts);
    if (code !== 0) summary.push(`MISSED  ${script} ended with code ${code}`);
  }
  console.log(`\n${summary.join('\n')}`);
  if (summary.some((line) => / ended with code /.test(line))) process.exitCode = 1;
}

/** Runs a script, shows what it prints and keeps what it says about goals. */
async function run(script: string): Promise<{ code: number | null; verdicts: string[] }> {
  const verdicts: string[] = [];
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line);
    if (VERDICT.test(line)) verdicts.push(line);
  }
  return { code: await code, verdicts };
}
