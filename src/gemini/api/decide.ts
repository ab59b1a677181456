import { type DecisionReply, readDecisions } from '../../core/reply/decisionAnswers.ts';
import { decisionBody } from '../../core/request/decision.ts';
import { type GeminiRequest, partsOf } from '../../core/request/request.ts';
import type { ImagesInBody } from '../http/imagesInBody.ts';
import type { ImageBytes } from './api.ts';

/** Where questions are put. */
export interface DecisionsAccess {
  baseUrl: string;
  apiKey: string;
  transport: typeof globalThis.fetch;
  signal: AbortSignal;
}

/** Puts the questions of a request, once: the SDK would try again by itself, and convert the image as text. */
export async function decide(
  { baseUrl, apiKey, transport, signal }: DecisionsAccess,
  request: GeminiRequest,
  bytes: ImageBytes,
  images: ImagesInBody,
): Promise<DecisionReply> {
  const data = new Map<number, string>();
  for (const part of partsOf(request)) {
    if (part.kind === 'image' && part.source.kind === 'inline') data.set(part.image, images.mark(await bytes(part.image)));
  }
  const response = await images.through(transport)(`${baseUrl}/v1beta/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': apiKey },
    body: JSON.stringify(decisionBody(request, (image) => data.get(image) ?? '')),
    signal,
  });
  return readDecisions(await response.json());
}
