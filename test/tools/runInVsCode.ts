import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { downloadAndUnzipVSCode, runTests, TestRunFailedError } from '@vscode/test-electron';
import { QUIET_SETTINGS } from './codeServer.ts';
import { markedLines } from './markedLines.ts';
import { leaveGemini, PROJECT } from './project.ts';
import type { Counts } from './stepOutcome.ts';

/** All that VS Code printed during the tests. */
export const VSCODE_LOG = join(PROJECT, 'out/vscode.log');

export interface InVsCodeOptions {
  extensionDevelopmentPath?: string;
  /** A CommonJS module with a function `run`. */
  extensionTestsPath?: string;
  /** Is copied: tests may change what is in it. */
  folder?: string;
  settings?: Readonly<Record<string, unknown>>;
  /** Further environment of the tests. */
  env?: Readonly<Record<string, string>>;
}

/**
 * Runs tests inside the extension host of a real VS Code: desktop VS Code where it can be downloaded and shown, code-server otherwise.
 * Undefined if they ended without a report, such as when VS Code itself broke down.
 */
export async function runInVsCode(options: InVsCodeOptions = {}): Promise<Counts | undefined> {
  const temp = await mkdtemp(join(tmpdir(), 'image-inspector-'));
  const workspace = join(temp, 'workspace');
  const userData = join(temp, 'data');
  const report = join(temp, 'report.json');
  await mkdir(dirname(VSCODE_LOG), { recursive: true });
  const log = createWriteStream(VSCODE_LOG);
  try {
    await cp(options.folder ?? join(PROJECT, 'test/fixtures/samples'), workspace, { recursive: true });
    await mkdir(join(userData, 'User'), { recursive: true });
    await writeFile(join(userData, 'User/settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...options.settings }));
    const vscodeExecutablePath = await findVsCode();
    // VS Code gets this process's environment: nothing of Gemini may be in it
    leaveGemini();
    await runTests({
      vscodeExecutablePath,
      stdout: markedLines((line) => console.log(line), log),
      stderr: log,
      extensionDevelopmentPath: options.extensionDevelopmentPath ?? PROJECT,
      extensionTestsPath: options.extensionTestsPath ?? join(PROJECT, 'out/test/vscode/index.cjs'),
      launchArgs: [workspace, '--disable-extensions', `--user-data-dir=${userData}`, `--extensions-dir=${join(temp, 'extensions')}`],
      extensionTestsEnv: {
        ...options.env,
        IMAGE_INSPECTOR_TEST_REPORT: report,
        // the shim is started as a program: `node` must be this one
        PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      },
    }).catch((error: unknown) => {
      // the report tells which tests failed
      if (!(error instanceof TestRunFailedError)) throw error;
    });
    return await readFile(report, 'utf8').then(
      (json) => JSON.parse(json) as Counts,
      () => undefined,
    );
  } finally {
    log.end();
    await rm(temp, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The program to run: desktop VS Code, or our stand-in for it. Says so where it is the stand-in. */
async function findVsCode(): Promise<string> {
  const reason = await whyNotDesktop();
  if (reason === undefined) return downloadAndUnzipVSCode({ cachePath: join(PROJECT, '.vscode-test') });
  console.log(`${reason}: testing in code-server instead.`);
  return join(import.meta.dirname, 'codeShim.ts');
}

/** Why desktop VS Code cannot be had here, if so; the stand-in for it needs a Chromium. */
export async function whyNotDesktop(): Promise<string | undefined> {
  return cannotShow() ?? (await cannotDownload());
}

function cannotShow(): string | undefined {
  const hasScreen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  return hasScreen ? undefined : 'There is no display for VS Code here';
}

async function cannotDownload(): Promise<string | undefined> {
  const response = await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal: AbortSignal.timeout(3000) }).catch(
    () => undefined,
  );
  return response?.ok ? undefined : 'VS Code cannot be downloaded here';
}
