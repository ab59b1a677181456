import { PNG } from 'pngjs';
import type { FailureView } from '../../../src/core/base/failure.ts';
import { type Detection, type Inspection, TASKS, type Task } from '../../../src/core/inspection/inspection.ts';
import type { RunningTask } from '../../../src/core/inspection/runningTask.ts';
import type { SessionImage, SessionState } from '../../../src/protocol.ts';

export const IMAGE_SIZE = { width: 640, height: 480 };

/** The image of the sessions; the page of the tests serves `drawPicture` there. */
export const IMAGE: SessionImage = {
  uri: 'file:///pictures/kitchen.png',
  name: 'kitchen.png',
  src: 'https://page.test/picture.png',
  ...IMAGE_SIZE,
  bytes: 12_345,
};

/** A picture with quiet and busy parts and a transparent corner. */
export function drawPicture({ width, height } = IMAGE_SIZE): Buffer {
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const table = y > height * 0.6;
      const stripe = (Math.floor(x / 40) + Math.floor(y / 40)) % 2;
      png.data.set(table ? [150 + stripe * 20, 100, 60] : [70 + (y / height) * 60, 90, 100 + stripe * 30], at);
      png.data[at + 3] = x > width - 60 && y < 60 ? 0 : 255;
    }
  }
  return PNG.sync.write(png);
}

/** A grey map as base64 PNG; `value` gives 0..255 for a place of the map. */
export function drawMask(width: number, height: number, value: (x: number, y: number) => number): string {
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) png.data.set([value(x, y), value(x, y), value(x, y), 255], 4 * (y * width + x));
  }
  return PNG.sync.write(png, { colorType: 0 }).toString('base64');
}

/** An ellipse that fills the map. */
export function ellipseMask(side = 64): string {
  const r = side / 2;
  return drawMask(side, side, (x, y) => ((x + 0.5 - r) ** 2 + (y + 0.5 - r) ** 2 < r * r ? 255 : 0));
}

/** An object of the test image; x, y, width, height in fractions. */
export function object(
  id: number,
  label: string,
  [x, y, width, height]: [number, number, number, number],
  more: Partial<Detection> = {},
): Detection {
  const edge = (value: number, whole: number) => Math.trunc((Math.round(value * 1000) * whole) / 1000);
  const left = edge(x, IMAGE_SIZE.width);
  const top = edge(y, IMAGE_SIZE.height);
  return {
    id: String(id),
    label,
    imageIndex: 0,
    box: { x, y, width, height },
    pixelBox: { x: left, y: top, width: edge(x + width, IMAGE_SIZE.width) - left, height: edge(y + height, IMAGE_SIZE.height) - top },
    ...more,
  };
}

export const OBJECTS: Detection[] = [
  object(1, 'glass jar', [0.1, 0.2, 0.15, 0.3]),
  object(2, 'glass jar', [0.6, 0.25, 0.15, 0.3]),
  object(3, 'wooden spoon with a rather long name', [0.35, 0.7, 0.3, 0.1]),
  object(4, 'lid', [0.12, 0.21, 0.08, 0.06]),
];

export const MASKED: Detection[] = OBJECTS.map((detection) => ({
  ...detection,
  mask: { kind: 'bitmap', width: 64, height: 64, png: ellipseMask() },
}));

export function inspection(task: Task, more: Partial<Inspection> = {}): Inspection {
  return {
    version: 1,
    id: `run-${task}`,
    task,
    createdAt: '2026-11-20T10:00:00.000Z',
    prompt: '',
    model: 'gemini-3.8-flash',
    modelVersion: 'gemini-3.8-flash',
    images: [
      {
        uri: IMAGE.uri,
        sha256: '00',
        mimeType: 'image/png',
        ...IMAGE_SIZE,
        sent: { mimeType: 'image/png', ...IMAGE_SIZE, bytes: 12_345, via: 'inline' },
      },
    ],
    dropped: [],
    tokens: { estimated: 1089, prompt: 1151, image: 1089, output: 472, total: 1623, costUsd: 0.0022 },
    finishReason: 'STOP',
    complete: true,
    raw: '[\n{"box_2d": [200, 100, 500, 250], "label": "glass jar"}\n]',
    ...more,
  };
}

export function running(task: Task, more: Partial<RunningTask> = {}): RunningTask {
  return {
    task,
    prompt: '',
    images: [IMAGE.uri],
    model: 'gemini-3.8-flash',
    phase: 'waiting',
    startedAt: Date.now(),
    detections: [],
    text: '',
    ...more,
  };
}

