import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageAsSent, Inspection } from '../../core/inspection/inspection.ts';
import type { DetectionContext } from '../../core/reply/detections.ts';
import { makeInspection } from '../../core/reply/makeInspection.ts';
import { type GeminiRequest, sentResolution } from '../../core/request/request.ts';
import { sentRequest } from '../../core/request/sentWords.ts';
import { batchLine } from '../../core/sets/batchLines.ts';
import type { SetTask } from '../../core/sets/inspectionSet.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import type { TokenEstimate } from '../../core/usage/tokens.ts';
import { writeWhole } from '../files/wholeFile.ts';
import { wordsOf } from '../task/taskPlanner.ts';
import { optionsOf } from './planSet.ts';

/** What has to be known of an image when its answer comes, by then perhaps in another process: the file may have changed since. */
export interface BatchFacts {
  image: number;
  inspected: ImageAsSent;
  context: DetectionContext;
  request: GeminiRequest;
  estimate: TokenEstimate;
  inputTokens: number;
  destination: string;
}

/** The name of an image in a job. */
export function batchKey(image: number): string {
  return `image-${image}`;
}

/** The name in the books of an image in a part. */
export function sendingOf(set: string, part: number, image: number): string {
  return `${set}/${part}/${image}`;
}

/** The image of a name in a job. */
export function imageOfKey(key: string): number | undefined {
  const [, number] = /^image-(\d{1,9})$/.exec(key) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The files of a part on this computer: the requests that go out, and what is known of each. */
export class PartFiles {
  readonly requests: string;
  readonly #facts: string;

  constructor(folder: string, part: number) {
    this.requests = join(folder, `part-${part}.jsonl`);
    this.#facts = join(folder, `part-${part}.facts.jsonl`);
  }

  async write(facts: readonly BatchFacts[]): Promise<void> {
    const lines = facts.map(({ image, request }) => `${batchLine(batchKey(image), request)}\n`);
    await writeWhole(this.requests, lines.join(''));
    await writeWhole(this.#facts, facts.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }

  async read(): Promise<Map<number, BatchFacts>> {
    const text = await readFile(this.#facts, 'utf8').catch(() => '');
    const facts = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as BatchFacts);
    return new Map(facts.map((one) => [one.image, one]));
  }

  async remove(): Promise<void> {
    await rm(this.requests, { force: true });
    await rm(this.#facts, { force: true });
  }
}

/** The inspection of an answer of a batch. */
export function batchInspection(
  { inspected, context, request, estimate, destination }: BatchFacts,
  task: SetTask,
  reply: GeminiReply,
  { prices }: Pick<TokenBasis, 'prices'>,
): Inspection {
  const { query, labels } = wordsOf({ task: task.task, query: task.query, options: optionsOf(task) });
  const mediaResolution = sentResolution(request);
  return makeInspection(
    {
      id: randomUUID(),
      task: task.task,
      createdAt: new Date().toISOString(),
      prompt: query,
      labels,
      model: task.model,
      images: [inspected],
      contexts: [context],
      ...(mediaResolution === undefined ? {} : { mediaResolution }),
      request: sentRequest(request, destination),
      estimatedImageTokens: estimate.tokens,
      prices,
    },
    reply,
  );
}
