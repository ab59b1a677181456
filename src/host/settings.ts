import * as vscode from 'vscode';
import type { Limits } from '../core/budget.ts';
import { InspectorError } from '../core/failure.ts';
import { t } from '../core/l10n.ts';
import { type OwnPrices, readOwnPrices } from '../core/ownPrices.ts';
import type { MediaResolution } from '../core/tokens.ts';
import { vertexDestination } from '../core/vertex.ts';

export interface Settings {
  model: string;
  mediaResolution: MediaResolution;
  /** The longest side of an image that is sent, in pixels; 0 for as it is. */
  maxDimension: number;
  /** Bytes of a whole request. */
  inlineLimit: number;
  maskThreshold: number;
  /** English name of the language of captions and labels; empty for English. */
  outputLanguage: string;
  statusBar: 'tokens' | 'cost' | 'both' | 'off';
  confirmBeforeSending: 'firstTime' | 'always' | 'never';
  systemInstruction: string;
  safetySettings: { category: string; threshold: string }[];
  requestTimeout: number;
  maxConcurrency: number;
  url: {
    /** Bytes of an image that is fetched. */
    most: number;
    /** True if Gemini is given the address of an image in place of the image, where that can be. */
    sendAddress: boolean;
  };
}

const SECTION = 'imageInspector';
export const GOOGLE_ADDRESS = 'https://generativelanguage.googleapis.com';

/** The settings that hold for a file, or for the window. */
export function readSettings(scope?: vscode.Uri): Settings {
  const section = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const get = <T>(key: string): T => section.get<T>(key) as T;
  return {
    model: get<string>('model')
      .trim()
      .replace(/^models\//, ''),
    mediaResolution: get('mediaResolution'),
    maxDimension: get('maxDimension'),
    inlineLimit: get<number>('inlineLimitMB') * 1e6,
    maskThreshold: get('maskThreshold'),
    outputLanguage: languageName(get<string>('outputLanguage')),
    statusBar: get('statusBar'),
    confirmBeforeSending: get('confirmBeforeSending'),
    systemInstruction: get('systemInstruction'),
    safetySettings: Object.entries(get<Record<string, string>>('safetySettings')).map(([category, threshold]) => ({ category, threshold })),
    requestTimeout: get<number>('requestTimeoutSeconds') * 1000,
    maxConcurrency: get('maxConcurrency'),
    url: { most: get<number>('url.maxMB') * 1e6, sendAddress: get('url.sendAddress') },
  };
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
  return readOwnPrices(vscode.workspace.getConfiguration(SECTION).inspect('prices')?.globalValue);
}

/** The user's own limits for a day. Only the user's own settings count. */
export function readLimits(): Limits {
  const section = vscode.workspace.getConfiguration(SECTION);
  const dollars = (key: string) => {
    const value = section.inspect<number>(key)?.globalValue;
    return typeof value === 'number' && value > 0 ? value : 0;
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
 * computer; throws `network` for any other address, and `permissionDenied` where Vertex AI lacks a project or location.
 */
export function destination(): string {
  const address = ownSetting('baseUrl');
  const base = address === '' ? undefined : checkedAddress(address);
  if (!usesVertex()) return base ?? GOOGLE_ADDRESS;
  return vertexDestination({ project: ownSetting('project'), location: ownSetting('location') }, base);
}

/** True where Vertex AI is asked, which takes no key. */
export function usesVertex(): boolean {
  return ownSetting('backend') === 'vertexAi';
}

/** What the user has set, and no workspace. */
function ownSetting(key: string): string {
  return vscode.workspace.getConfiguration(SECTION).inspect<string>(key)?.globalValue?.trim() ?? '';
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
  return url.href.replace(/\/+$/, '');
}