/** A task that waits for its second attempt, for 30 seconds. */
export function retrying(task: Task, more: Partial<NonNullable<RunningTask['retry']>> = {}): RunningTask {
  const from = Date.now();
  const failure: FailureView = {
    reason: 'rateLimited',
    message: 'Too many requests.',
    detail: 'Gemini limits how many requests a minute a key may make.',
    actions: ['tryAgain', 'openLog'],
  };
  return running(task, { phase: 'retrying', retry: { failure, from, until: from + 30_000, attempt: 2, attempts: 5, ...more } });
}

export function session(more: Partial<SessionState> = {}): SessionState {
  return {
    images: [IMAGE],
    runs: [],
    tasks: ['caption', 'detect', 'segment'],
    model: 'gemini-3.8-flash',
    cost: {
      imageTokens: 1089,
      instructionTokens: { caption: 50, detect: 50, segment: 50 },
      inputPrice: 0.75,
      priceDate: '2026-11',
    },
    pointInAnswers: false,
    hasKey: true,
    maskThreshold: 127,
    ...more,
  };
}

/** A session that shows one finished run. */
export function sessionWith(run: Inspection, more: Partial<SessionState> = {}): SessionState {
  return session({ runs: [run], shown: run.id, ...more });
}

const DETECTED = inspection('detect', { detections: OBJECTS });
const SEGMENTED = inspection('segment', { detections: MASKED });

/** A picture that the first is compared with. */
export const OTHER_IMAGE: SessionImage = {
  ...IMAGE,
  uri: 'file:///pictures/later/kitchen%20later.png',
  name: 'kitchen later.png',
  src: `${IMAGE.src}?later`,
};

const QUESTION = inspection('ask', {
  id: 'question',
  prompt: 'Which jars are there?',
  text: 'There are two glass jars.',
  raw: 'There are two glass jars.',
});

/** A question that follows it. */
export const FOLLOW_UP = inspection('ask', {
  id: 'follow-up',
  follows: 'question',
  prompt: 'And the lid?',
  text: 'It lies beside the first jar.',
  raw: 'It lies beside the first jar.',
});

const [OWN_IMAGE] = inspection('compare').images;

export const COMPARED = inspection('compare', {
  images: OWN_IMAGE ? [OWN_IMAGE, { ...OWN_IMAGE, uri: OTHER_IMAGE.uri }] : [],
  text: 'Image 1 has a lid, Image 2 has none. The spoon of Image 2 is another one.',
  detections: [object(1, 'lid', [0.12, 0.21, 0.08, 0.06]), object(2, 'spoon', [0.35, 0.7, 0.3, 0.1], { imageIndex: 1 })],
  raw: 'Image 1 has a lid, Image 2 has none.',
});

/** The objects of a reply that was cut, as they stand in it. */
export const REPLY = [
  '{"box_2d": [200, 100, 500, 250], "mask": "iVBORw0KGgoAAAANSUhEUgAAAQAAAAEACAAAAAB5Gfe6AAAAKklEQVR42u3", "label": "glass jar"}',
  '{"box_2d": [250, 600, 550, 750], "mask": "iVBORw0KGgoAAAANSUhEUgAAAQAAAAEACAAAAAB5Gfe6AAAAKklEQVR42u3", "label": "glass jar"}',
  '{"box_2d": [700, 350, 800, 650], "mask": "<start_of_mask><seg_1>", "label": "wooden spoon with a rather long name"}',
  '{"box_2d": [1, 2, 3], "label": "lid"}',
  '{"box_2d": [203, 552, 27,',
];

/** Every state of the page by name. */
const REFUSAL = "I can't help with identifying <b>people</b>.";

/** The objects of a run, judged but for the last. */
export const CHECKED: Inspection = {
  ...inspection('detect', {
    detections: OBJECTS.map((one, index) => (index === 3 ? one : { ...one, confidence: [0.97, 0.07, 0.5][index] as number })),
    dropped: [{ index: 3, reason: 'Object 4 was not judged.', raw: '' }],
    raw: '{}',
  }),
  model: 'gemini-decision-1',
};

