import type { SegmentMode } from '@google/genai/web';
import { type MaskAnswer, readMaskAnswer } from '../../core/reply/maskAnswer.ts';
import type { GeminiRequest } from '../../core/request/request.ts';
import { segmentationSource } from '../../core/request/segmentation.ts';
import type { ImagesInBody } from '../http/imagesInBody.ts';
import type { ImageBytes } from './api.ts';
import type { Sdk } from './client.ts';

/** A request for a mask, and what its call takes. */
interface MaskCall {
  request: GeminiRequest;
  bytes: ImageBytes;
  images: ImagesInBody;
  signal: AbortSignal;
}

/** Asks once for the mask of the thing that the request names. */
export async function segment(ai: Sdk, { request, bytes, images, signal }: MaskCall): Promise<MaskAnswer> {
  const { prompt, mimeType } = segmentationSource(request);
  const image = { imageBytes: images.mark(await bytes(0)), mimeType };
  // The enum of the SDK is declared once more in each of its entries; its values are their names.
  const config = { mode: 'PROMPT' as SegmentMode, maxPredictions: 1, abortSignal: signal };
  return readMaskAnswer(await ai.models.segmentImage({ model: request.model, source: { image, prompt }, config }));
}
