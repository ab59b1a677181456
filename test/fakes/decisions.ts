import { Ajv } from 'ajv';
import { googleError, invalidArgument, payloadTooLarge } from './errors.ts';
import { sniff } from './images.ts';
import type { ReceivedRequest } from './receivedRequest.ts';
import type { StatusAnswer } from './script.ts';

/** What the Decisions API takes: `CreateDecisionRequest` of the SDK 3.3.0, as far as this project uses it, with its limits. */
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['model', 'input', 'questions'],
  properties: {
    model: { type: 'string' },
    input: {
      type: 'array',
      minItems: 1,
      items: {
        oneOf: [
          fields({ type: { const: 'text' }, text: { type: 'string' } }, ['type', 'text']),
          fields(
            {
              type: { const: 'image' },
              data: { type: 'string' },
              uri: { type: 'string' },
              mime_type: { enum: ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'] },
              resolution: { enum: ['low', 'medium', 'high', 'ultra_high'] },
            },
            ['type', 'mime_type'],
          ),
        ],
      },
    },
    questions: {
      type: 'object',
      minProperties: 1,
      maxProperties: 1000,
      additionalProperties: {
        oneOf: [
          fields(
            {
              type: { const: 'noul' },
              instructions: { type: 'string', minLength: 1 },
              criteria: fields({ true_description: { type: 'string' }, false_description: { type: 'string' } }, []),
            },
            ['type', 'instructions'],
          ),
          fields(
            {
              type: { const: 'choice' },
              instructions: { type: 'string', minLength: 1 },
              criteria: { type: 'object', minProperties: 2, maxProperties: 255, additionalProperties: { type: 'string' } },
            },
            ['type', 'instructions', 'criteria'],
          ),
          fields(
            {
              type: { const: 'score' },
              instructions: { type: 'string', minLength: 1 },
              criteria: { type: 'array', minItems: 2, items: { type: 'string' } },
            },
            ['type', 'instructions', 'criteria'],
          ),
        ],
      },
    },
  },
};

function fields(properties: Record<string, object>, required: string[]): object {
  return { type: 'object', additionalProperties: false, properties, required };
}

const ajv = new Ajv({ strict: false });
const validate = ajv.compile(SCHEMA);

interface DecisionBody {
  model: string;
  input: { type: string; data?: string }[];
  questions: Record<string, { type: string }>;
}

/** The refusal of a request that the real API would not take; undefined if it would. */
export function refuseDecision({ json, bytes }: ReceivedRequest, inlineLimitBytes: number): StatusAnswer | undefined {
  if (bytes > inlineLimitBytes) return payloadTooLarge(inlineLimitBytes);
  if (!validate(json)) return invalidArgument(ajv.errorsText(validate.errors));
  const { model, input } = json as unknown as DecisionBody;
  if (model !== 'models/gemini-decision-1') return googleError(404, 'NOT_FOUND', `${model} is not found for API version v1beta.`);
  const images = input.filter(({ type }) => type === 'image').map(({ data = '' }) => sniff(Buffer.from(data, 'base64')));
  return images.every(({ accepted }) => accepted) ? undefined : invalidArgument('Unable to process input image.');
}

/** A probability of 0.93 for every yes. The bill: 1,089 tokens a picture, and a token for every four characters of questions. */
export function answerDecision({ json }: ReceivedRequest): StatusAnswer {
  const { input, questions } = json as unknown as DecisionBody;
  const image = 1089 * input.filter(({ type }) => type === 'image').length;
  const text = Math.ceil(JSON.stringify(questions).length / 4);
  const answers = Object.fromEntries(Object.keys(questions).map((key) => [key, { type: 'noul', noul: 0.93, confidence: 0.93 }]));
  return { status: 200, body: { answers, usage: decisionUsage(image, text) } };
}

export function decisionUsage(image: number, text: number): object {
  return {
    total_input_tokens: image + text,
    input_tokens_by_modality: [
      { modality: 'image', tokens: image },
      { modality: 'text', tokens: text },
    ],
    total_output_tokens: 0,
  };
}
