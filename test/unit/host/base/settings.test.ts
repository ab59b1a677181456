import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { beforeEach, suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { checkedSetting, SETTING_RULES, type SettingKey, type SettingRule } from '../../../../src/core/base/settingRules.ts';
import { useVscodeStub, workspace } from '../../../fakes/vscode.ts';

useVscodeStub();
const { excludeLevels, readLimits, readPrices, readSettings, settingProblems, usesVertex } = await import(
  '../../../../src/host/base/settings.ts'
);
const { destination } = await import('../../../../src/host/base/destination.ts');
const manifest = JSON.parse(await readFile(new URL('../../../../package.json', import.meta.url), 'utf8'));
const properties = Object.fromEntries(
  [manifest.contributes.configuration]
    .flat()
    .flatMap((group) => Object.entries<Record<string, unknown>>(group.properties))
    .map(([name, schema]) => [name.replace('imageInspector.', ''), schema]),
);
/** Settings that have readers of their own. */
const OTHERS = ['exclude', 'prices', 'prompts'];

type Level = 'globalValue' | 'workspaceValue' | 'workspaceFolderValue';
const levels: Record<Level, Record<string, unknown>> = { globalValue: {}, workspaceValue: {}, workspaceFolderValue: {} };
/** As VS Code hands settings over: the nearest level counts, whatever stands there. */
workspace.getConfiguration = () => {
  const at = (level: Level, key: string) => levels[level][key];
  const inspect = (key: string) => ({
    defaultValue: properties[key]?.default,
    globalValue: at('globalValue', key),
    workspaceValue: at('workspaceValue', key),
    workspaceFolderValue: at('workspaceFolderValue', key),
  });
  const get = (key: string) => {
    const { defaultValue, globalValue, workspaceValue, workspaceFolderValue } = inspect(key);
    const found = [workspaceFolderValue, workspaceValue, globalValue].find((value) => value !== undefined);
    return found === undefined ? defaultValue : found;
  };
  return { get, inspect };
};

const told: string[] = [];
settingProblems.listener = (problem) => told.push(problem);
beforeEach(() => {
  for (const level of Object.keys(levels)) levels[level as Level] = {};
  told.length = 0;
});

const DEFAULTS = readSettings();
const WRONG: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e9,
  2.5,
  Number.POSITIVE_INFINITY,
  'x',
  '',
  '5',
  [],
  ['x'],
  {},
  { x: 1 },
  { x: 'y' },
  { x: null },
];

