import type { Task } from './inspection.ts';
import type { ModelInfo } from './models.ts';

/** Tasks that there are words for. */
export const READY_TASKS = ['caption', 'detect', 'segment'] as const satisfies readonly Task[];
export type ReadyTask = (typeof READY_TASKS)[number];

export function isReadyTask(task: Task): task is ReadyTask {
  return READY_TASKS.some((ready) => ready === task);
}

export interface PromptFacts {
  /** The words of the user; may be empty. */
  query: string;
  /** English name of the language of the answer; empty for English. */
  outputLanguage: string;
  maskFormat: ModelInfo['maskFormat'];
}

/** What the model is told to do: always in English, which all models follow best. */
export function promptFor(task: ReadyTask, facts: PromptFacts): string {
  const words = { caption: captionWords, detect: detectWords, segment: segmentWords }[task](facts);
  return words.filter((sentence) => sentence !== '').join('\n');
}

function captionWords({ query, outputLanguage }: PromptFacts): string[] {
  return [
    'Describe this image for someone who cannot see it.',
    'Begin with one sentence of at most 125 characters that can stand alone as alternative text: what the image shows, without "image of" or "picture of".',
    'Then, after an empty line, add one short paragraph with the details that matter: objects and where they are, text as it is written, colours, setting.',
    'Say only what can be seen. Write plain text without headings, lists or Markdown.',
    query.trim() === '' ? '' : `The description should also mention this, if it can be seen: ${quoted(query)}`,
    inLanguage('Write', outputLanguage),
  ];
}

function detectWords({ query, outputLanguage }: PromptFacts): string[] {
  return [
    `Find ${target(query)}.`,
    'Answer with nothing but a JSON list with one entry for each object, and an empty list if there is none.',
    `Each entry has the keys ${BOX} and ${LABEL}.`,
    labelWords(outputLanguage),
  ];
}

function segmentWords({ query, outputLanguage, maskFormat }: PromptFacts): string[] {
  return [
    `Segment ${target(query)}.`,
    'Answer with nothing but a JSON list with one entry for each object, and an empty list if there is none.',
    `Each entry has the keys ${BOX} ${LABEL} and "mask", ${MASK_WORDS[maskFormat]}.`,
    labelWords(outputLanguage),
  ];
}

const BOX = '"box_2d", its bounding box as [ymin, xmin, ymax, xmax] in whole numbers from 0 to 1000 of the image,';
const LABEL = '"label"';

const MASK_WORDS: Record<ModelInfo['maskFormat'], string> = {
  png: 'its segmentation mask within the box, as a base64 PNG',
  polygon: 'its outline as a list of [x, y] points in whole numbers from 0 to 1000 of the image',
};

function target(query: string): string {
  return query.trim() === ''
    ? 'all prominent objects in this image'
    : `every object in this image that fits this description: ${quoted(query)}`;
}

function labelWords(outputLanguage: string): string {
  return `Labels are short names that tell similar objects apart. ${inLanguage('Write labels', outputLanguage)}`.trim();
}

function inLanguage(action: string, outputLanguage: string): string {
  return outputLanguage.trim() === '' ? '' : `${action} in this language: ${quoted(outputLanguage.trim().slice(0, 40))}`;
}

/** Foreign words as a JSON string: they cannot end their own quotation, and line breaks in them start no new instruction. */
function quoted(words: string): string {
  return JSON.stringify(words.trim());
}
