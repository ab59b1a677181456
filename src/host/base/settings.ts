import * as vscode from 'vscode';
import { checkedSetting, type SettingKey, type SettingValue } from '../../core/base/settingRules.ts';
import { type OwnPrices, readOwnPrices } from '../../core/models/ownPrices.ts';
import type { Limits } from '../../core/usage/budget.ts';
import type { TaskSettings } from '../../engine/task/settings.ts';
import { SettingProblems } from './settingProblems.ts';

export interface Settings extends TaskSettings {
  maskThreshold: number;
  statusBar: 'tokens' | 'cost' | 'both' | 'off';
  confirmBeforeSending: 'firstTime' | 'always' | 'never';
  /** Milliseconds. */
  requestTimeout: number;
  maxConcurrency: number;
  /** After which a batch that has not ended is offered to other speeds. */
  deadlineHours: number;
  explorerBadge: boolean;
  url: TaskSettings['url'] & {
    /** Bytes of an image that is fetched. */
    most: number;
  };
}

/** All settings begin with it. */
export const SECTION = 'imageInspector';
/** What is wrong with settings. */
export const settingProblems = new SettingProblems();

/** The settings that hold for a file, or for the window. What is of a wrong kind counts as not written, what is out of range as the end of it. */
export function readSettings(scope?: vscode.Uri): Settings {
  const section = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const get = <Key extends SettingKey>(key: Key) => checked(section, key);
  return {
    model: get('model')
      .trim()
      .replace(/^models\//, ''),
    mediaResolution: get('mediaResolution'),
    speed: get('speed'),
    pointInAnswers: get('pointInAnswers'),
    explorerBadge: get('explorerBadge'),
    maxDimension: get('maxDimension'),
    inlineLimit: get('inlineLimitMB') * 1e6,
    maskThreshold: get('maskThreshold'),
    outputLanguage: languageName(get('outputLanguage')),
    statusBar: get('statusBar'),
    confirmBeforeSending: get('confirmBeforeSending'),
    systemInstruction: get('systemInstruction'),
    safetySettings: Object.entries(get('safetySettings')).map(([category, threshold]) => ({ category, threshold })),
    requestTimeout: get('requestTimeoutSeconds') * 1000,
    maxConcurrency: get('maxConcurrency'),
    deadlineHours: get('set.deadlineHours'),
    maskEngine: get('vertex.maskEngine'),
    url: { most: get('url.maxMB') * 1e6, sendAddress: get('url.sendAddress') },
  };
}

function checked<Key extends SettingKey>(section: vscode.WorkspaceConfiguration, key: Key): SettingValue<Key> {
  const first = checkedSetting(key, [section.get<unknown>(key)]);
  if (first.problem === undefined) return first.value;
  const levels = section.inspect<unknown>(key);
  const found = [section.get<unknown>(key), levels?.workspaceFolderValue, levels?.workspaceValue, levels?.globalValue];
  const { value, problem } = checkedSetting(key, found);
  settingProblems.add(problem);
  return value;
}

/** What is excluded, at each level: no level can take away what another excludes. In a workspace that is not trusted its own values are not read. */
export function excludeLevels(scope?: vscode.Uri): unknown[] {
  const levels = vscode.workspace.getConfiguration(SECTION, scope ?? null).inspect<unknown>('exclude');
  return [levels?.defaultValue, levels?.globalValue, levels?.workspaceValue, levels?.workspaceFolderValue];
}

function languageName(setting: string): string {
  if (setting.trim() !== '') return setting.trim();
  return vscode.env.language.startsWith('en') ? '' : (new Intl.DisplayNames(['en'], { type: 'language' }).of(vscode.env.language) ?? '');
}

/** The user's own prices, and what is wrong with those that are not used. Only the user's own settings count. */
export function readPrices(): { prices: OwnPrices; problems: string[] } {
  const prices = vscode.workspace.getConfiguration(SECTION).inspect<unknown>('prices')?.globalValue;
  if (prices !== undefined && (typeof prices !== 'object' || prices === null)) settingProblems.add('prices is not an object');
  return readOwnPrices(prices);
}

/** The user's own limits for a day. Only the user's own settings count. */
export function readLimits(): Limits {
  const section = vscode.workspace.getConfiguration(SECTION);
  const dollars = (key: 'budget.warnAtUsd' | 'budget.stopAtUsd') => {
    const { value, problem } = checkedSetting(key, [section.inspect<unknown>(key)?.globalValue]);
    settingProblems.add(problem);
    return value;
  };
  return { warnAt: dollars('budget.warnAtUsd'), stopAt: dollars('budget.stopAtUsd') };
}

/** What agents in VS Code may do. Only the user's own settings count. */
export function readToolSettings(): { enabled: boolean; maxUsdPerSession: number } {
  const section = vscode.workspace.getConfiguration(SECTION);
  const own = <Key extends 'tools.enabled' | 'tools.maxUsdPerSession'>(key: Key) => {
    const { value, problem } = checkedSetting(key, [section.inspect<unknown>(key)?.globalValue]);
    settingProblems.add(problem);
    return value;
  };
  return { enabled: own('tools.enabled'), maxUsdPerSession: own('tools.maxUsdPerSession') };
}

/** True where Vertex AI is asked, which takes no key. */
export function usesVertex(): boolean {
  return own('backend') === 'vertexAi';
}

/** What the user has set, and no workspace; undefined where that is nothing of the right kind. */
export function own<Key extends 'baseUrl' | 'backend' | 'project' | 'location'>(key: Key): SettingValue<Key> | undefined {
  const { value, problem } = checkedSetting(key, [vscode.workspace.getConfiguration(SECTION).inspect<unknown>(key)?.globalValue]);
  settingProblems.add(problem);
  return problem === undefined ? value : undefined;
}
