import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { groundPhrases } from '../../src/core/reply/groundPhrases.ts';
import { askedFor } from '../fakes/askedFor.ts';
import type { ReceivedRequest } from '../fakes/receivedRequest.ts';
import type { ReplyAnswer } from '../fakes/script.ts';
import { PROJECT } from './project.ts';

/** What is true of a sample picture. */
export interface SampleFacts {
  file: string;
  caption: string;
  /** All text in the picture. */
  text: string;
  detections: {
    /** [yMin, xMin, yMax, xMax], 0..1000 */
    box_2d: number[];
    label: string;
    /** 256 × 256, 8-bit grey, to be stretched over the box: base64 of a PNG. */
    mask: string;
  }[];
}

const facts = JSON.parse(readFileSync(join(PROJECT, 'test/fixtures/samples.json'), 'utf8')) as Record<string, SampleFacts>;

/** The right answer for a request about sample pictures; undefined for any other. */
export function answerForSample(request: ReceivedRequest): ReplyAnswer | undefined {
  const samples = request.images.flatMap(({ sha256 }) => facts[sha256] ?? []);
  const [sample] = samples;
  if (!sample || samples.length < request.images.length) return undefined;
  const asked = askedFor(request);
  switch (asked.kind) {
    case 'caption':
      return { text: withPlaces(sample.caption, sample, asked.points) };
    case 'boxes':
      return { text: JSON.stringify(sample.detections.map(({ box_2d, label }) => ({ box_2d, label }))) };
    case 'masks':
      return {
        text: JSON.stringify(
          sample.detections.map(({ box_2d, label, mask }) => ({ box_2d, mask: `data:image/png;base64,${mask}`, label })),
        ),
      };
    case 'text':
      return { text: JSON.stringify(linesOf(sample)) };
    case 'labels':
      return { text: JSON.stringify(labelsOf(sample, asked.choice)) };
    case 'question':
      return { text: withPlaces(answerTo(asked.question, sample), sample, asked.points) };
    case 'comparison':
      return { text: comparisonOf(samples) };
    default:
      return asked satisfies never;
  }
}

/** The lines of text of a picture, where they stand in it. */
function linesOf({ file, text }: SampleFacts): object[] {
  return text === '' ? [] : text.split('\n').map((label, index) => ({ box_2d: LINE_PLACES[file]?.[index], label }));
}

/** By the picture's name: the places of its lines, as the scene draws them. */
const LINE_PLACES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'sign.png': [
    [203, 188, 268, 567],
    [363, 235, 428, 609],
    [523, 188, 588, 567],
    [470, 693, 513, 906],
    [557, 726, 597, 872],
    [603, 690, 650, 908],
    [665, 723, 705, 876],
  ],
};

/** The words, and behind them a list of the objects that they may name. */
function withPlaces(words: string, { detections }: SampleFacts, points: boolean): string {
  return points ? `${words}\n\n${JSON.stringify(placesNamedIn(words, detections))}` : words;
}

/** Those whose label stands in the words, in the plural too. */
export function placesNamedIn(words: string, detections: SampleFacts['detections']): { box_2d: number[]; label: string }[] {
  const objects = detections.map(({ box_2d, label }, index) => ({ id: String(index), box_2d, label }));
  const named = new Set(groundPhrases(words, objects).flatMap(({ ids }) => ids));
  return objects.filter(({ id }) => named.has(id)).map(({ box_2d, label }) => ({ box_2d, label }));
}

/** What there is most of first. Of a choice those that the caption or a label holds. */
function labelsOf(sample: SampleFacts, choice: string[] | undefined): object[] {
  if (choice) {
    const words = [sample.caption, ...sample.detections.map(({ label }) => label)].join(' ').toLowerCase();
    return choice
      .filter((label) => words.includes(label.toLowerCase()))
      .map((label, index) => ({ label, confidence: 0.95 - index * 0.05 }));
  }
  const counts = Map.groupBy(sample.detections, ({ label }) => label);
  const labels = [...counts].sort(([, a], [, b]) => b.length - a.length).map(([label]) => label);
  return ['drawing', ...labels.slice(0, 4)].map((label, index) => ({ label, confidence: 0.98 - index * 0.07 }));
}

/** Counts, reads, or else describes. */
function answerTo(question: string, { caption, text, detections }: SampleFacts): string {
  const [, counted] = /how many ([\w ]+?)(?: are| do| can|\?|$)/i.exec(question) ?? [];
  if (counted) {
    const one = counted.replace(/(?<=s|x)es$|s$/, '').replace(/ie$/, 'y');
    const count = detections.filter(({ label }) => label.split(' ').includes(one)).length;
    return count === 0 ? `I can see no ${counted}.` : `There ${count === 1 ? `is one ${one}` : `are ${count} ${counted}`}.`;
  }
  if (/\b(text|written|read|say|words?)\b/i.test(question)) return text === '' ? 'There is no text in the picture.' : `It says:\n${text}`;
  return caption;
}

/** The first three objects of each, by image. */
function comparisonOf(samples: readonly SampleFacts[]): string {
  const words = samples.map(({ caption }, index) => `Image ${index + 1}: ${caption}`).join('\n');
  const boxes = samples.flatMap(({ detections }, index) =>
    detections.slice(0, 3).map(({ box_2d, label }) => ({ image: index + 1, box_2d, label })),
  );
  return `The images show different things.\n${words}\n\n\`\`\`json\n${JSON.stringify(boxes)}\n\`\`\``;
}
