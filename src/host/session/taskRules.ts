import * as vscode from 'vscode';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import type { SendOptions, TaskRules, TaskSettings } from '../../engine/task/settings.ts';
import { excludeLevels, readSettings } from '../base/settings.ts';
import type { SendOptionsStore } from './sendOptions.ts';

/** What holds for an image by VS Code's settings and what the user chose in this window. */
export class VscodeTaskRules implements TaskRules {
  readonly sendOptions: SendOptionsStore;
  readonly tokenBasis: () => TokenBasis;

  constructor(sendOptions: SendOptionsStore, tokenBasis: () => TokenBasis) {
    this.sendOptions = sendOptions;
    this.tokenBasis = tokenBasis;
  }

  settingsFor(address?: string): TaskSettings {
    return readSettings(address === undefined ? undefined : vscode.Uri.parse(address));
  }

  sendOptionsFor(address: string): SendOptions {
    return this.sendOptions.of(vscode.Uri.parse(address));
  }

  async isExcluded(address: string): Promise<boolean> {
    const { isExcludedFile } = await import('../../engine/files/exclusion.ts');
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    return isExcludedFile(vscode.Uri.parse(address), { folders, levels: excludeLevels });
  }
}
