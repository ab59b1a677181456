import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { OBJECT_ACTIONS } from '../../../src/protocol.ts';

const root = new URL('../../../', import.meta.url);
const text = (path: string) => readFile(new URL(path, root), 'utf8');
const json = async (path: string) => JSON.parse(await text(path));
const manifest = await json('package.json');
const { contributes } = manifest;
const sources = await Promise.all(
  (await readdir(new URL('src/', root), { recursive: true })).filter((path) => path.endsWith('.ts')).map((path) => text(`src/${path}`)),
);

test('every command that is contributed has a handler', async () => {
  const { TASKS } = await import('../../../src/core/inspection/inspection.ts');
  for (const { command } of contributes.commands) {
    const id = command.replace('imageInspector.', '');
    const handled =
      sources.some((source) => source.includes(`registerCommand('${command}'`)) ||
      (TASKS as readonly string[]).includes(id) ||
      sources.some((source) => source.includes(`commands.register('${id}'`)) ||
      (OBJECT_ACTIONS as readonly string[]).includes(id.replace('object.', ''));
    assert.ok(handled, `${command} has no handler`);
  }
});

test('every command in a menu or keybinding is contributed', () => {
  const known = new Set(contributes.commands.map(({ command }: { command: string }) => command));
  const menus = Object.entries<{ command?: string; submenu?: string }[]>({ ...contributes.menus, keybindings: contributes.keybindings });
  for (const [menu, items] of menus) {
    for (const { command, submenu } of items) {
      if (command !== undefined) assert.ok(known.has(command), `${menu}: ${command}`);
      if (submenu !== undefined)
        assert.ok(
          contributes.submenus.some(({ id }: { id: string }) => id === submenu),
          `${menu}: ${submenu}`,
        );
    }
  }
});

test('every %key% of the manifest has its words, and no words are left over', async () => {
  const used = new Set([...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]));
  const words = new Set(Object.keys(await json('package.nls.json')));
  assert.deepEqual(
    [...used].filter((key) => !words.has(key as string)),
    [],
    'without words',
  );
  assert.deepEqual(
    [...words].filter((key) => !used.has(key)),
    [],
    'never used',
  );
});

test('every setting that is read is contributed', () => {
  const contributed = new Set(Object.keys(contributes.configuration.properties).map((key) => key.replace('imageInspector.', '')));
  const settings = sources.find((source) => source.includes('export function readSettings')) as string;
  const read = [...settings.matchAll(/get(?:<[^(]*>)?\('([\w.]+)'\)/g)].map((match) => match[1] as string);
  assert.ok(read.length > 10);
  for (const key of read) assert.ok(contributed.has(key), key);
});

test('what decides where keys and images go can be set by the user alone', () => {
  for (const key of [
    'baseUrl',
    'confirmBeforeSending',
    'systemInstruction',
    'safetySettings',
    'url.maxMB',
    'url.sendAddress',
    'vertex.maskEngine',
  ]) {
    assert.equal(contributes.configuration.properties[`imageInspector.${key}`].scope, 'application', key);
  }
});

test('the package contract: identity, engine, editors', () => {
  assert.equal(manifest.name, 'gemini-image-inspector');
  assert.equal(manifest.publisher, 'image-inspector');
  assert.equal(manifest.engines.vscode, '^1.101.0');
  assert.match(manifest.devDependencies['@types/vscode'], /^1\.101\./);
  assert.deepEqual(manifest.extensionKind, ['workspace']);
  assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
  assert.equal(manifest.capabilities.virtualWorkspaces, true);
  assert.ok(manifest.activationEvents.includes('onCustomEditor:imagePreview.previewEditor'));
  const editor = contributes.customEditors.find(({ viewType }: { viewType: string }) => viewType === 'imageInspector.editor');
  assert.equal(editor.priority, 'option');
});

test('the dialog of keys names every keybinding', async () => {
  const source = await text('src/webview/panel/tools/shortcutsDialog.ts');
  const named = new Set([...source.matchAll(/'([^' ]+)'/g)].map((match) => match[1]?.toLowerCase()));
  assert.deepEqual(
    contributes.keybindings.map(({ key }: { key: string }) => key).filter((key: string) => !named.has(key)),
    [],
  );
});

test('the palette has every task, whatever is open, and finds them by "gemini"', async () => {
  const { TASKS } = await import('../../../src/core/inspection/inspection.ts');
  const words = await json('package.nls.json');
  assert.match(words.category, /Gemini/);
  for (const task of TASKS) {
    const command = `imageInspector.${task}`;
    const { category, enablement } = contributes.commands.find((one: { command: string }) => one.command === command);
    assert.deepEqual([category, enablement], ['%category%', undefined], command);
    const hidden = contributes.menus.commandPalette.find((one: { command: string }) => one.command === command);
    assert.equal(hidden?.when, undefined, command);
  }
});

test('a single key is none of ours while a field of VS Code has the focus: that is known at once, where the page has it a moment later', () => {
  const single = contributes.keybindings.filter(({ key }: { key: string }) => !/ctrl|cmd|alt/.test(key));
  assert.ok(single.length > 20);
  for (const { key, when } of single) assert.match(when, /viewFocus && !inputFocus && !textInputFocus/, key);
});
