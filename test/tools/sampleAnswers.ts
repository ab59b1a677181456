import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** The right answer for a request about one of the sample pictures; undefined for any other. */
export function answerForSample({ images, text }: ReceivedRequest): ReplyAnswer | undefined {
  const sample = images.length === 1 ? facts[images[0]?.sha256 ?? ''] : undefined;
  if (!sample) return undefined;
  if (/box_2d/.test(text)) {
    const wantsMasks = /mask/.test(text);
    const items = sample.detections.map(({ box_2d, label, mask }) => ({
      box_2d,
      ...(wantsMasks && { mask: `data:image/png;base64,${mask}` }),
      label,
    }));
    return { text: JSON.stringify(items) };
  }
  return { text: sample.caption };
}