export const STATES: Record<string, SessionState> = {
  empty: session(),
  noKey: session({ hasKey: false }),
  detect: sessionWith(DETECTED, { runs: [inspection('caption', { text: 'A kitchen.' }), DETECTED] }),
  segment: sessionWith(SEGMENTED),
  running: session({ running: running('segment', { phase: 'receiving', detections: MASKED.slice(0, 3), outputTokens: 1780 }) }),
  waiting: session({ running: running('caption') }),
  retrying: session({ running: retrying('detect') }),
  unseen: sessionWith(
    inspection('caption', {
      text: 'A cat on a mat.',
      tokens: { estimated: 1089, prompt: 62, image: 0, output: 8, total: 70, costUsd: 0.0001 },
    }),
  ),
  caption: sessionWith(inspection('caption', { text: 'A kitchen table with jars.\n\nA spoon lies in front.' })),
  problem: sessionWith(
    inspection('segment', {
      detections: [
        ...MASKED.slice(0, 2),
        { ...(OBJECTS[2] as Detection), maskProblem: 'This model sent mask tokens that cannot be decoded.' },
      ],
      dropped: [
        { index: 3, reason: 'The box has 3 numbers, 4 are needed.', raw: REPLY[3] as string },
        { index: 4, reason: 'The reply ends inside this object.', raw: REPLY[4] as string },
      ],
      raw: `[\n${REPLY.join(',\n')}`,
      complete: false,
      finishReason: 'MAX_TOKENS',
    }),
  ),
  nothing: sessionWith(inspection('detect', { detections: [], raw: '[]' })),
  unreadable: sessionWith(
    inspection('detect', {
      detections: [],
      dropped: [{ index: 0, reason: 'There is no list of objects in it.', raw: '{"room": "kitchen"}' }],
      raw: '{"room": "kitchen"}',
    }),
  ),
  words: sessionWith(
    inspection('detect', {
      detections: [],
      dropped: [{ index: 0, reason: 'Gemini answered with words instead of objects.', raw: REFUSAL }],
      raw: REFUSAL,
    }),
  ),
  wordsForLabels: sessionWith(
    inspection('classify', {
      labels: [],
      dropped: [{ index: 0, reason: 'Gemini answered with words instead of labels.', raw: REFUSAL }],
      raw: REFUSAL,
    }),
  ),
  checked: { ...sessionWith(CHECKED), checking: { inputPrice: 0.1 } },
  ask: session({ tasks: [...TASKS], runs: [QUESTION, FOLLOW_UP], shown: FOLLOW_UP.id }),
  asking: session({
    tasks: [...TASKS],
    runs: [QUESTION],
    running: running('ask', { prompt: 'And the lid?', follows: QUESTION.id, phase: 'receiving', text: 'It lies' }),
  }),
  classify: sessionWith(
    inspection('classify', {
      labels: [{ label: 'kitchen', confidence: 0.97 }, { label: 'still life' }],
      raw: '[{"label": "kitchen", "confidence": 0.97}, {"label": "still life"}]',
    }),
  ),
  otherLabels: sessionWith(
    inspection('classify', {
      prompt: 'kitchen, bathroom',
      labels: [{ label: 'kitchen' }],
      dropped: [{ index: 1, reason: 'The label is not in your list.', raw: '"table"' }],
      raw: '["kitchen", "table"]',
    }),
  ),
  noLabel: sessionWith(inspection('classify', { prompt: 'cat, dog', labels: [], raw: '[]' })),
  readText: sessionWith(inspection('readText', { text: '  MENU\n\nTea    2.50\nCake   3.00', raw: '  MENU\n\nTea    2.50\nCake   3.00' })),
  noText: sessionWith(inspection('readText', { text: '', raw: '<no-text/>' })),
  compare: session({ tasks: [...TASKS], images: [IMAGE, OTHER_IMAGE], runs: [COMPARED], shown: COMPARED.id }),
  failure: session({
    failure: {
      reason: 'rateLimited',
      message: 'Too many requests.',
      detail: 'Gemini limits how many requests a minute a key may make.',
      actions: ['tryAgain', 'openLog'],
    },
  }),
  badImage: session({
    images: [
      {
        ...IMAGE,
        width: 0,
        height: 0,
        problem: {
          reason: 'unreadableImage',
          message: 'The file is not a readable image.',
          detail: 'It is empty.',
          actions: ['openAsText'],
        },
      },
    ],
  }),
  many: sessionWith(
    inspection('detect', {
      detections: Array.from({ length: 60 }, (_, index) =>
        object(index + 1, ['button', 'coin', 'key'][index % 3] as string, [
          0.02 + (index % 10) * 0.097,
          0.05 + Math.floor(index / 10) * 0.155,
          0.05,
          0.08,
        ]),
      ),
    }),
  ),
};
