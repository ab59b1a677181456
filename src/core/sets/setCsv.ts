import { csvTable } from '../base/csv.ts';
import type { SetLine } from './inspectionSet.ts';

const COLUMNS = [
  'image',
  'state',
  'reason',
  'message',
  'review',
  'text',
  'labels',
  'objects',
  'lowest_confidence',
  'dropped',
  'complete',
  'tokens',
  'cost_usd',
  'model',
  'sha256',
] as const;

/** The first row of a summary of a set. */
export function csvHead(): string {
  return csvTable([COLUMNS]);
}

/** The row of an image in a summary of its set (RFC 4180). Labels are listed with their numbers, as "cat: 2, dog: 1". */
export function csvRow({ key, state, reason, message, review, inspection, sha256 }: SetLine): string {
  const { text = '', labels = [], detections, dropped, complete, tokens, model = '' } = inspection ?? {};
  const counts = new Map<string, number>();
  for (const { label } of [...(detections ?? []), ...labels]) counts.set(label, (counts.get(label) ?? 0) + 1);
  const confidences = [...(detections ?? []), ...labels].flatMap(({ confidence }) => confidence ?? []);
  return csvTable([
    [
      key,
      state,
      reason ?? '',
      message ?? '',
      review ?? '',
      text,
      [...counts].map(([label, count]) => (detections === undefined ? label : `${label}: ${count}`)).join(', '),
      detections?.length ?? '',
      // Thousands of objects are too many for arguments.
      confidences.length === 0 ? '' : confidences.reduce((a, b) => Math.min(a, b)),
      dropped?.length ?? '',
      complete === undefined ? '' : String(complete),
      tokens?.total ?? '',
      tokens?.costUsd ?? '',
      model,
      sha256,
    ],
  ]);
}
