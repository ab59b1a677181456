import type { Task } from '../inspection/inspection.ts';
import type { ThinkingLevel } from '../models/modelInfo.ts';
import type { AskedSpeed } from '../models/speed.ts';
import type { MediaResolution } from '../usage/tokens.ts';

/**
 * One request to Gemini as plain JSON: the SDK call, the token count, the size check, source code and "what is sent" are all made from it.
 * Image bytes are not in it; an image part names a picture by its place in the list of prepared images that goes along.
 */
export interface GeminiRequest {
  task: Task;
  model: string;
  /** The conversation so far and, last, what is asked now. */
  turns: Turn[];
  config: RequestConfig;
  /** Of a check by the Decisions API, by their keys: what the parts are then asked about. */
  questions?: Record<string, DecisionQuestion>;
}

/** Whether something is so; answered by the probability of a yes. */
export interface DecisionQuestion {
  type: 'noul';
  instructions: string;
}

/** What one side said. */
export interface Turn {
  role: 'user' | 'model';
  /** In the order sent; with one image the text comes after it. */
  parts: RequestPart[];
}

export type RequestPart =
  | { kind: 'text'; text: string }
  | {
      kind: 'image';
      image: number;
      mimeType: string /** of the body, before base64 */;
      bytes: number;
      source: ImageSource;
      /** Of this image alone. */
      mediaResolution?: PartResolution;
    };

/**
 * A resolution of a single image, which models of 3 and 4 take as `mediaResolution.level`. The API also names a `numTokens` beside it, a "required sequence
 * length"; which numbers a model takes is documented nowhere that we know, and what it then bills neither: it is not sent.
 */
export type PartResolution = NonNullable<RequestConfig['mediaResolution']> | 'MEDIA_RESOLUTION_ULTRA_HIGH';

/** Where the API has the image from: inside the request, a file uploaded before (its URI), or an address that it fetches itself. */
export type ImageSource = { kind: 'inline' } | { kind: 'file'; uri: string } | { kind: 'url'; url: string };

/** All parts of a request, in the order sent. */
export function partsOf({ turns }: GeminiRequest): RequestPart[] {
  return turns.flatMap(({ parts }) => parts);
}

/** The resolution that a request asks for; undefined where its images have different ones. */
export function sentResolution(request: GeminiRequest): MediaResolution | undefined {
  const whole = request.config.mediaResolution;
  const levels = partsOf(request).flatMap((part) => (part.kind === 'image' ? [part.mediaResolution ?? whole] : []));
  const [level, ...others] = new Set(levels.length === 0 ? [whole] : levels);
  if (others.length > 0) return undefined;
  return level === undefined ? 'default' : RESOLUTIONS[level];
}

const RESOLUTIONS = {
  MEDIA_RESOLUTION_LOW: 'low',
  MEDIA_RESOLUTION_MEDIUM: 'medium',
  MEDIA_RESOLUTION_HIGH: 'high',
  MEDIA_RESOLUTION_ULTRA_HIGH: 'ultraHigh',
} as const;

/** The speed that a request asks for. */
export function speedOf({ config }: Pick<GeminiRequest, 'config'>): AskedSpeed {
  return config.serviceTier ?? 'standard';
}

/** The same request at standard speed. */
export function atStandard(request: GeminiRequest): GeminiRequest {
  const { serviceTier: _, ...config } = request.config;
  return { ...request, config };
}

/** The addresses from which Google fetches images of a request. */
export function addressesIn(request: GeminiRequest): string[] {
  return partsOf(request).flatMap((part) => (part.kind === 'image' && part.source.kind === 'url' ? [part.source.url] : []));
}

/** The form that an answer in JSON has to have, as far as it is used. */
export type ResponseSchema =
  | { type: 'STRING' | 'INTEGER' }
  | { type: 'ARRAY'; items: ResponseSchema }
  | { type: 'OBJECT'; properties: Record<string, ResponseSchema>; required: string[]; propertyOrdering: string[] };

export interface RequestConfig {
  responseMimeType?: 'application/json';
  responseSchema?: ResponseSchema;
  mediaResolution?: 'MEDIA_RESOLUTION_LOW' | 'MEDIA_RESOLUTION_MEDIUM' | 'MEDIA_RESOLUTION_HIGH';
  /** 2.5 takes a budget, 3 and later a level; both together are refused by the API. */
  thinkingConfig?: { thinkingBudget: number } | { thinkingLevel: ThinkingLevel };
  systemInstruction?: string;
  safetySettings?: { category: string; threshold: string }[];
  /** Unset for standard. */
  serviceTier?: 'flex';
}
