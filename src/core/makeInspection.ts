import { costUsd } from './cost.ts';
import type { InspectedImage, Inspection, Task, TokenUse } from './inspection.ts';
import { t } from './l10n.ts';
import type { OwnPrices } from './ownPrices.ts';
import { type DetectionContext, readDetections } from './reply/detections.ts';
import { readText } from './reply/text.ts';
import type { GeminiReply } from './request.ts';

/** What is known of a run besides the reply. */
export interface RunFacts {
  id: string;
  task: Task;
  /** ISO 8601 */
  createdAt: string;
  /** The words of the user. */
  prompt: string;
  model: string;
  images: InspectedImage[];
  /** How the boxes of the (first) image lead back to the whole picture. */
  context: DetectionContext;
  estimatedImageTokens: number;
  /** The user's own. */
  prices?: OwnPrices;
}

/** Makes the inspection of a reply that has text. What cannot be used stands in `dropped`. */
export function makeInspection(facts: RunFacts, reply: GeminiReply): Inspection {
  const finished = reply.finishReason === 'STOP' && !reply.cut;
  const base = {
    version: 1 as const,
    id: facts.id,
    task: facts.task,
    createdAt: facts.createdAt,
    prompt: facts.prompt,
    model: facts.model,
    ...(reply.modelVersion === undefined ? {} : { modelVersion: reply.modelVersion }),
    images: facts.images,
    tokens: tokenUse(facts, reply),
    ...(reply.finishReason === undefined ? {} : { finishReason: reply.finishReason }),
    raw: reply.text,
  };
  if (facts.task === 'detect' || facts.task === 'segment') {
    const { detections, dropped, jsonComplete } = readDetections(reply.text, facts.context);
    return { ...base, detections, dropped, complete: finished && jsonComplete };
  }
  const text = readText(reply.text);
  const dropped = text === '' ? [{ index: 0, reason: t('The reply has no text.'), raw: reply.text.slice(0, 2000) }] : [];
  return { ...base, text, dropped, complete: finished };
}

function tokenUse(facts: RunFacts, reply: GeminiReply): TokenUse {
  const usage = { ...(reply.billsNoImage && facts.images.length > 0 ? { image: 0 } : {}), ...reply.usage };
  const cost = usage.prompt === undefined ? undefined : costUsd(facts.model, new Date(facts.createdAt), usage, facts.prices);
  return { estimated: facts.estimatedImageTokens, ...usage, ...(cost === undefined ? {} : { costUsd: cost }) };
}
