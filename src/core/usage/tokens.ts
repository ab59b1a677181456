import type { Size } from '../base/geometry.ts';
import type { ModelInfo } from '../models/modelInfo.ts';
import type { Backend } from '../models/vertex.ts';

export const MEDIA_RESOLUTIONS = ['default', 'low', 'medium', 'high', 'ultraHigh'] as const;
export type MediaResolution = (typeof MEDIA_RESOLUTIONS)[number];

/** What one image costs in tokens, before anything is sent. */
export interface TokenEstimate {
  /** The number to show. */
  tokens: number;
  /** Where it comes from. */
  rule: 'documented' | 'observed' | 'calibrated';
  /** What the documentation says. */
  documented: number;
  /** What replies were billed, where enough of them were seen. */
  observed?: number;
  /** Where `rule` is `calibrated`: how many of the user's own calls say so. */
  calls?: number;
  /** How the picture is cut up, where it is; `unit` is the side of a tile or patch, in pixels of the picture. */
  tiles?: { columns: number; rows: number; unit: number };
}

/** Tokens of one tile, and of an image that is not tiled: the documentation of image understanding, 2.x. */
const TILE_TOKENS = 258;

/**
 * The tokens of one image of the given size in pixels, as sent.
 * Up to 2.5 the documented rule holds, from 3 on the one seen in replies, since the documentation gives only a budget; so it does for 2.5 on Vertex AI,
 * where a bill of the documented tiles has one more.
 * Throws a RangeError if a side is not a positive number.
 */
export function estimateImageTokens(
  size: Size,
  model: Pick<ModelInfo, 'tokenRule' | 'generation'>,
  resolution: MediaResolution,
  backend: Backend = 'geminiApi',
): TokenEstimate {
  if (!isLength(size.width) || !isLength(size.height))
    throw new RangeError(`an image of ${size.width} by ${size.height} pixels has no tokens`);
  if (model.tokenRule === 'budget') return estimateGrid(size, resolution);
  const fixed = fixedTokens(model, resolution);
  if (fixed !== undefined) return { tokens: fixed, rule: 'documented', documented: fixed };
  const tiles = tilesOf(size);
  const documented = TILE_TOKENS * tiles.columns * tiles.rows;
  if (billsWholePicture(model, backend)) {
    const billed = withWholePicture(documented);
    return { tokens: billed, rule: 'observed', documented, observed: billed, tiles };
  }
  const observed = observedTileTokens(model, documented);
  return { tokens: documented, rule: 'documented', documented, ...(observed === undefined ? {} : { observed }), tiles };
}

function isLength(side: number): boolean {
  return Number.isFinite(side) && side > 0;
}

/** 2.5 at low and medium: the SDK's own description of `MediaResolution`. High is "zoomed reframing", so the tiles hold. */
function fixedTokens(model: Pick<ModelInfo, 'tokenRule'>, resolution: MediaResolution): number | undefined {
  if (model.tokenRule !== 'flat258') return undefined;
  return resolution === 'low' ? 64 : resolution === 'medium' ? 256 : undefined;
}

/**
 * The documented tiles of 1.5, 2.0 and 2.5: one if both sides are at most 384; otherwise squares of two thirds of the shorter side,
 * from 256 to 768 pixels. The documentation's example: 960x540 has a unit of 360, so 3 by 2 tiles.
 */
function tilesOf({ width, height }: Size): { columns: number; rows: number; unit: number } {
  if (width <= 384 && height <= 384) return { columns: 1, rows: 1, unit: 384 };
  const unit = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
  return { columns: Math.ceil(width / unit), rows: Math.ceil(height / unit), unit };
}

/** True for 2.5 on Vertex AI: 700x1003, six tiles, was 1806 there, and 258 on the Gemini API. */
export function billsWholePicture({ tokenRule }: Pick<ModelInfo, 'tokenRule'>, backend: Backend | undefined): boolean {
  return tokenRule === 'flat258' && backend === 'vertexAi';
}

/** A picture that is cut up is billed once more as a whole. */
function withWholePicture(tiles: number): number {
  return tiles === TILE_TOKENS ? TILE_TOKENS : tiles + TILE_TOKENS;
}

/**
 * Seen in `usageMetadata` of the Gemini API: 2.5 bills 258 for every size up to 3840x2160; 2.0 bills one tile more, for the whole picture,
 * where there is more than one (3008x2000 was 3354, 540x360 was 1806). Nothing was seen for 1.5.
 */
function observedTileTokens(
  { tokenRule, generation }: Pick<ModelInfo, 'tokenRule' | 'generation'>,
  documented: number,
): number | undefined {
  if (tokenRule === 'flat258') return TILE_TOKENS;
  return generation < 2 ? undefined : withWholePicture(documented);
}

/** Tokens for an image of 3 and later: the documentation of media resolution. */
const BUDGETS: Record<MediaResolution, number> = { default: 1120, low: 280, medium: 560, high: 1120, ultraHigh: 2240 };

/**
 * 3 and later: the largest grid of square patches within the budget that has the picture's proportions, whatever its size.
 * Fits every reply seen with a known size: 597x566 was 1088, 400x301 was 1102.
 */
function estimateGrid({ width, height }: Size, resolution: MediaResolution): TokenEstimate {
  const budget = BUDGETS[resolution];
  const columns = Math.max(1, Math.floor(Math.sqrt((budget * width) / height)));
  const rows = Math.max(1, Math.floor(Math.sqrt((budget * height) / width)));
  const unit = Math.max(width / columns, height / rows);
  return { tokens: columns * rows, rule: 'observed', documented: budget, observed: columns * rows, tiles: { columns, rows, unit } };
}

/** Scripts that take about one token a character: Chinese, Japanese, Korean. */
const DENSE_SCRIPT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** About how many tokens a text has: one for 4 characters (the documentation's figure), one for each Chinese, Japanese or Korean one. */
export function estimateTextTokens(text: string): number {
  const dense = text.match(DENSE_SCRIPT)?.length ?? 0;
  return Math.ceil(dense + (text.length - dense) / 4);
}
