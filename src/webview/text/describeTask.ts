import { t } from '../../core/base/l10n.ts';
import {
  type InspectedImage,
  type Inspection,
  isConsensus,
  type SentThinking,
  type Task,
  wasAsked,
} from '../../core/inspection/inspection.ts';
import { isCheck } from '../../core/request/decision.ts';
import { formatCount } from './format.ts';

export interface TaskDescription {
  /** Name of a codicon. */
  icon: string;
  /** Of the task picker, such as "Detect". */
  name: string;
  /** Of the task chooser, such as "Detect Objects". */
  title: string;
  description: string;
  /** That chooses the task, as the keybindings come; empty if there is none. */
  key: string;
  /** Over a run without words, such as "Detect objects". */
  run: string;
  placeholder: string;
  /** Said while it runs. */
  doing: string;
}

/** All words about a task, in the user's language. */
export function describeTask(task: Task): TaskDescription {
  return WORDS[task]();
}

/** What heads a run: the task, and the user's words if there were any. */
export function runTitle(run: DescribedRun): string {
  const words = describeRun(run);
  const prompt = run.prompt.trim();
  return prompt ? `${words.name}: ${prompt}` : words.run;
}

/** As much of a run as its title is made of. */
interface DescribedRun {
  task: Task;
  prompt: string;
  model: string;
  /** Of one that has ended; of one at work their addresses. */
  images?: readonly (InspectedImage | string)[];
}

/** The words about a run: of a check they are not those of the task that has found the objects, of what changed not those of a comparison. */
export function describeRun(run: Omit<DescribedRun, 'prompt'>): Pick<TaskDescription, 'icon' | 'name' | 'run'> {
  const isChanges = run.images?.some((image) => typeof image !== 'string' && image.parts !== undefined) === true;
  if (isChanges) return { icon: 'git-compare', name: t('Changes'), run: t('Describe changes') };
  return isCheck(run) ? { icon: 'checklist', name: t('Check'), run: t('Check objects') } : describeTask(run.task);
}

/** Who answered: the model; a person; or that the reply was pasted, or that it is labels out of a file. */
export function origin(run: Inspection): string {
  const runs = run.basedOn?.length ?? 0;
  if (isConsensus(run)) return t('Consensus of {0} runs', formatCount(runs));
  if (run.source === 'person') return runs === 0 ? t('By hand') : t('Corrected');
  return wasAsked(run) ? (run.modelVersion ?? run.model) : run.source === 'file' ? t('Labels') : t('Pasted');
}

/** How far the model was to think, such as "low thinking"; nothing where that is not known. */
export function thinkingText(thinking: SentThinking | undefined): string {
  if (thinking === undefined) return '';
  if ('budget' in thinking)
    return thinking.budget === 0 ? t('no thinking') : t('at most {0} tokens of thinking', formatCount(thinking.budget));
  const words: Partial<Record<string, string>> = {
    MINIMAL: t('minimal thinking'),
    LOW: t('low thinking'),
    MEDIUM: t('medium thinking'),
    HIGH: t('high thinking'),
    XHIGH: t('extra high thinking'),
  };
  const text = words[thinking.level] ?? '';
  return text !== '' && thinking.isDefault ? t('{0} (default)', text) : text;
}

// Functions, because translations arrive after this module has loaded.
const WORDS: Record<Task, () => TaskDescription> = {
  caption: () => ({
    icon: 'quote',
    name: t('Describe'),
    title: t('Describe Image'),
    description: t('A caption you can use as alt text'),
    key: '1',
    run: t('Describe image'),
    placeholder: t('Anything the caption should mention (optional)'),
    doing: t('Describing…'),
  }),
  readText: () => ({
    icon: 'text-size',
    name: t('Read Text'),
    title: t('Read Text'),
    description: t('All text in the image, as written'),
    key: '2',
    run: t('Read text'),
    placeholder: t('Which text (optional)'),
    doing: t('Reading…'),
  }),
  ask: () => ({
    icon: 'comment-discussion',
    name: t('Ask'),
    title: t('Ask'),
    description: t('Any question about the image'),
    key: '6',
    run: t('Ask'),
    placeholder: t('Ask about this image'),
    doing: t('Asking…'),
  }),
  classify: () => ({
    icon: 'tag',
    name: t('Classify'),
    title: t('Classify'),
    description: t('Into labels you give, or its own'),
    key: '3',
    run: t('Classify'),
    placeholder: t('Labels, separated by commas (optional)'),
    doing: t('Classifying…'),
  }),
  detect: () => ({
    icon: 'inspect',
    name: t('Detect'),
    title: t('Detect Objects'),
    description: t('A box around each object'),
    key: '4',
    run: t('Detect objects'),
    placeholder: t('All prominent objects, or name what to find'),
    doing: t('Detecting…'),
  }),
  segment: () => ({
    icon: 'wand',
    name: t('Segment'),
    title: t('Segment Objects'),
    description: t('A mask or outline for each object'),
    key: '5',
    run: t('Segment objects'),
    placeholder: t('All prominent objects, or name what to segment'),
    doing: t('Segmenting…'),
  }),
  compare: () => ({
    icon: 'split-horizontal',
    name: t('Compare'),
    title: t('Compare Images'),
    description: t('What is different'),
    key: '',
    run: t('Compare images'),
    placeholder: t('What to compare (optional)'),
    doing: t('Comparing…'),
  }),
};
