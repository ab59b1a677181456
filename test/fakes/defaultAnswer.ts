import { PNG } from 'pngjs';
import { askedFor } from './askedFor.ts';
import { tokenFamily } from './models.ts';
import type { ReceivedRequest } from './receivedRequest.ts';
import type { ReplyAnswer } from './script.ts';

/** What the stand-in answers when nothing was scripted, by what the prompt asks for. It cannot see the picture. */
export function defaultAnswer(request: ReceivedRequest): ReplyAnswer {
  const asked = askedFor(request);
  switch (asked.kind) {
    case 'caption':
      return { text: withPlaces(caption(request), asked.points, CAPTION_PLACES) };
    case 'question':
      return { text: withPlaces(answer(asked), asked.points, ANSWER_PLACES) };
    case 'text':
      return json(request, LINES);
    case 'labels':
      return json(
        request,
        asked.choice ? asked.choice.slice(0, 2).map((label, index) => ({ label, confidence: 0.9 - index * 0.4 })) : LABELS,
      );
    case 'comparison':
      return { text: comparison(request) };
    case 'boxes':
      return json(request, BOXES);
    case 'masks':
      return json(request, asksForOutlines(request) ? outlinedItems() : maskedItems());
    default:
      return asked satisfies never;
  }
}

/** In a fence where the model does so: before 3, unless it was asked for JSON. */
function json({ model = '', body }: ReceivedRequest, items: object[]): ReplyAnswer {
  const text = JSON.stringify(items, null, 2);
  const isFenced = tokenFamily(model) !== 'grid' && body?.generationConfig?.responseMimeType !== 'application/json';
  return { text: isFenced ? `\`\`\`json\n${text}\n\`\`\`` : text };
}

const LABELS = [{ label: 'practice picture', confidence: 0.97 }, { label: 'drawing', confidence: 0.62 }, { label: 'shapes' }];

/** Words, then a list of boxes that name their image, as the prompt wants it. */
function comparison({ images }: ReceivedRequest): string {
  const boxes = images.map((_, index) => ({ image: index + 1, ...BOXES[index % BOXES.length] }));
  const words = images.map((_, index) => `Image ${index + 1} has a ${BOXES[index % BOXES.length]?.label}.`).join(' ');
  return `A practice answer: ${words}\n\n\`\`\`json\n${JSON.stringify(boxes)}\n\`\`\``;
}

/** A heading, a table of two columns, and a line that runs upwards. */
const LINES = [
  { box_2d: [80, 80, 160, 620], label: 'PRACTICE TEXT' },
  { box_2d: [300, 80, 360, 380], label: 'first column' },
  { box_2d: [300, 480, 360, 780], label: 'second column' },
  { box_2d: [400, 240, 460, 380], label: '12.50' },
  { box_2d: [400, 680, 460, 780], label: '3.00' },
  {
    box_2d: [300, 860, 800, 920],
    label: 'turned line',
    mask: [
      [860, 800],
      [860, 300],
      [920, 300],
      [920, 800],
    ],
  },
];

/** It has a list and a table, as real answers do. */
function answer({ question, isFollowUp }: { question: string; isFollowUp: boolean }): string {
  return `${isFollowUp ? 'Going on from there' : 'A practice answer'}: the stand-in cannot see the picture, so it cannot say “${question}”. It can name:

- the **round object** at the upper left
- the **tall object** on the right

| Object | Side |
| --- | --- |
| round object | left |
| tall object | right |`;
}

/** The words, and behind them the places of what they name where those are asked for. */
function withPlaces(words: string, points: boolean, places: readonly object[]): string {
  return points ? `${words}\n\n\`\`\`json\n${JSON.stringify(places)}\n\`\`\`` : words;
}

/** box_2d is [yMin, xMin, yMax, xMax], 0..1000. Spread over the picture, so that any picture shows them apart. */
const BOXES = [
  { box_2d: [110, 70, 480, 410], label: 'round object' },
  { box_2d: [150, 560, 890, 780], label: 'tall object' },
  { box_2d: [620, 90, 870, 500], label: 'wide object' },
];

const [ROUND = {}, TALL = {}, WIDE = {}] = BOXES;
const ANSWER_PLACES = [ROUND, TALL];
const CAPTION_PLACES = [
  { ...ROUND, label: 'round shape' },
  { ...TALL, label: 'tall one' },
  { ...WIDE, label: 'wide one' },
];

function caption({ images }: ReceivedRequest): string {
  const sizes = images.map(({ sniffed }) =>
    sniffed.accepted && sniffed.size ? `${sniffed.size.width} × ${sniffed.size.height}` : 'unknown size',
  );
  const pictures =
    sizes.length === 0 ? 'no picture' : `${sizes.length === 1 ? 'a picture' : `${sizes.length} pictures`} (${sizes.join(', ')})`;
  return `A practice answer from the stand-in server, which received ${pictures}: a round shape at the upper left, a tall one on the right and a wide one at the lower left.`;
}

/** By the form that the answer must have: no string fits it. */
function asksForOutlines({ body }: ReceivedRequest): boolean {
  return body?.generationConfig?.responseSchema?.items?.properties?.mask?.type === 'ARRAY';
}

/** The outline of each as [x, y]: a diamond in its box. */
function outlinedItems(): object[] {
  return BOXES.map(({ box_2d: [top = 0, left = 0, bottom = 0, right = 0], label }) => {
    const [x, y] = [Math.round((left + right) / 2), Math.round((top + bottom) / 2)];
    const mask = [
      [x, top],
      [right, y],
      [x, bottom],
      [left, y],
    ];
    return { box_2d: [top, left, bottom, right], label, mask };
  });
}

let masks: string[] | undefined;

function maskedItems(): object[] {
  // x and y run from -1 to 1 over the box.
  masks ??= [
    maskPng((x, y) => (x * x + y * y <= 0.9 ? 255 : 0)),
    maskPng((x, y) => (Math.abs(x) <= (1 + y) / 2 ? 255 : 0)),
    // A probability, not yes or no: the middle is sure, the edge is not.
    maskPng((x, y) => Math.round(255 * Math.max(0, 1 - 0.6 * Math.hypot(x, y)))),
  ];
  return BOXES.map((item, index) => ({ box_2d: item.box_2d, mask: masks?.[index], label: item.label }));
}

/** 256 × 256, 8-bit grey, as the API sends it whatever the size of the box. */
function maskPng(valueAt: (x: number, y: number) => number): string {
  const side = 256;
  const png = new PNG({ width: side, height: side, colorType: 0, inputColorType: 0, bitDepth: 8, inputHasAlpha: false });
  png.data = Buffer.from(
    Array.from({ length: side * side }, (_, at) =>
      valueAt(((at % side) / (side - 1)) * 2 - 1, (Math.floor(at / side) / (side - 1)) * 2 - 1),
    ),
  );
  return `data:image/png;base64,${PNG.sync.write(png, { colorType: 0, inputColorType: 0, inputHasAlpha: false }).toString('base64')}`;
}
