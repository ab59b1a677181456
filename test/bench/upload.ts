/**
 * By how much the memory grows while 300 MB are uploaded: in a bare process, and in the extension host of a real VS Code, from the command to the answer.
 * Needs `npm run build:tests`. The stand-in runs in a process of its own.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { largeImages } from '../fixtures/largeImages.ts';
import { PROJECT } from '../tools/project.ts';
import { runInVsCode } from '../tools/runInVsCode.ts';
import { writeSparse } from './longHeaders.ts';
import { printGoal, printTable } from './report.ts';

const LARGE = 300e6;
const SMALL = 25e6;
const MOST_GROWTH = 64;

const folder = await mkdtemp(join(tmpdir(), 'image-inspector-upload-'));
const server = spawn(process.execPath, [join(PROJECT, 'test/fakes/main.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [address] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const paths = { large: join(folder, 'large.jpg'), small: join(folder, 'small.jpg') };
  await writeSparse(paths.large, largeImages(LARGE).jpeg.file);
  await writeSparse(paths.small, largeImages(SMALL).jpeg.file);
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'uploadProcess.ts'),
    address,
    paths.large,
    paths.small,
  ]);
  const bare = JSON.parse(stdout) as { grown: number; seconds: number };
  const result = join(folder, 'result.json');
  await runInVsCode({
    extensionTestsPath: join(PROJECT, 'out/test/vscode/uploadMemory.cjs'),
    env: { BENCH_ADDRESS: address, BENCH_LARGE: paths.large, BENCH_SMALL: paths.small, BENCH_RESULT: result },
  });
  const host = JSON.parse(await readFile(result, 'utf8')) as { grown: number; seconds: number; words: string[] };
  printTable([
    ['300 MB uploaded in', 'grown by MB', 's'],
    ['a bare process', bare.grown.toFixed(1), bare.seconds.toFixed(1)],
    ['the extension host', host.grown.toFixed(1), host.seconds.toFixed(1)],
  ]);
  console.log(`  (the API's answers: ${host.words.join(' · ')})`);
  printGoal('growth of a bare process by an upload of 300 MB', bare.grown, MOST_GROWTH, 'MB');
  printGoal('growth of the extension host by an upload of 300 MB', host.grown, MOST_GROWTH, 'MB');
} finally {
  server.kill();
  await rm(folder, { recursive: true, force: true });
}
