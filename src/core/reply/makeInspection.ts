import { t } from '../base/l10n.ts';
import type { Dropped, InspectedImage, Inspection, SentRequest, Task, TokenUse } from '../inspection/inspection.ts';
import { plainText } from '../markdown/markdown.ts';
import { parseMarkdown } from '../markdown/parseMarkdown.ts';
import type { OwnPrices } from '../models/ownPrices.ts';
import type { AskedSpeed, Speed } from '../models/speed.ts';
import { billedUsd } from '../usage/cost.ts';
import type { GeminiReply } from '../usage/geminiReply.ts';
import type { MediaResolution } from '../usage/tokens.ts';
import { billable } from '../usage/usage.ts';
import { isRefusal } from './answerInWords.ts';
import { splitAnswer } from './answerWithBoxes.ts';
import { type DetectionContexts, readDetections } from './detections.ts';
import { readLabels } from './labels.ts';
import { readLines } from './lines.ts';
import { readText } from './text.ts';

/** What is known of a run besides the reply. */
export interface RunFacts {
  id: string;
  task: Task;
  /** ISO 8601 */
  createdAt: string;
  /** The words of the user. */
  prompt: string;
  /** For `classify`: the labels to choose from; empty if any will do. */
  labels?: readonly string[];
  model: string;
  images: InspectedImage[];
  /** From the request to the end of its answer. */
  seconds?: number;
  mediaResolution?: MediaResolution;
  /** That was asked for; what the reply says counts for more. */
  speed?: AskedSpeed;
  /** What was sent besides the images. */
  request?: SentRequest;
  /** The id of the run that a question follows. */
  follows?: string;
  /** How the boxes of each image lead back to the whole picture. */
  contexts: DetectionContexts;
  estimatedImageTokens: number;
  /** The user's own. */
  prices?: OwnPrices;
}

/** Makes the inspection of a reply that has text. What cannot be used stands in `dropped`. */
export function makeInspection(facts: RunFacts, reply: GeminiReply): Inspection {
  const finished = reply.finishReason === 'STOP' && !reply.cut;
  const { jsonComplete = true, ...read } = readReply(facts, reply.text);
  // Of what the user has cut, the last piece is no fault of the reply.
  const found = reply.cutBy === 'cancelled' ? { ...read, dropped: read.dropped.filter(({ reason }) => !isCutOff(reason)) } : read;
  return {
    version: 1,
    id: facts.id,
    task: facts.task,
    createdAt: facts.createdAt,
    prompt: facts.prompt,
    model: facts.model,
    ...(reply.modelVersion === undefined ? {} : { modelVersion: reply.modelVersion }),
    images: facts.images,
    ...(facts.seconds === undefined ? {} : { seconds: facts.seconds }),
    ...(facts.mediaResolution === undefined ? {} : { mediaResolution: facts.mediaResolution }),
    ...answeredSpeed(facts, reply),
    ...(reply.speed === undefined || facts.speed === undefined || reply.speed === facts.speed ? {} : { askedSpeed: facts.speed }),
    ...(facts.request === undefined ? {} : { request: facts.request }),
    ...(facts.follows === undefined ? {} : { follows: facts.follows }),
    ...found,
    tokens: tokenUse(facts, reply),
    ...(reply.finishReason === undefined ? {} : { finishReason: reply.finishReason }),
    ...(reply.endMessage === undefined ? {} : { finishMessage: reply.endMessage }),
    ...(reply.cut ? { brokenOff: reply.cutBy ?? 'connection' } : {}),
    complete: finished && jsonComplete,
    raw: reply.text,
  };
}

/** Where nobody says which, it was the one that was asked for. */
function answeredSpeed(facts: RunFacts, reply: GeminiReply): { speed?: Speed } {
  const speed = reply.speed ?? facts.speed;
  return speed === undefined ? {} : { speed };
}

type Found = Pick<Inspection, 'text' | 'labels' | 'detections' | 'dropped'> & { jsonComplete?: boolean };

