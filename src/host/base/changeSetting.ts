import * as vscode from 'vscode';
import { SECTION } from './settings.ts';

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
