/**
 * `npm start`: opens a real VS Code with the extension on a folder of sample pictures. Desktop VS Code where there is the command `code`, otherwise, or with
 * `npm start -- --browser`, VS Code in a browser. With GEMINI_API_KEY set Gemini answers, otherwise a stand-in on this computer. Ctrl+C ends everything.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultAnswer } from './fakes/defaultAnswer.ts';
import { startGeminiServer } from './fakes/geminiServer.ts';
import { QUIET_SETTINGS, startCodeServer } from './tools/codeServer.ts';
import { packageVsix } from './tools/packageVsix.ts';
import { DOWNLOADS, PROJECT, withoutGemini } from './tools/project.ts';
import { answerForSample } from './tools/sampleAnswers.ts';
import { ensureTempFolder } from './tools/tempFolder.ts';

/** Long enough to see the progress that the real API would show. */
const THINKING_MS = 600;

/** VS Code while it is open. */
interface Opened {
  ended: Promise<void>;
  stop(): Promise<void>;
}

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
});

ensureTempFolder();
const folder = await sampleFolder();
const gemini = await chooseGemini();
console.log('Building the extension…');
const opened = hasDesktopVsCode() && !process.argv.includes('--browser') ? await openDesktop() : await openInBrowser();
await Promise.race([interrupted, opened.ended]);
await opened.stop();
await gemini.stop();
process.exit();

/** A copy of the sample pictures that stays from start to start, so that it can be changed. */
async function sampleFolder(): Promise<string> {
  const copy = join(DOWNLOADS, 'pictures');
  await cp(join(PROJECT, 'test/fixtures/samples'), copy, { recursive: true, force: false });
  return copy;
}

/** Who answers: settings and environment for VS Code. */
async function chooseGemini(): Promise<{ settings: Record<string, unknown>; env: NodeJS.ProcessEnv; stop(): Promise<void> }> {
  if (process.env.GEMINI_API_KEY || process.env.GOOGLE_API_KEY) {
    console.log('Gemini: the real one, with the key of your environment. Each run costs tokens.');
    return { settings: {}, env: process.env, stop: async () => {} };
  }
  const server = await startGeminiServer({
    today: () => new Date(),
    answer: (request) => ({ ...(answerForSample(request) ?? defaultAnswer(request)), delayMs: THINKING_MS }),
  });
  console.log('Gemini: a stand-in on this computer; nothing leaves it. Set GEMINI_API_KEY for the real one.');
  const env = { ...withoutGemini(), GEMINI_API_KEY: 'test-key' };
  return { settings: { 'imageInspector.baseUrl': server.url }, env, stop: () => server.close() };
}

function hasDesktopVsCode(): boolean {
  // in a terminal of VS Code on another computer or in a container `code` talks to that window, which knows no extension under development
  if (process.env.VSCODE_IPC_HOOK_CLI) return false;
  return spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
}

async function openDesktop(): Promise<Opened> {
  if (spawnSync(process.execPath, ['esbuild.mjs'], { cwd: PROJECT, stdio: 'inherit' }).status !== 0) process.exit(1);
  const userData = await mkdtemp(join(tmpdir(), 'image-inspector-'));
  await mkdir(join(userData, 'User'));
  await writeFile(join(userData, 'User/settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...gemini.settings }));
  const args = [
    '--wait',
    '--new-window',
    '--disable-extensions',
    `--user-data-dir=${userData}`,
    `--extensionDevelopmentPath=${PROJECT}`,
    folder,
  ];
  const child = spawn('code', args, { env: gemini.env, stdio: 'inherit', shell: process.platform === 'win32' });
  console.log('Ready');
  return {
    ended: new Promise((resolve) => child.once('exit', () => resolve())),
    async stop() {
      child.kill();
      await rm(userData, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function openInBrowser(): Promise<Opened> {
  const password = randomBytes(12).toString('base64url');
  const server = await startCodeServer({ extensions: [await packageVsix()], settings: gemini.settings, env: gemini.env, password });
  console.log('VS Code in the browser. Open');
  console.log(`${server.url}/?${new URLSearchParams({ folder })}`);
  console.log(`Password: ${password}`);
  console.log('Ctrl+C ends it.');
  console.log('Ready');
  return server;
}
