import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TASKS } from '../../../src/core/inspection/inspection.ts';

interface Setting {
  order?: number;
  enum?: string[];
  enumItemLabels?: string[];
}
const read = (file: string) => JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'));
const { contributes } = read('package.json') as {
  contributes: {
    configuration: { properties: Record<string, Setting> };
    menus: Record<string, { command: string; group?: string }[]>;
    keybindings: { key: string; args?: string }[];
  };
};
const settings = Object.entries(contributes.configuration.properties);

test('settings stand in an order of their own, and their choices have names', () => {
  assert.deepEqual(
    settings.map(([, { order }]) => order),
    settings.map((_, index) => index + 1),
  );
  const words = read('package.nls.json') as Record<string, string>;
  for (const [name, { enum: values, enumItemLabels }] of settings) {
    if (values === undefined) continue;
    const labels = (enumItemLabels ?? []).map((label) => words[label.replaceAll('%', '')]);
    assert.equal(labels.length, values.length, name);
    assert.ok(
      labels.every((label) => label !== undefined),
      name,
    );
  }
});

test('tasks stand in the same order in the menu, on the keys and where a task is chosen', () => {
  const isTask = (name: string | undefined) => TASKS.some((task) => task === name);
  const inMenu = (contributes.menus['imageInspector.menu'] ?? [])
    .toSorted((a, b) => (a.group ?? '').localeCompare(b.group ?? ''))
    .map(({ command }) => command.replace('imageInspector.', ''))
    .filter(isTask);
  const onKeys = contributes.keybindings
    .filter(({ args }) => args?.startsWith('task:'))
    .toSorted((a, b) => a.key.localeCompare(b.key))
    .map(({ args = '' }) => args.slice('task:'.length));
  assert.deepEqual(inMenu, [...TASKS]);
  assert.deepEqual(
    onKeys,
    TASKS.filter((task) => task !== 'compare'),
  );
});
