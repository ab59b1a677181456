import { Ajv } from 'ajv';
import { encode } from 'fast-png';
import { googleError, imageNotProcessable, invalidArgument, payloadTooLarge } from './errors.ts';
import type { ReceivedRequest } from './receivedRequest.ts';
import type { StatusAnswer } from './script.ts';

const MODEL = 'image-segmentation-001';

function fields(properties: Record<string, object>, required: string[]): object {
  return { type: 'object', additionalProperties: false, properties, required };
}

const IMAGE = fields(
  { bytesBase64Encoded: { type: 'string', minLength: 1 }, mimeType: { enum: ['image/png', 'image/jpeg', 'image/webp'] } },
  ['bytesBase64Encoded', 'mimeType'],
);

/** What the SDK 3.3.0 sends for `segmentImage`: images by their addresses in Cloud Storage are left out. */
const SCHEMA = fields(
  {
    instances: {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: fields({ prompt: { type: 'string', minLength: 1 }, image: IMAGE, scribble: fields({ image: IMAGE }, ['image']) }, ['image']),
    },
    parameters: fields(
      {
        mode: { enum: ['FOREGROUND', 'BACKGROUND', 'PROMPT', 'SEMANTIC', 'INTERACTIVE'] },
        maxPredictions: { type: 'integer', minimum: 1 },
        confidenceThreshold: { type: 'number', minimum: 0, maximum: 1 },
        maskDilation: { type: 'number', minimum: 0, maximum: 1 },
        binaryColorThreshold: { type: 'number', minimum: -1, exclusiveMaximum: 255 },
      },
      ['mode'],
    ),
    labels: { type: 'object', additionalProperties: { type: 'string' } },
  },
  ['instances', 'parameters'],
);

const ajv = new Ajv({ strict: false });
const validate = ajv.compile(SCHEMA);

interface SegmentationBody {
  instances: [{ prompt?: string; scribble?: object }];
  parameters: { mode: string };
}

/** The refusal of a request that Vertex AI would not take; undefined if it would. */
export function refuseSegmentation(
  { json, bytes, vertex, model, images }: ReceivedRequest,
  inlineLimitBytes: number,
): StatusAnswer | undefined {
  if (bytes > inlineLimitBytes) return payloadTooLarge(inlineLimitBytes);
  if (model !== MODEL) {
    const resource = `${vertex}/publishers/google/models/${model}`;
    return googleError(404, 'NOT_FOUND', `Publisher Model \`${resource}\` was not found or your project does not have access to it.`);
  }
  if (!validate(json)) return invalidArgument(ajv.errorsText(validate.errors));
  const { instances, parameters } = json as unknown as SegmentationBody;
  const [{ prompt, scribble }] = instances;
  const { mode } = parameters;
  // By the types of the SDK: "Required for prompt mode and semantic mode, disallowed for other modes", and the like of scribbles.
  if ((prompt !== undefined) !== ['PROMPT', 'SEMANTIC'].includes(mode))
    return invalidArgument(`A prompt does not go with the mode ${mode}.`);
  if ((scribble !== undefined) !== (mode === 'INTERACTIVE')) return invalidArgument(`A scribble does not go with the mode ${mode}.`);
  const isPicture =
    images.length === 1 && images.every(({ sniffed, mimeType }) => sniffed.accepted && sniffed.size && sniffed.mimeType === mimeType);
  return isPicture ? undefined : imageNotProcessable();
}

/** One mask over the whole picture, sure to 0.87 that it is what was asked for. */
export function answerSegmentation({ images, json }: ReceivedRequest): StatusAnswer {
  const [image] = images;
  const { width, height } = (image?.sniffed.accepted ? image.sniffed.size : undefined) ?? { width: 1, height: 1 };
  const label = (json as unknown as SegmentationBody).instances[0].prompt ?? '';
  return maskAnswer(
    maskPng(width, height, () => 255),
    { labels: [{ label, score: 0.87 }] },
  );
}

/** An answer with one mask; `more`: further fields of it. */
export function maskAnswer(png: Uint8Array, more: object = {}): StatusAnswer {
  const prediction = { bytesBase64Encoded: Buffer.from(png).toString('base64'), mimeType: 'image/png', ...more };
  return { status: 200, body: { predictions: [prediction] } };
}

/** A PNG of one grey channel. */
export function maskPng(width: number, height: number, valueAt: (x: number, y: number) => number): Uint8Array {
  const data = Uint8Array.from({ length: width * height }, (_, at) => valueAt(at % width, Math.floor(at / width)));
  return encode({ width, height, data, depth: 8, channels: 1 });
}
