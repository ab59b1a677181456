import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { TASKS, type Task } from '../../core/inspection/inspection.ts';
import type { CommandOptions } from '../../core/request/commandArguments.ts';
import { SET_SPEEDS, type SetCall, type SetSpeed } from '../../core/sets/inspectionSet.ts';
import { taskTitle } from '../base/taskTitles.ts';

/** What is asked of each image. */
export type FolderQuestion = Pick<SetCall, 'task' | 'query' | 'labels'>;

/** Tasks that can be run on each of many images. */
const EACH = TASKS.filter((task) => task !== 'compare');

/** Lets the user choose a task and give its words; undefined when the user gave up. `labels`: a list to begin with. */
export async function chooseQuestion(images: string, labels: string | undefined): Promise<FolderQuestion | undefined> {
  const { agreesTo, promptItems } = await import('../session/promptLibrary.ts');
  const tasks = EACH.map((task) => ({ label: taskTitle(task).replace(/…$/, ''), task, prompt: undefined }));
  const saved = promptItems()
    .filter(({ prompt }) => prompt.task !== 'compare')
    .map((item) => ({ ...item, task: item.prompt.task }));
  const line = { label: t('Saved Prompts'), kind: vscode.QuickPickItemKind.Separator, task: undefined, prompt: undefined };
  const items = [...tasks, ...(saved.length === 0 ? [] : [line, ...saved])];
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Inspect Folder: {0}', images),
    placeHolder: t('Task for each image'),
  });
  if (chosen?.task === undefined) return undefined;
  if (chosen.prompt !== undefined) {
    const { task, query, labels: list } = chosen.prompt;
    return (await agreesTo(chosen.prompt)) ? question(task, query, list) : undefined;
  }
  const words = await askForWords(chosen.task, labels);
  return words === undefined ? undefined : question(chosen.task, words, undefined);
}

/** The words of a task on each of many images; undefined when the user gave up. */
async function askForWords(task: Task, labels = ''): Promise<string | undefined> {
  const title = taskTitle(task).replace(/…$/, '');
  switch (task) {
    case 'ask':
      return vscode.window.showInputBox({
        title,
        prompt: t('A question about each image'),
        validateInput: (value) => (value.trim() === '' ? t('Enter a question.') : undefined),
      });
    case 'classify':
      return vscode.window.showInputBox({ title, prompt: t('Labels, separated by commas (optional)'), value: labels });
    case 'detect':
    case 'segment':
      return vscode.window.showInputBox({ title, prompt: t('Objects to find; empty for all prominent ones') });
    default:
      return '';
  }
}

/** What a program asks for. Rejects where that is no task for each of many images. */
export function questionOf({ task, query = '', labels }: CommandOptions): FolderQuestion {
  const known = EACH.find((one) => one === task);
  if (known === undefined) throw new InspectorError('unsupported', t('"{0}" is none of these: {1}.', String(task), EACH.join(', ')));
  const words = typeof query === 'string' ? query : '';
  return question(known, known === 'ask' && words.trim() === '' ? t('What is in this image?') : words, labels);
}

function question(task: Task, query: string, labels: readonly string[] | string | undefined): FolderQuestion {
  if (labels === undefined) return { task, query };
  return { task, query, labels: typeof labels === 'string' ? labels.split(',').map((label) => label.trim()) : labels };
}

/** The speed that a program asks for; `otherwise` where it names none. */
export function speedOption(speed: unknown, otherwise: SetSpeed): SetSpeed {
  if (speed === undefined) return otherwise;
  const known = SET_SPEEDS.find((one) => one === speed);
  if (known === undefined) throw new InspectorError('unsupported', t('"{0}" is none of these: {1}.', String(speed), SET_SPEEDS.join(', ')));
  return known;
}
