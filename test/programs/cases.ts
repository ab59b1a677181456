import type { Task } from '../../src/core/inspection/inspection.ts';
import type { TaskSettings } from '../../src/engine/task/settings.ts';
import type { TaskCall } from '../../src/engine/task/taskCall.ts';
import type { ReplyAnswer } from '../fakes/script.ts';

/** The pictures that the cases are about. `photo.jpg` is stored lying on its side. */
export type PictureName = 'cat.png' | 'dog.jpg' | 'photo.jpg';

/** A request that both the extension and the programs make. */
export interface ProgramCase {
  name: string;
  /** One after the other: each follows the one before. */
  calls: readonly [Call, ...Call[]];
  images: readonly [PictureName, ...PictureName[]];
  settings: Partial<TaskSettings>;
  /** The pictures are on the web. */
  onWeb: boolean;
  answer: ReplyAnswer | undefined;
  /** The program asks Vertex AI, signed in by a file of credentials: the same body to another address. */
  onVertex?: true;
}

type Call = Omit<TaskCall, 'images'>;

/** Of each task: its words, and the answer where the stand-in's own would be too easy. */
const TASKS: Readonly<Record<string, { task: Task; query: string; model?: string; answer?: ReplyAnswer }>> = {
  caption: { task: 'caption', query: '' },
  'read text': { task: 'readText', query: '' },
  ask: { task: 'ask', query: 'Which "colour" is it?\nReally? 日本語 $HOME `id` \\n' },
  classify: { task: 'classify', query: 'cat, dog' },
  detect: {
    task: 'detect',
    query: 'cats',
    answer: {
      text: `Here they are:\n\`\`\`json\n${JSON.stringify([
        { box_2d: [333, 999, 100, 51], label: 'cat' },
        { box_2d: [-5, 20, 1007, 1001], label: 'Kätzchen 日本' },
        { box_2d: [667, 334, 1000, 667], label: 'it\'s "it"' },
      ])}\n\`\`\``,
    },
  },
  'segment (maps)': { task: 'segment', query: '', model: 'gemini-2.5-flash' },
  'segment (outlines)': { task: 'segment', query: 'cats' },
  compare: { task: 'compare', query: '' },
};

/** What is sent of the upright picture, and what is covered in it, in its fractions: at odd pixels. */
const REGION = { x: 0.13, y: 0.21, width: 0.61, height: 0.47 };
const COVER = { x: 0.4, y: 0.35, width: 0.31, height: 0.27 };

interface Way {
  options?: Call['options'];
  images?: ProgramCase['images'];
  settings?: Partial<TaskSettings>;
  onWeb?: boolean;
}

const WAYS: Readonly<Record<string, Way>> = {
  inline: {},
  upload: { settings: { inlineLimit: 1 } },
  'by its address': { settings: { url: { sendAddress: true } }, onWeb: true },
  'several images': { images: ['cat.png', 'dog.jpg'] },
  region: { options: { region: REGION } },
  cover: { options: { redactions: [COVER] } },
  'region and cover, uploaded': { options: { region: REGION, redactions: [COVER] }, settings: { inlineLimit: 1 } },
  flex: { options: { speed: 'flex' } },
};

/** What does not depend on the task. */
const OTHERS: readonly ProgramCase[] = [
  made('caption, with words of all settings', 'caption', {
    settings: {
      outputLanguage: 'Español',
      systemInstruction: 'Be brief.\n"Quoted" \\ \'and\' $HOME `id` %s 日本語 \u2028',
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
    },
  }),
  { ...made('caption, on Vertex AI', 'caption', {}), onVertex: true },
  { ...made('detect, on Vertex AI', 'detect', {}), onVertex: true },
  made('ask, pointing', 'ask', { settings: { pointInAnswers: true } }),
  made('detect, low resolution', 'detect', { options: { mediaResolution: 'low' } }),
  made('detect, ultra high resolution', 'detect', { options: { mediaResolution: 'ultraHigh' } }),
  made('compare, ultra high resolution', 'compare', { options: { mediaResolution: 'ultraHigh' } }),
  made('segment by a model that thinks by levels', 'segment (outlines)', { options: { model: 'gemini-4-hydrogen' } }),
  made('segment by a model that thinks by a budget', 'segment (maps)', { options: { model: 'gemini-2.5-pro' } }),
  made('detect, a photo that lies on its side', 'detect', { images: ['photo.jpg'] }),
  made('segment, scaled', 'segment (maps)', { options: { model: 'gemini-2.5-flash', maxDimension: 64 } }),
  {
    ...made('ask, and ask on', 'caption', {}),
    calls: [
      { task: 'caption', query: '', options: {} },
      { task: 'ask', query: 'And its colour?', options: {} },
    ],
  },
];

function made(name: string, what: string, { options = {}, images, settings = {}, onWeb = false }: Way): ProgramCase {
  const { task, query, model, answer } = TASKS[what] as (typeof TASKS)[string];
  return {
    name,
    calls: [{ task, query, options: { ...(model === undefined ? {} : { model }), ...options } }],
    images: images ?? (task === 'compare' ? ['cat.png', 'dog.jpg'] : ['cat.png']),
    settings,
    onWeb,
    answer,
  };
}

/** Every task in every way. */
export const CASES: readonly ProgramCase[] = [
  ...Object.keys(TASKS).flatMap((task) => Object.entries(WAYS).map(([way, how]) => made(`${task}, ${way}`, task, how))),
  ...OTHERS,
];
