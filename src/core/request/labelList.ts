import { labelKey } from '../base/labelKey.ts';

/** More are no list that anyone has written by hand. */
const MOST_LABELS = 200;

/** Labels as people write them, separated by commas, semicolons or line breaks: without blanks and without repetition. */
export function readLabelList(words: string): string[] {
  return uniqueLabels(words.split(/[,;，、\n]/));
}

/** The labels of a list, each once however it is spelled, without blanks. */
export function uniqueLabels(labels: readonly unknown[]): string[] {
  const known = new Map<string, string>();
  for (const label of labels) {
    const text = typeof label === 'string' ? label.replace(/\s+/g, ' ').trim() : '';
    if (text !== '' && !known.has(labelKey(text))) known.set(labelKey(text), text);
  }
  return [...known.values()].slice(0, MOST_LABELS);
}
