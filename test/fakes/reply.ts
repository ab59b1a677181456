import { type FakeModel, tokenFamily } from './models.ts';
import type { ReceivedRequest } from './receivedRequest.ts';
import type { ReplyAnswer } from './script.ts';
import { thoughtTokens } from './thinking.ts';
import { countedImageTokens, imageTokens, textTokens } from './tokens.ts';

type Part = Record<string, unknown>;

/** The reply in one piece. */
export function wholeReply(request: ReceivedRequest, model: FakeModel, answer: ReplyAnswer): object {
  const signature = tokenFamily(model.id) === 'grid' ? { thoughtSignature: SIGNATURE } : {};
  const parts = answerParts(answer, answer.chunks?.join('') ?? answer.text);
  const signed = parts.map((part, index) => (index === parts.length - 1 && 'text' in part ? { ...part, ...signature } : part));
  return envelope(request, model, answer, signed, { written: writtenText(parts), isLast: true });
}

/** The events of a stream: thoughts, pieces of text, one event without parts, and at last one that only bears a signature and why it ended. */
export function replyEvents(request: ReceivedRequest, model: FakeModel, answer: ReplyAnswer): object[] {
  if (answer.promptFeedback) return [wholeReply(request, model, answer)];
  const pieces = answer.chunks ?? cut(answer.text ?? '');
  const parts =
    answer.parts || pieces.length === 0
      ? answerParts(answer, undefined)
      : pieces.flatMap((text, index) => answerParts(index === 0 ? answer : {}, text));
  const groups: Part[][] = [...parts.map((part) => [part]), ...(parts.length > 0 ? [[]] : []), [{ thoughtSignature: SIGNATURE }]];
  return groups.map((group, index) =>
    envelope(request, model, answer, group, {
      written: writtenText(groups.slice(0, index + 1).flat()),
      isLast: index === groups.length - 1,
    }),
  );
}

/** What `countTokens` answers: the total of pictures and text. */
export function countedTokens(request: ReceivedRequest, model: FakeModel): number {
  const images = request.images.map((image) => countedImageTokens(model.id, sizeOf(image), image.mediaResolution));
  return textTokens(request.text) + sum(images);
}

const SIGNATURE = Buffer.from('signed by the stand-in').toString('base64');

function answerParts(answer: ReplyAnswer, text: string | undefined): Part[] {
  const thoughts = answer.thoughts === undefined ? [] : [{ text: answer.thoughts, thought: true }];
  return [...thoughts, ...((answer.parts as Part[] | undefined) ?? (text ? [{ text }] : []))];
}

function envelope(
  request: ReceivedRequest,
  model: FakeModel,
  answer: ReplyAnswer,
  parts: Part[],
  { written, isLast }: { written: string; isLast: boolean },
): object {
  const omitted = new Set<string>(answer.omit);
  const content = parts.length > 0 && !omitted.has('parts') ? { parts, role: 'model' } : { role: 'model' };
  const { finishReason = 'STOP', finishMessage, safetyRatings } = answer;
  const ending = { finishReason, ...(finishMessage !== undefined && { finishMessage }), ...(safetyRatings && { safetyRatings }) };
  const candidate = { ...(!omitted.has('content') && { content }), ...(isLast && ending), index: 0 };
  return {
    ...(!answer.promptFeedback && !omitted.has('candidates') && { candidates: [candidate] }),
    ...(answer.promptFeedback && { promptFeedback: answer.promptFeedback }),
    ...(!omitted.has('usageMetadata') && { usageMetadata: answer.usage ?? usage(request, model, answer, written) }),
    modelVersion: answer.modelVersion ?? model.id,
    ...(answer.modelStatus && { modelStatus: answer.modelStatus }),
    responseId: `stand-in-${request.sequence}`,
  };
}

function usage(request: ReceivedRequest, model: FakeModel, answer: ReplyAnswer, written: string): object {
  const resolution = request.body?.generationConfig?.mediaResolution;
  const onVertex = request.vertex !== undefined;
  const images = sum(request.images.map((image) => imageTokens(model.id, sizeOf(image), image.mediaResolution ?? resolution, onVertex)));
  const instruction = request.body?.systemInstruction?.parts?.map((part) => part.text ?? '').join('\n') ?? '';
  const text = textTokens(request.text) + textTokens(instruction);
  const output = textTokens(written);
  const thoughts = answer.promptFeedback ? 0 : Math.max(thoughtTokens(model, request.body ?? {}), textTokens(answer.thoughts ?? ''));
  const details = [{ modality: 'TEXT', tokenCount: text }, ...(images > 0 ? [{ modality: 'IMAGE', tokenCount: images }] : [])];
  return {
    promptTokenCount: text + images,
    ...(output > 0 && { candidatesTokenCount: output }),
    totalTokenCount: text + images + output + thoughts,
    // The real order varies from reply to reply.
    promptTokensDetails: request.sequence % 2 === 0 ? details : details.toReversed(),
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
    serviceTier: answer.serviceTier ?? request.body?.serviceTier ?? 'standard',
  };
}

function sizeOf({ sniffed }: ReceivedRequest['images'][number]): { width: number; height: number } {
  if (!sniffed.accepted || !sniffed.size) throw new Error('A picture that was refused has no tokens.');
  return sniffed.size;
}

function writtenText(parts: readonly Part[]): string {
  return parts.map((part) => (part.thought ? '' : String(part.text ?? ''))).join('');
}

/** Up to five pieces, cut without regard to words. */
function cut(text: string): string[] {
  const characters = [...text];
  const length = Math.ceil(characters.length / 5);
  return Array.from({ length: length && Math.ceil(characters.length / length) }, (_, index) =>
    characters.slice(index * length, (index + 1) * length).join(''),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
