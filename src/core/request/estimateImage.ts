import type { Size } from '../base/geometry.ts';
import type { Box } from '../inspection/inspection.ts';
import { estimateFor, type TokenBasis } from '../usage/estimate.ts';
import type { MediaResolution, TokenEstimate } from '../usage/tokens.ts';
import { type SendSource, sentSize } from './sentSize.ts';

/** How an image is sent, as far as its tokens depend on it. */
export interface ImageSending {
  model: string;
  mediaResolution: MediaResolution;
  /** The longest side of what is sent, in pixels; 0, or unset: as it is. */
  maxDimension?: number;
  /** The part that is sent, in fractions of the upright image; all of it if unset. */
  region?: Box | undefined;
}

/**
 * The tokens of one image, and the size in which it is sent: all that shows or charges tokens asks here. `image`: what its header tells, or the size of a
 * picture that is ready to be sent, which is not cut or scaled any more. Throws a RangeError for a size without area, `unsupportedImage` for a region that is none.
 */
export function estimateImage(
  image: SendSource | Size,
  { model, mediaResolution, maxDimension = 0, region }: ImageSending,
  basis: Pick<TokenBasis, 'calibration' | 'date' | 'backend'>,
): { size: Size; estimate: TokenEstimate } {
  const size = 'upright' in image ? sentSize(image, { maxDimension, ...(region === undefined ? {} : { region }) }) : image;
  return { size, estimate: estimateFor(size, model, mediaResolution, basis) };
}
