import type { Box, Detection, Inspection } from '../inspection/inspection.ts';
import { DECISION_MODEL } from '../models/modelTable.ts';
import { type DecisionQuestion, type GeminiRequest, partsOf, type RequestPart } from './request.ts';

/** Questions that one request takes. */
export const MOST_QUESTIONS = 1000;

/** The longest side of a picture with numbers, in pixels: what it costs does not depend on it, and the numbers stay readable. */
export const CHECKED_SIDE = 1536;

/** Boxes of which the longer side is below this share of the picture's are shown enlarged too. */
const SMALL = 0.06;
/** Each costs as much as the whole picture. */
const MOST_ENLARGED = 8;

/** The smallest objects, as far as they are hard to see; their boxes in fractions of the picture that is sent. */
export function objectsToEnlarge<T extends { box: Box }>(objects: readonly T[]): T[] {
  const side = ({ box }: T) => Math.max(box.width, box.height);
  return objects
    .filter((object) => side(object) < SMALL)
    .toSorted((a, b) => side(a) - side(b))
    .slice(0, MOST_ENLARGED);
}

/** True for an inspection whose objects are those of another one, judged. */
export function isCheck({ model }: Pick<Inspection, 'model'>): boolean {
  return model === DECISION_MODEL;
}

/** A picture in which objects are to be checked: with numbered boxes, or one object enlarged. */
export interface CheckPicture {
  /** What the model is told of it. */
  words: string;
  mimeType: string;
  bytes: number;
}

/** The key of the question about an object, by its place among all that are asked about. */
export function questionKey(index: number): string {
  return `object_${index + 1}`;
}

/** What the model is told of a picture on which boxes are numbered. */
export const NUMBERED = 'A picture on which the boxes of objects are drawn. Each box has the number of its object.';

export function enlarged(number: string): string {
  return `Object ${number} of that picture, enlarged, with a little of what is around it.`;
}

/** One request about all objects: is each what its label says, and does its box fit? Words stand before the picture that they are about. */
export function checkRequest(objects: readonly Pick<Detection, 'id' | 'label'>[], pictures: readonly CheckPicture[]): GeminiRequest {
  const parts = pictures.flatMap(({ words, mimeType, bytes }, image): RequestPart[] => [
    { kind: 'text', text: words },
    { kind: 'image', image, mimeType, bytes, source: { kind: 'inline' } },
  ]);
  const questions = Object.fromEntries(objects.map((object, index) => [questionKey(index), question(object)]));
  return { task: 'detect', model: DECISION_MODEL, turns: [{ role: 'user', parts }], config: {}, questions };
}

/** The label is foreign text: a JSON string cannot end its own quotation. */
function question({ id, label }: Pick<Detection, 'id' | 'label'>): DecisionQuestion {
  return {
    type: 'noul',
    instructions:
      label === ''
        ? `Does the box numbered ${id} fit one object?`
        : `Is object ${id} really ${JSON.stringify(label.slice(0, 200))}, and does the box numbered ${id} fit it?`,
  };
}

/**
 * The body of a request of questions as the Decisions API takes it.
 * @param data the base64 of an image that goes inside the request, by its place
 */
export function decisionBody(request: GeminiRequest, data: (image: number) => string): Record<string, unknown> {
  const input = partsOf(request).map((part) => {
    if (part.kind === 'text') return { type: 'text', text: part.text };
    const { source, image, mimeType } = part;
    const content = source.kind === 'inline' ? { data: data(image) } : { uri: source.kind === 'file' ? source.uri : source.url };
    return { type: 'image', ...content, mime_type: mimeType };
  });
  return { model: `models/${request.model}`, input, questions: request.questions ?? {} };
}
