import { withoutControls } from '../base/sanitizeForUi.ts';
import { isRecord } from '../base/shape.ts';
import { isTask, type Task } from '../inspection/inspection.ts';
import { uniqueLabels } from './labelList.ts';

/** A prompt that was saved under a name. */
export interface SavedPrompt {
  name: string;
  task: Task;
  query: string;
  /** For `classify`. */
  labels: string[];
  /** Whose settings it is in: those of a workspace may be from anyone. */
  from: 'user' | 'workspace';
}

/** Of a prompt of the workspace, so that all of it can be shown: characters, labels, and characters of a label. */
const MOST_SHOWN = { query: 2000, labels: 50, label: 80 } as const;

/**
 * The prompts in the values of a setting, the user's own first. What is no prompt is passed over. Of one of the workspace only what can be shown is taken:
 * no characters that are not seen, and no more than fit into a question.
 */
export function readSavedPrompts(values: readonly { value: unknown; from: SavedPrompt['from'] }[]): SavedPrompt[] {
  return values.flatMap(({ value, from }) => (Array.isArray(value) ? value.flatMap((entry) => readPrompt(entry, from) ?? []) : []));
}

/** The prompt of that name; the user's own before one of the workspace. */
export function promptNamed(prompts: readonly SavedPrompt[], name: string): SavedPrompt | undefined {
  return prompts.find((prompt) => prompt.name === name.trim());
}

/** What the prompt says, as it goes to the model. */
export function textOfPrompt({ query, labels }: SavedPrompt): string {
  return [query, labels.join(', ')].filter((words) => words !== '').join('\n');
}

/** The prompt as it is typed where there is one field for it: of a classification its labels. */
export function typedPrompt({ task, query, labels }: SavedPrompt): string {
  return task === 'classify' && labels.length > 0 ? labels.join(', ') : query;
}

function readPrompt(entry: unknown, from: SavedPrompt['from']): SavedPrompt | undefined {
  if (!isRecord(entry)) return undefined;
  const { name, task, query, labels } = entry;
  if (typeof name !== 'string' || name.trim() === '' || !isTask(task)) return undefined;
  const words = typeof query === 'string' ? query : '';
  const list = Array.isArray(labels) ? uniqueLabels(labels) : [];
  const prompt = { name: name.trim(), task, from };
  if (from === 'user') return { ...prompt, query: words, labels: list };
  const shown = list.slice(0, MOST_SHOWN.labels).map((label) => withoutControls(label).slice(0, MOST_SHOWN.label));
  return { ...prompt, query: withoutControls(words).slice(0, MOST_SHOWN.query), labels: uniqueLabels(shown) };
}
