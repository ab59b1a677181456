/** Loads an extension in this fresh process, with a `vscode` that does nothing, and activates it. Argument: the path of the module. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT } from '../tools/project.ts';

/** Milliseconds. */
export interface ActivationTimes {
  load: number;
  activate: number;
}

/** Anything: called, constructed or asked for a property, it gives itself; but no setting is written, since a user with settings of wrong kinds is warned at the start, and no file is there. */
const ANYTHING = `const anything = new Proxy(class {}, {
  get: (_, name) => name === 'getConfiguration' ? () => ({ get() {}, inspect() {} }) : name === 'readFile' ? () => Promise.reject(new Error('No such file.')) : (name === Symbol.toPrimitive ? () => '' : name === Symbol.iterator ? () => [][Symbol.iterator]() : name === 'then' ? undefined : anything),
  set: () => true,
  apply: () => anything,
  construct: () => anything,
});`;

const types = readFileSync(join(PROJECT, 'node_modules/@types/vscode/index.d.ts'), 'utf8');
const names = new Set([...types.matchAll(/^\texport (?:abstract )?(?:class|enum|namespace|const) (\w+)/gm)].map((match) => match[1]));
const stub = `${ANYTHING}\n${[...names].map((name) => `export const ${name} = anything;`).join('\n')}`;
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'vscode' ? { url: 'stub:vscode', shortCircuit: true } : next(specifier, context)),
  load: (url, context, next) => (url === 'stub:vscode' ? { format: 'module', source: stub, shortCircuit: true } : next(url, context)),
});

// Loaded before, as VS Code has it.
const { window } = await import('vscode');
const own: Record<PropertyKey, unknown> = { subscriptions: [], asAbsolutePath: (path: string) => join(PROJECT, path) };
const context = new Proxy(own, { get: (_, name) => own[name] ?? window });
const start = performance.now();
const extension = (await import(pathToFileURL(process.argv[2] ?? '').href)) as { activate?: (context: unknown) => unknown };
const loaded = performance.now();
await extension.activate?.(context);
const end = performance.now();
console.log(JSON.stringify({ load: loaded - start, activate: end - loaded } satisfies ActivationTimes));
// What the extension has begun, such as reading a key, has nothing to wait for.
process.exit();
