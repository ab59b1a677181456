import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CODE_SERVER_ENTRY, installCodeServer } from './codeServerInstall.ts';
import { type ProcessGroup, spawnGroup } from './processGroup.ts';

/** VS Code settings of every test and of `npm start`: nothing that asks, tells tales or changes by itself. */
export const QUIET_SETTINGS: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.editor.enablePreview': false,
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'window.menuBarVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'files.autoSave': 'off',
};

export interface CodeServerOptions {
  /** Paths of packaged extensions. */
  extensions?: readonly string[];
  /** User settings over {@link QUIET_SETTINGS}. */
  settings?: Readonly<Record<string, unknown>>;
  /** The environment of the server and its extensions, besides what every program needs. */
  env?: NodeJS.ProcessEnv;
  /** Without it, anybody on this computer may open VS Code: for tests. */
  password?: string;
  /** Prepared user data; by default new and thrown away. */
  userData?: string;
  args?: readonly string[];
}

export interface CodeServer {
  url: string;
  port: number;
  /** Resolves when the server has ended by itself. */
  ended: Promise<void>;
  /** What the server has printed. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts VS Code as a server on a free loopback port, with throw-away data. Resolves when it listens. */
export async function startCodeServer(options: CodeServerOptions = {}): Promise<CodeServer> {
  const entry = join(await installCodeServer(), CODE_SERVER_ENTRY);
  const folder = await mkdtemp(join(tmpdir(), 'image-inspector-'));
  const home = join(folder, 'home');
  const userData = options.userData ?? join(folder, 'data');
  const config = join(folder, 'config.yaml');
  const settingsFile = join(userData, 'User/settings.json');
  await Promise.all([mkdir(home), mkdir(dirname(settingsFile), { recursive: true })]);
  if (!options.userData) await writeFile(settingsFile, JSON.stringify({ ...QUIET_SETTINGS, ...options.settings }, null, 2));
  // without a configuration of its own it would write one into the home folder
  await writeFile(config, '');
  // the only address outside that it would ask by itself is the extension gallery's
  const env = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    SHELL: '/bin/sh',
    ...Object.fromEntries(Object.entries(options.env ?? {}).filter(([name]) => !STEERING.test(name))),
    HOME: home,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  };
  const base = [entry, '--config', config, '--user-data-dir', userData, '--extensions-dir', join(folder, 'extensions')];
  const extensions = (options.extensions ?? []).flatMap((path) => ['--install-extension', path]);
  if (extensions.length > 0) await promisify(execFile)(process.execPath, [...base, ...extensions], { env });

  const access = options.password === undefined ? ['--auth', 'none'] : ['--auth', 'password'];
  const group = spawnGroup(process.execPath, [...base, ...access, '--bind-addr', '127.0.0.1:0', ...QUIET_ARGS, ...(options.args ?? [])], {
    env: options.password === undefined ? env : { ...env, PASSWORD: options.password },
    folder,
  });
  const ended = new Promise<void>((resolve) => group.child.once('exit', () => resolve()));
  try {
    const port = await Promise.race([
      portIn(group),
      ended.then(() => Promise.reject(new Error(`VS Code ended at once:\n${group.output()}`))),
    ]);
    return { url: `http://127.0.0.1:${port}`, port, ended, log: group.output, stop: group.stop };
  } catch (error) {
    await group.stop();
    throw error;
  }
}

/** What another VS Code, in whose terminal this runs, or a host of servers would have this one do. */
const STEERING = /^(VSCODE_.*|CODE_SERVER_.*|PORT|LOG_LEVEL|HASHED_PASSWORD|PASSWORD)$/;

const QUIET_ARGS = [
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-workspace-trust',
  '--disable-getting-started-override',
  '--disable-proxy',
];

/** The port that the server was given, which it prints once it listens. */
async function portIn(group: ProcessGroup): Promise<number> {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    const port = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(group.output())?.[1];
    if (port !== undefined) return Number(port);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`VS Code does not listen after two minutes:\n${group.output()}`);
}
