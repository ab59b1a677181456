import type { Task } from '../inspection/inspection.ts';
import { modelInfo } from '../models/models.ts';
import type { Backend } from '../models/vertex.ts';
import { costUsd } from '../usage/cost.ts';
import type { TokenBasis } from '../usage/estimate.ts';
import type { SetSpeed, SetTask, SpeedForecast } from './inspectionSet.ts';

/** Least and most. */
export type Range = [number, number];

/**
 * Output tokens of one image by its task, thoughts included: what replies that are known here had, with room on both sides. Most images of a set have
 * little, so the mean over many lies well inside.
 */
const OUTPUT: Readonly<Record<Task, Range>> = {
  caption: [20, 400],
  readText: [10, 3000],
  classify: [4, 150],
  detect: [10, 2000],
  segment: [20, 6000],
  ask: [4, 1000],
  compare: [20, 1500],
};
/** What a model that thinks unless told otherwise adds, where it is not told. */
const THOUGHTS: Range = [0, 1500];
/** Tasks that are asked for with as little thinking as there is. */
const BARELY_THOUGHT: readonly Task[] = ['detect', 'segment', 'readText'];

/** Seconds of one request, from its preparation to its end. Flex takes 1 to 15 minutes by the documentation; what a quiet hour takes is less. */
const SECONDS: Readonly<Record<'standard' | 'flex', Range>> = { standard: [1.5, 15], flex: [10, 300] };
/** Hours of a batch, whatever its size: a day is what the documentation aims at. */
const BATCH_HOURS: Range = [0.25, 24];

/** What the forecast of a set is made of. */
export interface ForecastFacts {
  /** Images to be asked about. */
  images: number;
  /** Of all their requests, words included. */
  inputTokens: number;
  /** Requests at a time. */
  concurrency: number;
  /** Output tokens of one image. */
  output: Range;
  /** Seconds of one request, where some were made. */
  seconds?: Range;
}

/** Output tokens of one image before any was asked about. */
export function expectedOutputRange({ task, model }: Pick<SetTask, 'task' | 'model'>, date: Date): Range {
  const [least, most] = OUTPUT[task];
  const thinks = modelInfo(model, date).thinking.kind !== 'none';
  if (!thinks) return [least, most];
  return BARELY_THOUGHT.includes(task) ? [least, most + THOUGHTS[1] / 3] : [least + THOUGHTS[0], most + THOUGHTS[1]];
}

/** The range after some images were billed: around what these had, never wider than before but where a bill lay outside. */
export function narrowedOutput(before: Range, billed: readonly number[]): Range {
  if (billed.length === 0) return before;
  const [fewest, largest] = [Math.min(...billed), Math.max(...billed)];
  // Three images are few: the others may well have half as much, or twice.
  const least = Math.min(fewest, Math.max(before[0], fewest / 2));
  const most = Math.max(largest, Math.min(before[1], 2 * largest + 20));
  return [least, most];
}

/** What a set costs and takes at each speed that there is. */
export function forecast(task: Pick<SetTask, 'model'>, facts: ForecastFacts, basis: TokenBasis): SpeedForecast[] {
  return speedsOf(basis.backend).map((speed) => forecastAt(speed, task, facts, basis));
}

/** Vertex AI has neither flex by this way, nor batches without a storage of its own. */
export function speedsOf(backend: Backend | undefined): SetSpeed[] {
  return backend === 'vertexAi' ? ['standard'] : ['standard', 'flex', 'batch'];
}

function forecastAt(
  speed: SetSpeed,
  { model }: Pick<SetTask, 'model'>,
  { images, inputTokens, concurrency, output, seconds }: ForecastFacts,
  { date, prices }: TokenBasis,
): SpeedForecast {
  const usd = output.map((tokens) => costUsd(model, date, { prompt: inputTokens, output: tokens * images, speed }, prices));
  const [least, most] = usd;
  const hours: Range =
    images === 0 ? [0, 0] : speed === 'batch' ? [...BATCH_HOURS] : hoursOf(images, concurrency, seconds ?? SECONDS[speed]);
  return { speed, inputTokens, ...(least === undefined || most === undefined ? {} : { costUsd: [least, most] }), hours };
}

function hoursOf(images: number, concurrency: number, [least, most]: Range): Range {
  const rounds = Math.ceil(images / Math.max(1, concurrency));
  return [(rounds * least) / 3600, (rounds * most) / 3600];
}

/** How a running set goes. */
export interface SetProgress {
  /** Images that need nothing more. */
  settled: number;
  images: number;
  /** Images a minute in the last minutes; unset before the first. */
  perMinute?: number;
  /** US dollars so far, and all of it as expected; unset where no price is known. */
  costUsd?: number;
  expectedUsd?: Range;
  /** Milliseconds until the end, by the images a minute; unset where that is not known. */
  remaining?: number;
}

/**
 * What the whole will have cost: what it has cost, and for each image to come its input and an output in the range. `done`: images with a bill and their
 * output tokens, by whose mean the range is narrowed once there are enough.
 */
export function expectedCost(
  { model, speed }: Pick<SetTask, 'model' | 'speed'>,
  { spent, waiting, inputTokens, output }: { spent: number; waiting: number; inputTokens: number; output: Range },
  { date, prices }: Pick<TokenBasis, 'date' | 'prices'>,
): Range | undefined {
  const [least, most] = output.map((tokens) => costUsd(model, date, { prompt: inputTokens, output: tokens * waiting, speed }, prices));
  return least === undefined || most === undefined ? undefined : [spent + least, spent + most];
}
