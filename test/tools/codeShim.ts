#!/usr/bin/env node
/**
 * Stands in for the executable of VS Code where that cannot be had: takes the arguments that `runTests()` of @vscode/test-electron gives to it and runs
 * the same tests in code-server, shown in a headless Chromium. Ends with the exit code of the tests.
 */
import { launchChromium } from './chromium.ts';
import { startCodeServer } from './codeServer.ts';

/** Far above what a whole suite takes: only a VS Code that hangs gets there. */
const LONGEST_RUN = 10 * 60_000;

const args = process.argv.slice(2);
const values = (name: string): string[] => args.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
const [folder] = args.filter((arg) => !arg.startsWith('-'));
const [testsPath] = values('extensionTestsPath');
const [userData] = values('user-data-dir');
if (!folder || !testsPath) throw new Error('Needs a folder and --extensionTestsPath=…');

// a broken pipe (nobody reads any more) must not skip the cleaning up
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

let end: (code: number) => void = () => {};
const exitCode = new Promise<number>((resolve) => {
  end = resolve;
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.on(signal, () => end(code));
const parent = process.ppid;
// SIGKILL of the caller reaches nobody: an orphan gets another parent
setInterval(() => process.ppid === parent || end(143), 1000).unref();
setTimeout(() => {
  console.error('The tests took too long and were ended.');
  end(124);
}, LONGEST_RUN).unref();

const { HOME: _, ...env } = process.env;
const server = await startCodeServer({ ...(userData && { userData }), env, args: ['--vscode-option', 'enable-smoke-test-driver'] });
const browser = await launchChromium().catch(async (error: unknown) => {
  await server.stop();
  throw error;
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  // the two functions by which the workbench reports to its driver: what the tests print, and their end
  await page.exposeFunction('codeAutomationLog', (type: string, texts: unknown[]) => {
    const stream = type === 'error' || type === 'warn' ? process.stderr : process.stdout;
    stream.write(`${texts.map(String).join(' ')}\n`);
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => end(code));
  page.on('crash', () => {
    console.error('The page of VS Code crashed.');
    end(70);
  });
  server.ended.then(() => end(71));
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = [
    ...values('extensionDevelopmentPath').map((path) => ['extensionDevelopmentPath', remote(path)]),
    ['extensionTestsPath', remote(testsPath)],
  ];
  const response = await page.goto(`${server.url}/?${new URLSearchParams({ folder, payload: JSON.stringify(payload) })}`);
  if (!response?.ok()) throw new Error(`code-server answered ${response?.status()}:\n${server.log()}`);
  process.exitCode = await exitCode;
} finally {
  await browser.close();
  await server.stop();
}
process.exit();
