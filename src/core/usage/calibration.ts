import type { ModelInfo } from '../models/modelInfo.ts';
import type { Backend } from '../models/vertex.ts';
import type { Calibration, CalibrationSample } from './storedCalibration.ts';
import type { MediaResolution, TokenEstimate } from './tokens.ts';

/** Fewer calls than this say nothing: with five, the median stands even if two of them are odd. */
const ENOUGH = 5;
/** So many of the latest calls count; older ones may be of other times. */
const LATEST = 12;
/** Kinds of request that are kept, those used last. */
const MOST_KINDS = 60;
/** Within this part of its size an estimate is right. */
const TOLERANCE = 0.005;
/** Ratios that stray more than this around their median follow no rule. */
const MOST_SPREAD = 0.25;
/** Of bases that fit about equally well, the one needing less correction is taken. */
const EQUAL_SPREAD = 0.001;

/**
 * Samples count for one backend, model, resolution and rule: a model that is answered by one of another family starts anew. Keys of the Gemini API name no
 * backend, as those that 0.1.0 stored.
 */
export function calibrationKey(
  { id, tokenRule }: Pick<ModelInfo, 'id' | 'tokenRule'>,
  resolution: MediaResolution,
  backend: Backend = 'geminiApi',
): string {
  // Before 3 ultra high is asked for as high.
  const asked = resolution === 'ultraHigh' && tokenRule !== 'budget' ? 'high' : resolution;
  const key = `${id} ${asked} ${tokenRule}`;
  return backend === 'vertexAi' ? `vertexAi ${key}` : key;
}

/** The calibration with one more sample; one without image tokens teaches nothing. */
export function withSample(calibration: Calibration, key: string, sample: CalibrationSample): Calibration {
  if (!(sample.billed > 0 && sample.documented > 0 && sample.images > 0)) return calibration;
  const { [key]: earlier = [], ...others } = calibration;
  const kinds = Object.entries(others).slice(1 - MOST_KINDS);
  return { ...Object.fromEntries(kinds), [key]: [...earlier, sample].slice(-LATEST) };
}

/**
 * The estimate as the user's own numbers have it, where there are enough and they contradict the rule; otherwise the estimate itself.
 * What was billed is compared with the documented rule, with the one seen in replies, and with a fixed number an image: the one whose ratio to it
 * strays least is followed, times the median of that ratio.
 */
export function calibrated(estimate: TokenEstimate, samples: readonly CalibrationSample[] = []): TokenEstimate {
  if (samples.length < ENOUGH) return estimate;
  const { documented, observed } = estimate;
  const bases = [
    fit(documented, samples, (sample) => sample.documented),
    ...(observed === undefined ? [] : [fit(observed, samples, (sample) => sample.observed)]),
    // Any ratio would do for a fixed number, so it is never preferred to a rule that fits as well.
    { ...fit(1, samples, ({ images }) => images), correction: Number.POSITIVE_INFINITY },
  ];
  const least = Math.min(...bases.map(({ spread }) => spread));
  if (!(least <= MOST_SPREAD)) return estimate;
  const [best] = bases.filter(({ spread }) => spread <= least + EQUAL_SPREAD).sort((a, b) => a.correction - b.correction);
  const tokens = Math.max(1, Math.round(best?.tokens ?? 0));
  if (Math.abs(tokens - estimate.tokens) <= estimate.tokens * TOLERANCE) return estimate;
  return { ...estimate, tokens, rule: 'calibrated', calls: samples.length };
}

interface Fit {
  tokens: number;
  /** Median distance from the median ratio, as a part of it. */
  spread: number;
  /** How far the median ratio is from 1. */
  correction: number;
}

function fit(base: number, samples: readonly CalibrationSample[], of: (sample: CalibrationSample) => number | undefined): Fit {
  const ratios = samples.map((sample) => sample.billed / (of(sample) ?? Number.NaN));
  if (ratios.some(Number.isNaN)) return { tokens: base, spread: Number.POSITIVE_INFINITY, correction: Number.POSITIVE_INFINITY };
  const ratio = median(ratios);
  const spread = median(ratios.map((one) => Math.abs(one - ratio))) / ratio;
  return { tokens: base * ratio, spread, correction: Math.abs(Math.log(ratio)) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
