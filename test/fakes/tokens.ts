import { type TokenFamily, tokenFamily } from './models.ts';

export interface Size {
  width: number;
  height: number;
}

/** What one image is billed as by the model's `usageMetadata`. `resolution` is the API's word, such as MEDIA_RESOLUTION_LOW. */
export function imageTokens(modelId: string, size: Size, resolution = 'MEDIA_RESOLUTION_UNSPECIFIED', onVertex = false): number {
  const family: TokenFamily = tokenFamily(modelId);
  if (family === 'flat') return FLAT_TOKENS[resolution] ?? (onVertex ? tiledTokens(size) : 258);
  if (family === 'tiles') return tiledTokens(size);
  const budget = GRID_BUDGETS[resolution] ?? 1120;
  const columns = Math.floor(Math.sqrt((budget * size.width) / size.height));
  const rows = Math.floor(Math.sqrt((budget * size.height) / size.width));
  return Math.max(1, columns) * Math.max(1, rows);
}

/** What `countTokens` says of the same image. 2.0 counts a flat 258 there although it bills tiles. */
export function countedImageTokens(modelId: string, size: Size, resolution?: string): number {
  return tokenFamily(modelId) === 'tiles' ? 258 : imageTokens(modelId, size, resolution);
}

/** About four characters a token. */
export function textTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

const GRID_BUDGETS: Readonly<Record<string, number>> = {
  MEDIA_RESOLUTION_LOW: 280,
  MEDIA_RESOLUTION_MEDIUM: 560,
  MEDIA_RESOLUTION_HIGH: 1120,
  MEDIA_RESOLUTION_ULTRA_HIGH: 2240,
};

const FLAT_TOKENS: Readonly<Record<string, number>> = { MEDIA_RESOLUTION_LOW: 64, MEDIA_RESOLUTION_MEDIUM: 256 };

/** 258 for each tile, and for the whole picture once more where there is more than one tile. */
function tiledTokens({ width, height }: Size): number {
  if (width <= 384 && height <= 384) return 258;
  const unit = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
  const tiles = Math.ceil(width / unit) * Math.ceil(height / unit);
  return tiles === 1 ? 258 : 258 * (tiles + 1);
}