/** True for parts in which the reply ends. */
function isCutOff(reason: string): boolean {
  return [
    t('The reply ends inside this object.'),
    t('The reply ends inside this label.'),
    t('The reply ends before its first object.'),
  ].includes(reason);
}

function readReply({ task, contexts, labels = [] }: RunFacts, raw: string): Found {
  switch (task) {
    case 'detect':
    case 'segment': {
      const { detections, dropped, jsonComplete } = readDetections(raw, ...contexts);
      return { detections, dropped, jsonComplete };
    }
    case 'classify':
      return readLabels(raw, labels);
    case 'compare':
      return readComparison(raw, contexts);
    case 'readText':
      return readTextOf(raw, contexts);
    case 'caption': {
      const answer = readAnswer(raw, contexts);
      return { ...answer, dropped: answer.text === '' ? answer.dropped : refused(answer.text ?? '') };
    }
    case 'ask':
      return readAnswer(raw, contexts);
    default:
      return task satisfies never;
  }
}

function readTextOf(raw: string, contexts: DetectionContexts): Found {
  const found = readLines(raw, contexts);
  if (raw.trim() === '') return { ...found, dropped: [noText(raw)] };
  return found.detections === undefined && found.dropped.length === 0 ? { ...found, dropped: refused(raw) } : found;
}

/** The boxes are an extra: what is wrong with them takes nothing from the answer. Where there is nothing but a list, that is the answer. */
function readAnswer(raw: string, contexts: DetectionContexts): Found {
  const { text, list } = splitAnswer(raw, true);
  const words = text === '' ? readText(raw) : withoutMarks(text);
  const answer = { text: words, dropped: words === '' ? [noText(raw)] : [] };
  if (list === '') return answer;
  const { detections, jsonComplete } = readDetections(list, ...contexts);
  return { ...answer, detections, jsonComplete };
}

/** The answer as plain text; one of nothing but marks as it is. */
function withoutMarks(words: string): string {
  return plainText(parseMarkdown(words)) || words;
}

/** An answer may do without boxes; where there are some, what is wrong with them counts. */
function readComparison(raw: string, contexts: DetectionContexts): Found {
  const { text: words, list } = splitAnswer(raw, true);
  const text = withoutMarks(words);
  const missing = text === '' ? [noText(raw)] : [];
  if (list === '') return { text, detections: [], dropped: missing };
  const { detections, dropped, jsonComplete } = readDetections(raw, ...contexts);
  return { text, detections, dropped: [...missing, ...dropped], jsonComplete };
}

/** The words stay as they are, since a picture may say the same; of an answer to a question a refusal is one like any other. */
function refused(raw: string): Dropped[] {
  return isRefusal(raw) ? [{ index: 0, reason: t('This reads like a refusal by the model.'), raw: raw.slice(0, 2000) }] : [];
}

function noText(raw: string): Dropped {
  return { index: 0, reason: t('The reply has no text.'), raw: raw.slice(0, 2000) };
}

function tokenUse(facts: RunFacts, reply: GeminiReply): TokenUse {
  const usage = { ...(reply.billsNoImage && facts.images.length > 0 ? { image: 0 } : {}), ...reply.usage };
  const answered = { model: facts.model, modelVersion: reply.modelVersion };
  const billed = { ...billable(usage, reply.text), ...answeredSpeed(facts, reply) };
  const cost = usage.prompt === undefined ? undefined : billedUsd(answered, new Date(facts.createdAt), billed, facts.prices);
  if (reply.cut) {
    // What has come by then is no bill: only the input is certain.
    const { output: _, thoughts: __, total: ___, ...input } = usage;
    return { estimated: facts.estimatedImageTokens, ...input, ...(cost === undefined ? {} : { costUsd: cost }) };
  }
  return { estimated: facts.estimatedImageTokens, ...usage, ...(cost === undefined ? {} : { costUsd: cost }) };
}
