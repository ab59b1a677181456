import type { Size } from '../base/geometry.ts';
import type { ModelInfo } from '../models/modelInfo.ts';
import type { Backend } from '../models/vertex.ts';
import { estimateImageTokens, type MediaResolution } from './tokens.ts';

/** A smaller size of a picture that costs fewer tokens. */
export interface SmallerSize extends Size {
  tokens: number;
}

/**
 * The largest size of the same proportions for which the rule asks fewer tokens; its longer side can be given as `maxDimension`. Undefined where
 * no smaller size is cheaper: from 3 on, where only the proportions and the resolution count, and for an image that is small already.
 */
export function nextSmallerSize(
  { width, height }: Size,
  model: Pick<ModelInfo, 'tokenRule' | 'generation'>,
  resolution: MediaResolution,
  backend?: Backend,
): SmallerSize | undefined {
  const tokensOf = (size: Size) => estimateImageTokens(size, model, resolution, backend).tokens;
  if (model.tokenRule === 'budget') return undefined;
  const now = tokensOf({ width, height });
  const longest = Math.max(width, height);
  // Rounding makes the steps uneven, so each size is looked at: at most 65,535 of them, far under a millisecond.
  for (let side = longest - 1; side >= 1 && now > tokensOf(SMALLEST); side--) {
    const size = { width: scaled(width, side / longest), height: scaled(height, side / longest) };
    const tokens = tokensOf(size);
    if (tokens < now) return { ...size, tokens };
  }
  return undefined;
}

const SMALLEST: Size = { width: 1, height: 1 };

/** As `maxDimension` scales. */
function scaled(length: number, factor: number): number {
  return Math.max(1, Math.round(length * factor));
}
