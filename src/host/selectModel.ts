import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import { currentModels, modelInfo, priceAt } from '../core/models.ts';
import { plain } from '../core/plain.ts';
import { Job } from './job.ts';
import type { Sender } from './sender.ts';

interface ModelItem extends vscode.QuickPickItem {
  model?: string;
}

/** Lets the user choose the model; sets it in the user's settings, or where the workspace already sets it. */
export async function selectModel(sender: Sender): Promise<void> {
  const section = vscode.workspace.getConfiguration('imageInspector');
  const current = section.get<string>('model') ?? '';
  const picker = vscode.window.createQuickPick<ModelItem>();
  picker.title = t('Model');
  picker.placeholder = t('Choose a model, or type the id of another one');
  picker.matchOnDescription = true;
  const offered = currentModels(new Date()).map(({ id }) => id);
  picker.items = modelItems(offered, current, '');
  picker.busy = true;
  const job = new Job();
  void liveModels(sender, job).then((live) => {
    const known = offered.filter((id) => live.length === 0 || live.includes(id));
    const ids = [...known, ...live.filter((id) => !known.includes(id))];
    picker.busy = false;
    picker.items = modelItems(ids, current, picker.value);
    picker.onDidChangeValue((value) => {
      picker.items = modelItems(ids, current, value);
    });
  });
  const chosen = await new Promise<string | undefined>((resolve) => {
    picker.onDidAccept(() => resolve(picker.selectedItems[0]?.model));
    picker.onDidHide(() => resolve(undefined));
    picker.show();
  });
  job.cancel();
  picker.dispose();
  if (chosen === undefined) return;
  const { workspaceFolderValue, workspaceValue } = section.inspect<string>('model') ?? {};
  const target =
    workspaceFolderValue !== undefined
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : workspaceValue !== undefined
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
  await section.update('model', chosen, target);
}

/** The ids that the API lists for this key; none without a key or network, which the table then stands in for. */
async function liveModels(sender: Sender, job: Job): Promise<string[]> {
  try {
    return (await sender.listModels(job)).map(({ id }) => id);
  } catch {
    return [];
  }
}

function modelItems(ids: readonly string[], current: string, typed: string): ModelItem[] {
  const items: ModelItem[] = ids.map((id) => ({
    label: `${id === current ? '$(check) ' : ''}${plain(id)}`,
    description: description(id),
    model: id,
  }));
  const custom = typed.trim();
  if (custom !== '' && !ids.includes(custom)) items.push({ label: t('Use "{0}"', plain(custom)), model: custom, alwaysShow: true });
  return items;
}

function description(id: string): string {
  const info = modelInfo(id);
  const price = priceAt(id, new Date());
  const parts = [price === undefined ? t('price unknown') : t('{0} in, {1} out for 1M tokens', `$${price.input}`, `$${price.output}`)];
  if (info.status === 'preview') parts.push(t('preview'));
  return parts.join(' · ');
}
