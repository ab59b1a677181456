import type { FailureReason } from '../base/failure.ts';
import { consensus } from '../editing/consensus.ts';
import type { Inspection } from '../inspection/inspection.ts';
import type { MediaResolution } from '../usage/tokens.ts';
import { evaluate, USUAL_IOU } from './evaluate.ts';
import { scoredImage } from './scoredImage.ts';

/** A way to ask the same of the same images. */
export interface Trial {
  model: string;
  mediaResolution: MediaResolution;
  /** The words of the user. */
  query: string;
}

/** What a trial brought for one image; unset as long as nothing is known. */
export type TrialOutcome = { inspection: Inspection } | { reason: FailureReason; message: string } | undefined;

/** What results are measured by: labels of the images, or, where there are none, what at least half of all trials have found. */
export type TrialMeasure = 'labels' | 'consensus';

/** What a trial came to. Means are those of its images that were answered; unset where there are none, or nothing is known of them. */
export interface TrialFigures {
  /** Images that were answered, and those of them that were measured. */
  answered: number;
  measured: number;
  precision?: number;
  recall?: number;
  f1?: number;
  /** US dollars, seconds and tokens of an image. */
  costUsd?: number;
  seconds?: number;
  tokens?: number;
  /** Why images failed, the most frequent reason first. */
  failures: { message: string; images: number }[];
}

/** All trials that are possible with these models, resolutions and words. */
export function trialsOf({
  models,
  resolutions,
  queries,
}: {
  models: readonly string[];
  resolutions: readonly MediaResolution[];
  queries: readonly string[];
}): Trial[] {
  return models.flatMap((model) => resolutions.flatMap((mediaResolution) => queries.map((query) => ({ model, mediaResolution, query }))));
}

/**
 * The figures of each trial. `outcomes`: of each trial, by image. `labels`: of each image, where it has some: then only these images are measured.
 * An image whose request failed is measured by nobody.
 */
export function trialFigures(
  outcomes: readonly (readonly TrialOutcome[])[],
  labels: readonly (Inspection | undefined)[],
  threshold: number,
): { measure: TrialMeasure; figures: TrialFigures[] } {
  const isLabeled = labels.some((one) => one !== undefined);
  const truth = isLabeled
    ? labels
    : labels.map((_, image) =>
        agreedOn(
          outcomes.map((ofTrial) => ofTrial[image]),
          threshold,
        ),
      );
  return { measure: isLabeled ? 'labels' : 'consensus', figures: outcomes.map((ofTrial) => figuresOf(ofTrial, truth)) };
}

/** What at least half of the results have found; undefined for fewer than two results, which would agree with themselves. */
function agreedOn(outcomes: readonly TrialOutcome[], threshold: number): Inspection | undefined {
  const runs = outcomes.flatMap((outcome) => resultIn(outcome) ?? []);
  if (runs.length < 2) return undefined;
  return consensus(runs, Math.max(2, Math.ceil(runs.length / 2)), { id: '', createdAt: '', threshold });
}

function figuresOf(outcomes: readonly TrialOutcome[], truth: readonly (Inspection | undefined)[]): TrialFigures {
  const runs = outcomes.flatMap((outcome) => resultIn(outcome) ?? []);
  const pairs = outcomes.flatMap((outcome, image) => {
    const [labels, run] = [truth[image], resultIn(outcome)];
    return labels === undefined || run === undefined ? [] : [scoredImage(String(image).padStart(6, '0'), labels, run)];
  });
  const { precision, recall, f1 } = evaluate(pairs, { iou: USUAL_IOU });
  const mean = (name: 'costUsd' | 'seconds' | 'tokens', figureOf: (run: Inspection) => number | undefined) => {
    const values = runs.flatMap((run) => figureOf(run) ?? []);
    return values.length === 0 ? {} : { [name]: values.reduce((sum, value) => sum + value, 0) / values.length };
  };
  return {
    answered: runs.length,
    measured: pairs.length,
    ...(pairs.length === 0 ? {} : { precision, recall, f1 }),
    ...mean('costUsd', ({ tokens }) => tokens.costUsd),
    ...mean('seconds', ({ seconds }) => seconds),
    ...mean('tokens', ({ tokens }) => tokens.total),
    failures: failuresIn(outcomes),
  };
}

function resultIn(outcome: TrialOutcome): Inspection | undefined {
  return outcome !== undefined && 'inspection' in outcome ? outcome.inspection : undefined;
}

function failuresIn(outcomes: readonly TrialOutcome[]): TrialFigures['failures'] {
  const counts = new Map<string, number>();
  for (const outcome of outcomes)
    if (outcome !== undefined && 'reason' in outcome) counts.set(outcome.message, (counts.get(outcome.message) ?? 0) + 1);
  return [...counts].map(([message, images]) => ({ message, images })).sort((a, b) => b.images - a.images);
}
