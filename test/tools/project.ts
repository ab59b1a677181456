import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the project. */
export const PROJECT = join(import.meta.dirname, '../..');

/** Where programs fetched for tests are kept; not in git. */
export const DOWNLOADS = join(PROJECT, '.vscode-test');

const manifest = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { name: string; publisher: string; version: string };

/** The id under which VS Code knows the extension. */
export const EXTENSION_ID = `${manifest.publisher}.${manifest.name}`;

/** The name of the packaged extension. */
export const VSIX_NAME = `${manifest.name}-${manifest.version}.vsix`;

/** The environment without anything that could lead a test to the real Gemini or to a real key, and with no proxy between a test and this computer. */
export function withoutGemini(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(GEMINI|GOOGLE|GCLOUD|CLOUDSDK|VERTEX)_/i.test(name));
  const direct = [env.NO_PROXY ?? env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
  return { ...Object.fromEntries(kept), NO_PROXY: direct, no_proxy: direct };
}

/** Makes this process's environment such a one, for all that it starts. */
export function leaveGemini(): void {
  const env = withoutGemini();
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}
