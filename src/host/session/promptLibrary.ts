import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi, withoutControls } from '../../core/base/sanitizeForUi.ts';
import type { Task } from '../../core/inspection/inspection.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { promptNamed, readSavedPrompts, type SavedPrompt, textOfPrompt, typedPrompt } from '../../core/request/savedPrompts.ts';
import type { NamedPrompt } from '../../protocol.ts';
import { confirm } from '../base/confirm.ts';
import { taskTitle } from '../base/taskTitles.ts';

const SECTION = 'imageInspector';

/** The saved prompt that a call names, or that the user picks. A prompt of the workspace is shown, and run only if the user agrees. */
export async function choosePrompt({ options, fromCode }: CommandCall): Promise<SavedPrompt | undefined> {
  const prompts = savedPrompts();
  const named = typeof options.name === 'string' ? promptNamed(prompts, options.name) : undefined;
  if (named === undefined && fromCode) throw new InspectorError('notConfirmed', t('There is no saved prompt of that name.'));
  const prompt = named ?? (await pickPrompt(prompts));
  if (prompt === undefined || (await agreesTo(prompt))) return prompt;
  if (fromCode) throw new InspectorError('notConfirmed', t('Not sent.'));
  return undefined;
}

/** Asks for a name and saves the words in the user's settings. */
export async function savePrompt(task: Task, query: string): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: t('Save Prompt'),
    prompt: t('Name of the prompt'),
    value: query.slice(0, 40),
    validateInput: (value) => (value.trim() === '' ? t('Enter a name for the prompt.') : undefined),
  });
  if (name === undefined) return;
  const section = vscode.workspace.getConfiguration(SECTION);
  const own = section.inspect<unknown[]>('prompts')?.globalValue ?? [];
  const others = Array.isArray(own) ? own.filter((entry) => (entry as { name?: unknown } | null)?.name !== name.trim()) : [];
  await section.update('prompts', [...others, { name: name.trim(), task, query }], vscode.ConfigurationTarget.Global);
  confirm(t('Prompt "{0}" saved in your settings', sanitizeForUi(name.trim(), 60)));
}

/** In a workspace that is not trusted its own prompts do not count. */
function savedPrompts(): SavedPrompt[] {
  const values = vscode.workspace.getConfiguration(SECTION).inspect<unknown>('prompts');
  const ofWorkspace = vscode.workspace.isTrusted ? [values?.workspaceValue, values?.workspaceFolderValue] : [];
  return readSavedPrompts([
    { value: values?.globalValue, from: 'user' },
    ...ofWorkspace.map((value) => ({ value, from: 'workspace' as const })),
  ]);
}

/** What a page offers: those for some of the tasks. There the words are seen before they are run, those of a workspace too. */
export function namedPrompts(tasks: readonly Task[]): NamedPrompt[] {
  return savedPrompts()
    .filter(({ task }) => tasks.includes(task))
    .map((prompt) => ({
      name: withoutControls(prompt.name),
      task: prompt.task,
      query: typedPrompt(prompt),
      ...(prompt.from === 'workspace' ? { ofWorkspace: true as const } : {}),
    }));
}

async function pickPrompt(prompts: readonly SavedPrompt[]): Promise<SavedPrompt | undefined> {
  if (prompts.length === 0) {
    const open = { title: t('Open Settings') };
    const chosen = await vscode.window.showInformationMessage(
      t("No saved prompts yet. To save one, choose Save Prompt… in a result's menu."),
      open,
    );
    if (chosen === open) await vscode.commands.executeCommand('workbench.action.openSettings', 'imageInspector.prompts');
    return undefined;
  }
  return (await vscode.window.showQuickPick(promptItems(prompts), { title: t('Run Saved Prompt'), matchOnDetail: true }))?.prompt;
}

/** Saved prompts as entries to pick from. */
export function promptItems(prompts: readonly SavedPrompt[] = savedPrompts()) {
  return prompts.map((prompt) => ({
    label: sanitizeForUi(prompt.name, 60),
    description: [sanitizeForUi(taskTitle(prompt.task)), prompt.from === 'workspace' ? t('from this workspace') : '']
      .filter(Boolean)
      .join(' · '),
    detail: sanitizeForUi(textOfPrompt(prompt), 200),
    prompt,
  }));
}

/** True for the user's own prompts, and for those of the workspace that the user agrees to. */
export async function agreesTo(prompt: SavedPrompt): Promise<boolean> {
  return prompt.from === 'user' || agreedTo(prompt);
}

/** Shows the whole of it: whoever wrote the workspace decides what is asked. */
async function agreedTo(prompt: SavedPrompt): Promise<boolean> {
  const run = { title: t('Run') };
  const detail = [taskTitle(prompt.task), '', sanitizeForUi(textOfPrompt(prompt), 10_000) || t('No message of its own.')].join('\n');
  const message = t('Run the prompt "{0}" of this workspace?', sanitizeForUi(prompt.name, 60));
  // Where no dialog can be shown, nobody has agreed.
  const chosen = await Promise.resolve(vscode.window.showInformationMessage(message, { modal: true, detail }, run)).catch(() => undefined);
  return chosen === run;
}
