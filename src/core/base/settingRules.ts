import { isRecord } from './shape.ts';
/** What the manifest says that a setting may be. */
export type SettingRule =
  | { type: 'string'; default: string; enum?: readonly string[] }
  | NumberRule
  | { type: 'boolean'; default: boolean }
  /** An object of words that are all of one list. */
  | { type: 'object'; default: Readonly<Record<string, string>>; enum: readonly string[] };

interface NumberRule {
  type: 'integer' | 'number';
  default: number;
  minimum: number;
  maximum?: number;
}

/** Every setting with a value of its own, as in the manifest: VS Code warns of others in its editor, but hands them over all the same. Lists and prices have readers of their own. */
export const SETTING_RULES = {
  model: { type: 'string', default: 'gemini-3.8-flash' },
  mediaResolution: { type: 'string', default: 'default', enum: ['default', 'low', 'medium', 'high', 'ultraHigh'] },
  speed: { type: 'string', default: 'standard', enum: ['standard', 'flex'] },
  maxDimension: { type: 'integer', default: 0, minimum: 0, maximum: 65535 },
  inlineLimitMB: { type: 'number', default: 20, minimum: 1, maximum: 100 },
  pointInAnswers: { type: 'boolean', default: true },
  explorerBadge: { type: 'boolean', default: false },
  maskThreshold: { type: 'integer', default: 127, minimum: 0, maximum: 254 },
  outputLanguage: { type: 'string', default: '' },
  statusBar: { type: 'string', default: 'tokens', enum: ['tokens', 'cost', 'both', 'off'] },
  confirmBeforeSending: { type: 'string', default: 'firstTime', enum: ['firstTime', 'always', 'never'] },
  baseUrl: { type: 'string', default: '' },
  backend: { type: 'string', default: 'geminiApi', enum: ['geminiApi', 'vertexAi'] },
  project: { type: 'string', default: '' },
  location: { type: 'string', default: '' },
  'vertex.maskEngine': { type: 'string', default: 'gemini', enum: ['gemini', 'segmentImage'] },
  systemInstruction: { type: 'string', default: '' },
  safetySettings: {
    type: 'object',
    default: {},
    enum: ['BLOCK_NONE', 'BLOCK_ONLY_HIGH', 'BLOCK_MEDIUM_AND_ABOVE', 'BLOCK_LOW_AND_ABOVE', 'OFF'],
  },
  requestTimeoutSeconds: { type: 'number', default: 60, minimum: 5, maximum: 3600 },
  'url.maxMB': { type: 'number', default: 100, minimum: 1, maximum: 1200 },
  'url.sendAddress': { type: 'boolean', default: false },
  'tools.enabled': { type: 'boolean', default: true },
  'tools.maxUsdPerSession': { type: 'number', default: 0.25, minimum: 0 },
  'set.deadlineHours': { type: 'integer', default: 24, minimum: 1, maximum: 48 },
  'altText.check': { type: 'string', default: 'off', enum: ['off', 'missing', 'all'] },
  maxConcurrency: { type: 'integer', default: 3, minimum: 1, maximum: 16 },
  'budget.warnAtUsd': { type: 'number', default: 0, minimum: 0 },
  'budget.stopAtUsd': { type: 'number', default: 0, minimum: 0 },
} as const satisfies Readonly<Record<string, SettingRule>>;

export type SettingKey = keyof typeof SETTING_RULES;
type RuleOf<Key extends SettingKey> = (typeof SETTING_RULES)[Key];

/** What a setting is once it has been checked. */
export type SettingValue<Key extends SettingKey> =
  RuleOf<Key> extends { type: 'string'; enum: readonly (infer Word)[] }
    ? Word
    : RuleOf<Key> extends { type: 'string' }
      ? string
      : RuleOf<Key> extends { type: 'boolean' }
        ? boolean
        : RuleOf<Key> extends { type: 'object' }
          ? Record<string, string>
          : number;

/** A value that can be used, and what is wrong with the one that was found, in English for the log: it holds nothing of what was written there. */
export interface CheckedSetting<Value> {
  value: Value;
  problem?: string;
}

/**
 * The first value of these that is of the right kind, numbers brought into their range; else the default.
 * @param found the setting's value, then those of its levels from the nearest to the widest
 */
export function checkedSetting<Key extends SettingKey>(key: Key, found: readonly unknown[]): CheckedSetting<SettingValue<Key>> {
  const rule: SettingRule = SETTING_RULES[key];
  const usable = found.map((value) => usableOf(rule, value));
  const index = usable.findIndex((value) => value !== undefined);
  const value = usable[index] ?? rule.default;
  // What is not set at all is no mistake.
  const isAsWritten = found[0] === undefined || (index === 0 && isEqual(value, found[0]));
  const checked = { value: value as SettingValue<Key> };
  return isAsWritten ? checked : { ...checked, problem: `${key} must be ${wordsOf(rule)}; it is ${kindOf(found[0])}` };
}

function usableOf(rule: SettingRule, value: unknown): string | number | boolean | Record<string, string> | undefined {
  switch (rule.type) {
    case 'string':
      return typeof value === 'string' && (rule.enum === undefined || rule.enum.includes(value)) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'object':
      return isRecord(value) ? usableEntries(value, rule.enum) : undefined;
    default:
      return typeof value === 'number' && Number.isFinite(value) ? inRange(rule, value) : undefined;
  }
}

function inRange({ type, minimum, maximum = Number.POSITIVE_INFINITY }: NumberRule, value: number): number {
  return Math.min(Math.max(type === 'integer' ? Math.round(value) : value, minimum), maximum);
}

function usableEntries(value: object, words: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(value).filter(([, word]) => typeof word === 'string' && words.includes(word)));
}

function isEqual(value: unknown, found: unknown): boolean {
  return isRecord(value) && isRecord(found) ? Object.keys(value).length === Object.keys(found).length : Object.is(value, found);
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'string' ? 'text' : typeof value === 'object' ? 'an object' : String(value);
}

function wordsOf(rule: SettingRule): string {
  switch (rule.type) {
    case 'string':
      return rule.enum === undefined ? 'text' : `one of ${rule.enum.join(', ')}`;
    case 'boolean':
      return 'true or false';
    case 'object':
      return `an object in which each value is one of ${rule.enum.join(', ')}`;
    default:
      return `${rule.type === 'integer' ? 'a whole number' : 'a number'} ${rule.maximum === undefined ? `from ${rule.minimum}` : `from ${rule.minimum} to ${rule.maximum}`}`;
  }
}
