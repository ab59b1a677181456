import type { TokenUse } from '../inspection/inspection.ts';

/** No image was ever billed less in its default resolution. */
const LEAST = 258;

/**
 * True where the bill of a request with images tells that the model saw none of them: it names no image tokens; or, where it does not tell kinds of tokens apart,
 * its whole prompt is too small for an image. Answers to such a request are made up.
 */
export function isImageUnbilled({ image, prompt, estimated }: Pick<TokenUse, 'image' | 'prompt' | 'estimated'>, images: number): boolean {
  if (images === 0 || prompt === undefined) return false;
  return image === undefined ? prompt < Math.min(estimated, images * LEAST) : image === 0;
}
