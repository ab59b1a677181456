import type { GeminiRequest } from './request.ts';
import { partsOf } from './request.ts';

/** What finds the pixels of one thing in a picture. Vertex AI alone has it; Google publishes no price of it in a form that tells what a call costs. */
export const SEGMENTATION_MODEL = 'image-segmentation-001';
/** Objects of a run that get a mask by a call of their own. */
export const MOST_SEGMENTED = 20;

/** A label says what to look for; the rest of a long one does not. In characters. */
const LONGEST_PROMPT = 200;

/** The request for the mask of one thing in a picture of it. */
export function segmentationRequest(label: string, picture: { mimeType: string; bytes: number }): GeminiRequest {
  return {
    task: 'segment',
    model: SEGMENTATION_MODEL,
    turns: [
      {
        role: 'user',
        parts: [
          { kind: 'image', image: 0, ...picture, source: { kind: 'inline' } },
          { kind: 'text', text: label.slice(0, LONGEST_PROMPT) || 'object' },
        ],
      },
    ],
    config: {},
  };
}

/** What of a request for a mask is sent: its words and the type of its picture. */
export function segmentationSource(request: GeminiRequest): { prompt: string; mimeType: string } {
  const [image, text] = partsOf(request);
  if (image?.kind !== 'image' || text?.kind !== 'text') throw new Error('a request for a mask has a picture and its label');
  return { prompt: text.text, mimeType: image.mimeType };
}
