import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDENTITY } from '../../src/core/base/geometry.ts';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import { modelInfo } from '../../src/core/models/models.ts';
import { TABLE_DATE } from '../../src/core/models/modelTable.ts';
import { makeInspection } from '../../src/core/reply/makeInspection.ts';
import { estimateImageTokens } from '../../src/core/usage/tokens.ts';
import { PROJECT } from './project.ts';
import { placesNamedIn, type SampleFacts } from './sampleAnswers.ts';
import { street } from './scenes/street.ts';

/** The picture of the extension's sample. */
export const SAMPLE_PICTURE = join(PROJECT, 'test/fixtures/samples', street.file);

/** The words of the caption: the first sentence can stand alone as alternative text. */
const CAPTION = `${street.caption}

The houses stand side by side behind the pavement: a yellow one with a red roof and a blue door at the left, a taller pink one with a grey roof in the middle, and a blue one with a brown roof and a red door at the right. A round tree stands at each end. The yellow car drives to the right on the near side of the houses, the blue car to the left in front of it. The sky is blue with three clouds and a pale sun at the upper right.`;

/** The answers that the extension shows with its sample, made of what is true of the picture. The image has no address: that is where the extension stands. */
export function sampleInspections(): Inspection[] {
  const all = JSON.parse(readFileSync(join(PROJECT, 'test/fixtures/samples.json'), 'utf8')) as Record<string, SampleFacts>;
  const [sha256, facts] = Object.entries(all).find(([, { file }]) => file === street.file) ?? [];
  if (sha256 === undefined || facts === undefined) throw new Error(`There are no facts about ${street.file}`);
  const items = (withMasks: boolean) =>
    facts.detections.map(({ box_2d, label, mask }) => JSON.stringify({ box_2d, ...(withMasks ? { mask } : {}), label }));
  const list = (withMasks: boolean) => `[\n${items(withMasks).join(',\n')}\n]`;
  return [
    inspection(sha256, 'caption', '2026-11-21T09:00:00.000Z', `${CAPTION}\n\n${JSON.stringify(placesNamedIn(CAPTION, facts.detections))}`),
    inspection(sha256, 'detect', '2026-11-21T09:01:00.000Z', list(false)),
    inspection(sha256, 'segment', '2026-11-21T09:02:00.000Z', list(true)),
  ];
}

function inspection(sha256: string, task: Inspection['task'], createdAt: string, text: string): Inspection {
  const size = { width: street.width, height: street.height };
  const mimeType = 'image/png';
  return makeInspection(
    {
      id: `sample-${task}`,
      task,
      createdAt,
      prompt: '',
      model: 'sample',
      images: [{ uri: '', sha256, mimeType, ...size, sent: { mimeType, ...size, bytes: 0, via: 'inline' } }],
      contexts: [{ imageIndex: 0, ...size, toImage: IDENTITY }],
      estimatedImageTokens: estimateImageTokens(size, modelInfo('gemini-3.8-flash', new Date(TABLE_DATE)), 'default').tokens,
    },
    { text, finishReason: 'STOP', blockedCategories: [], cut: false },
  );
}
