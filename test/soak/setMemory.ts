/**
 * By how much the extension host of a real VS Code grows while a set of 2,000 images runs in it with its page open; another number: `node test/soak/setMemory.ts 500`.
 * Needs `npm run build && npm run build:tests`. The stand-in runs in a process of its own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { printGoal } from '../bench/report.ts';
import { PROJECT } from '../tools/project.ts';
import { runInVsCode } from '../tools/runInVsCode.ts';
import { writeImages } from './setKills.ts';

const images = Number(process.argv[2] ?? 2000);
/** Bytes. */
const MOST_GROWTH = 150e6;

const folder = await mkdtemp(join(tmpdir(), 'image-inspector-set-'));
const server = spawn(process.execPath, [join(PROJECT, 'test/fakes/main.ts'), '--delay', '20'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [address] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const [small, large, result] = ['small', 'large', 'result.json'].map((name) => join(folder, name)) as [string, string, string];
  await writeImages(small, 50, images);
  await writeImages(large, images);
  await runInVsCode({
    extensionTestsPath: join(PROJECT, 'out/test/vscode/setMemory.cjs'),
    env: { SOAK_ADDRESS: address, SOAK_SMALL: small, SOAK_LARGE: large, SOAK_RESULT: result },
  });
  const { kept, withGarbage, resident, counts, seconds } = JSON.parse(await readFile(result, 'utf8'));
  console.log(
    `  ${images} images in ${Math.round(seconds)} s: ${JSON.stringify(counts)}; the process grew by ${Math.round(resident / 1e6)} MB`,
  );
  printGoal('Set in the extension host: memory that stays in use', kept / 1e6, MOST_GROWTH / 1e6, 'MB');
  printGoal('Set in the extension host: memory with garbage, at its highest', withGarbage / 1e6, MOST_GROWTH / 1e6, 'MB');
  if (counts.done !== images || withGarbage > MOST_GROWTH) process.exitCode = 1;
} finally {
  server.kill();
  await rm(folder, { recursive: true, force: true });
}
