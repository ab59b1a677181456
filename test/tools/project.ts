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

/** The environment without anything that could lead a test to the real Gemini or to a real key. */
export function withoutGemini(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(GEMINI|GOOGLE|GCLOUD|CLOUDSDK|VERTEX)_/i.test(name)));
}
