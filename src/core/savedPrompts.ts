import { isTask, type Task } from './inspection.ts';
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

/** The prompts in the values of a setting, the user's own first. What is no prompt is passed over. */
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

function readPrompt(entry: unknown, from: SavedPrompt['from']): SavedPrompt | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { name, task, query, labels } = entry as Record<string, unknown>;
  if (typeof name !== 'string' || name.trim() === '' || !isTask(task)) return undefined;
  return {
    name: name.trim(),
    task,
    query: typeof query === 'string' ? query : '',
    labels: Array.isArray(labels) ? uniqueLabels(labels) : [],
    from,
  };
}