test('the rules are those of the manifest', () => {
  assert.deepEqual(Object.keys(SETTING_RULES).concat(OTHERS).toSorted(), Object.keys(properties).toSorted());
  for (const [key, rule] of Object.entries<SettingRule>(SETTING_RULES)) {
    const { type, default: value, minimum, maximum, enum: words, additionalProperties } = properties[key] as Record<string, unknown>;
    const listed = type === 'object' ? (additionalProperties as { enum: unknown }).enum : words;
    const schema = { type, default: value, ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
    assert.deepEqual({ ...rule }, { ...schema, ...(listed === undefined ? {} : { enum: listed }) }, key);
  }
});

// Before any other: what was told is not told again.
test('what is wrong is told once, in words that hold nothing of it', () => {
  levels.workspaceValue = { systemInstruction: ['a secret'], statusBar: 'a secret', url: 1 };
  levels.globalValue = { safetySettings: { HARM_CATEGORY_HARASSMENT: 'a secret', OTHER: 'OFF' } };
  const { safetySettings } = readSettings();
  readSettings();
  assert.deepEqual(safetySettings, [{ category: 'OTHER', threshold: 'OFF' }]);
  assert.deepEqual(told, [
    'statusBar must be one of tokens, cost, both, off; it is text',
    'systemInstruction must be text; it is a list',
    'safetySettings must be an object in which each value is one of BLOCK_NONE, BLOCK_ONLY_HIGH, BLOCK_MEDIUM_AND_ABOVE, BLOCK_LOW_AND_ABOVE, OFF; it is an object',
  ]);
});

suite('a setting of any value', () => {
  for (const key of Object.keys(properties)) {
    for (const level of ['globalValue', 'workspaceValue', 'workspaceFolderValue'] as const) {
      test(`${key}, ${level}: breaks nothing, and what is used is what the manifest allows`, () => {
        for (const value of WRONG) {
          levels[level][key] = value;
          assertAllowed();
        }
      });
    }
  }
});

/** Everything that is read of settings can be, and is of the right kind and range. */
function assertAllowed(): void {
  const { safetySettings, url, inlineLimit, requestTimeout, maskEngine, deadlineHours, ...settings } = readSettings();
  const allowed = (key: SettingKey, value: unknown) => assert.deepEqual(checkedSetting(key, [value]), { value }, key);
  allowed('inlineLimitMB', inlineLimit / 1e6);
  allowed('requestTimeoutSeconds', requestTimeout / 1000);
  allowed('url.maxMB', url.most / 1e6);
  allowed('url.sendAddress', url.sendAddress);
  allowed('vertex.maskEngine', maskEngine);
  allowed('set.deadlineHours', deadlineHours);
  allowed('safetySettings', Object.fromEntries(safetySettings.map(({ category, threshold }) => [category, threshold])));
  for (const [key, value] of Object.entries(settings)) allowed(key as SettingKey, value);
  const { warnAt, stopAt } = readLimits();
  for (const limit of [warnAt, stopAt]) assert.ok(Number.isFinite(limit) && limit >= 0);
  assert.equal(typeof readPrices().prices, 'object');
  assert.equal(typeof usesVertex(), 'boolean');
  assert.ok(Array.isArray(excludeLevels()));
  try {
    assert.match(destination(), /^https:/);
  } catch (error) {
    assert.ok(error instanceof InspectorError && error.actions.includes('openSettings'), String(error));
  }
}

test('what is of a wrong kind counts as not written: the next level holds', () => {
  levels.globalValue = { model: 'models/mine', maxConcurrency: 7 };
  levels.workspaceValue = { model: null, outputLanguage: {}, maxConcurrency: 'many' };
  const { model, outputLanguage, maxConcurrency } = readSettings();
  assert.deepEqual([model, outputLanguage, maxConcurrency], ['mine', '', 7]);
});

test('what is out of range is brought into it', () => {
  levels.workspaceValue = { maxConcurrency: 0, inlineLimitMB: 0.001, maxDimension: 1.6, requestTimeoutSeconds: 1e12, maskThreshold: 255 };
  const { maxConcurrency, inlineLimit, maxDimension, requestTimeout, maskThreshold } = readSettings();
  assert.deepEqual([maxConcurrency, inlineLimit, maxDimension, requestTimeout, maskThreshold], [1, 1e6, 2, 3600e3, 254]);
});

test('nothing goes elsewhere because an address cannot be read', () => {
  for (const key of ['baseUrl', 'backend'])
    for (const value of [null, 5, ['https://gateway.example'], ...(key === 'backend' ? ['vertex', 'VertexAI'] : [])]) {
      levels.globalValue = { [key]: value };
      assert.throws(
        destination,
        (error) => error instanceof InspectorError && error.message.includes(`imageInspector.${key}`),
        `${key} ${value}`,
      );
    }
  for (const key of ['project', 'location']) {
    levels.globalValue = { backend: 'vertexAi', project: 'p', location: 'global', [key]: 5 };
    assert.throws(destination, /cannot be used/);
  }
});

test('settings that nobody has written are told of to nobody', () => {
  assert.deepEqual(readSettings(), DEFAULTS);
  assert.equal(destination(), 'https://generativelanguage.googleapis.com');
  assert.deepEqual(told, []);
});
