import { createHash } from 'node:crypto';
import { FAILURE_REASONS, InspectorError } from '../../src/core/base/failure.ts';
import type { Task } from '../../src/core/inspection/inspection.ts';
import { readDetections } from '../../src/core/reply/detections.ts';
import type { GeminiReply } from '../../src/core/usage/geminiReply.ts';

/** Right, incomplete but said to be so, or what is wrong with it. */
export type End = 'right' | 'kept in part' | { wrong: string };

/** Always the same for the same words. */
export function answerTo(prompt: string): string {
  const number = createHash('sha256').update(prompt).digest().readUInt32BE(0);
  if (!prompt.includes('box_2d')) return `Answer ${number}: ${'a round shape at the upper left, a tall one on the right. '.repeat(6)}`;
  const items = Array.from({ length: 12 }, (_, index) => ({
    box_2d: [index * 50, 10, index * 50 + 40, 400 + index],
    label: `thing ${number % 100}-${index}`,
  }));
  return JSON.stringify(items);
}

/** The whole answer, or a beginning of it that is known to be one; of objects never one that is not in the answer. */
export function judge(task: Task, reply: GeminiReply, expected: string): End {
  if (!reply.cut)
    return reply.text === expected && reply.finishReason === 'STOP' ? 'right' : { wrong: `an answer of ${reply.text.slice(0, 80)}` };
  if (!expected.startsWith(reply.text)) return { wrong: `words that are not in the answer: ${reply.text.slice(0, 80)}` };
  if (task !== 'detect' && task !== 'segment') return 'kept in part';
  const context = { imageIndex: 0, width: 1000, height: 1000, toImage: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 } };
  const labels = (text: string) =>
    readDetections(text, context).detections.map(({ label, pixelBox }) => `${label} ${Object.values(pixelBox)}`);
  const all = labels(expected);
  return labels(reply.text).every((label, index) => label === all[index])
    ? 'kept in part'
    : { wrong: 'objects that are not in the answer' };
}

/** What is wrong with an error, if anything is: it has to be one of ours, with words for people. */
export function problemOf(error: unknown): string | undefined {
  if (!(error instanceof InspectorError)) return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (!FAILURE_REASONS.includes(error.reason)) return `an unknown reason: ${error.reason}`;
  return error.message.length < 5 ? 'an error without words' : undefined;
}

/** All that an error says, to people and to the log. */
export function wordsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  return [
    error.message,
    error.stack ?? '',
    ...(error instanceof InspectorError ? [error.detail] : []),
    ...(error.cause === undefined ? [] : wordsOf(error.cause)),
  ];
}
