import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { checkedSetting, type SettingKey, type SettingValue } from '../../core/base/settingRules.ts';
import { withoutEnd } from '../../core/base/trim.ts';
import { type OwnPrices, readOwnPrices } from '../../core/models/ownPrices.ts';
import { vertexDestination } from '../../core/models/vertex.ts';
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
  explorerBadge: boolean;
  url: TaskSettings['url'] & {
    /** Bytes of an image that is fetched. */
    most: number;
  };
}

const SECTION = 'imageInspector';
export const GOOGLE_ADDRESS = 'https://generativelanguage.googleapis.com';

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

/** Changes a setting where it is set: in the folder or the workspace if these have a value, else for the user. */
export async function changeSetting(key: 'model' | 'mediaResolution', value: string, scope?: vscode.Uri): Promise<void> {
  const section = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const { workspaceFolderValue, workspaceValue } = section.inspect<string>(key) ?? {};
  const target =
    workspaceFolderValue !== undefined
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : workspaceValue !== undefined
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
  await section.update(key, value, target);
}

/**
 * Where requests go, without a slash at the end: see `vertexDestination` for Vertex AI. Only the user's own settings count, and only https, or http on this
 * computer; throws `network` for any other address, and for a setting of it that cannot be read,
 * and `permissionDenied` where Vertex AI lacks a project or location.
 */
export function destination(): string {
  const address = needed('baseUrl');
  const base = address === '' ? undefined : checkedAddress(address);
  if (needed('backend') !== 'vertexAi') return base ?? GOOGLE_ADDRESS;
  return vertexDestination({ project: needed('project'), location: needed('location') }, base);
}

/** True where Vertex AI is asked, which takes no key. */
export function usesVertex(): boolean {
  return own('backend') === 'vertexAi';
}

/** What the user has set, and no workspace; undefined where that is nothing of the right kind. */
function own<Key extends 'baseUrl' | 'backend' | 'project' | 'location'>(key: Key): SettingValue<Key> | undefined {
  const { value, problem } = checkedSetting(key, [vscode.workspace.getConfiguration(SECTION).inspect<unknown>(key)?.globalValue]);
  settingProblems.add(problem);
  return problem === undefined ? value : undefined;
}

/** Nothing goes anywhere else because what was written cannot be read. */
function needed(key: 'baseUrl' | 'backend' | 'project' | 'location'): string {
  const value = own(key);
  if (value === undefined)
    throw new InspectorError('network', t('The setting "{0}" cannot be used.', `imageInspector.${key}`), { actions: ['openSettings'] });
  return value.trim();
}

function checkedAddress(setting: string): string {
  const url = URL.canParse(setting) ? new URL(setting) : undefined;
  const loopback = url !== undefined && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const allowed = url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && loopback));
  if (!allowed || url.username !== '' || url.password !== '') {
    throw new InspectorError('network', t('The address in the setting "Base Url" cannot be used.'), {
      detail: t('It must begin with https://, or with http:// and an address of this computer, and hold no user name.'),
      actions: ['openSettings'],
    });
  }
  return withoutEnd(url.href, '/');
}
