/** What a task found out about one or more images. Plain JSON: returned by commands, stored, exported and sent to the webview. */
export interface Inspection {
  version: 1;
  id: string;
  task: Task;
  /** ISO 8601 */
  createdAt: string;
  /** The words of the user, empty if there were none. */
  prompt: string;
  /** The model that was asked; empty where none was. */
  model: string;
  /** The model that answered, by its own word. */
  modelVersion?: string;
  /** Where it comes from; unset: from Gemini, asked here. */
  source?: 'gemini' | 'pasted' | 'file' | 'person';
  images: InspectedImage[];
  /** From the request to the end of its answer. */
  seconds?: number;
  /** In which it was asked for; unset where images had different ones. */
  mediaResolution?: 'default' | 'low' | 'medium' | 'high' | 'ultraHigh';
  /** The service tier that has answered. */
  speed?: 'standard' | 'flex' | 'priority' | 'batch';
  /** The one that was asked for, where another has answered. */
  askedSpeed?: 'standard' | 'flex';
  /** What was sent besides the images. */
  request?: SentRequest;
  /** Of an `ask` that carries on a conversation: the id of the run before it, an `ask` or a `compare`. */
  follows?: string;
  /** Ids of the inspections from which this one was made: whose objects it has checked or corrected, or of which it is the consensus. */
  basedOn?: string[];
  /** Of a `segment` whose masks an engine of their own was asked for. */
  maskEngine?: MaskEngineUse;
  /** Plain: an answer in Markdown without its marks, which `raw` keeps. */
  text?: string;
  labels?: { label: string; confidence?: number }[];
  detections?: Detection[];
  /** Parts of the reply that could not be used, and why. */
  dropped: Dropped[];
  tokens: TokenUse;
  /** The API's own word, such as STOP, MAX_TOKENS or SAFETY. */
  finishReason?: string;
  /** What the API adds to it in its own words. */
  finishMessage?: string;
  /** What broke the answer off before its end; what had come by then is kept, and the bill is not known. */
  brokenOff?: 'cancelled' | 'timeout' | 'connection';
  /** False if finishReason is not STOP or the reply's JSON ends unfinished. */
  complete: boolean;
  /** The answer as it came, without thoughts. */
  raw: string;
}

/** In the order of their keys; `compare` has none. */
export const TASKS = ['caption', 'readText', 'classify', 'detect', 'segment', 'ask', 'compare'] as const;
export type Task = (typeof TASKS)[number];

/** True for what a model was asked here: something was sent, and may have cost something. A consensus was made of what had been asked. */
export function wasAsked(run: Pick<Inspection, 'source' | 'basedOn'>): boolean {
  return (run.source ?? 'gemini') === 'gemini' && !isConsensus(run);
}

/** True for what several runs agree on. */
export function isConsensus({ source = 'gemini', basedOn = [] }: Pick<Inspection, 'source' | 'basedOn'>): boolean {
  // Earlier versions stored it as one of a person.
  return (source === 'gemini' || source === 'person') && basedOn.length > 1;
}

export function isTask(value: unknown): value is Task {
  return TASKS.some((task) => task === value);
}

export interface InspectedImage {
  /** Of a URL image: its address without credentials. */
  uri: string;
  /** Of the source's bytes, hexadecimal. */
  sha256: string;
  mimeType: string;
  /** Upright pixels. */
  width: number;
  height: number;
  /** Unset where nothing was sent; the first of `parts`, if there are some. */
  sent?: SentBody;
  /** Where parts of it were sent, each as a picture of its own: in the order sent, each with its `region`. */
  parts?: SentBody[];
}

/** An image of which something was sent. */
export type ImageAsSent = InspectedImage & { sent: SentBody };

/** The exact body sent, with the size as stored in it. `bytes` is 0 via `url`. `region`: the part that was sent, `redactions`: what was blacked out in it, in fractions of the upright image. */
export interface SentBody {
  mimeType: string;
  width: number;
  height: number;
  bytes: number;
  via: 'inline' | 'file' | 'url';
  region?: Box;
  redactions?: Box[];
}

/** What was sent besides the images: never a key, nor the address of an upload. */
export interface SentRequest {
  /** An http(s) address. */
  destination: string;
  /** All words in their order, as they were sent. */
  texts: { from: 'user' | 'model' | 'system'; text: string }[];
  /** True where long texts are cut here; they were sent whole. */
  cut?: true;
  /** How far the model was to think, where that is known. */
  thinking?: SentThinking;
}

/** A level of the API, such as `LOW`, which may be the model's own default; or a budget in tokens, 0 for none. */
export type SentThinking = { level: string; isDefault?: true } | { budget: number };

export interface Dropped {
  /** Place in the reply, from 0. */
  index: number;
  /** For people. */
  reason: string;
  /** The part itself, as it came (cut after 2,000 characters). */
  raw: string;
}

/** What a mask engine has done for a result. What it costs is not part of the result's tokens. */
export interface MaskEngineUse {
  model: string;
  /** That were answered. */
  calls: number;
  /** Objects that have no mask of it, by their ids, and why, for people. */
  without: { id: string; reason: string }[];
}

export interface TokenUse {
  /** Image tokens, estimated before sending. */
  estimated: number;
  counted?: number;
  /** With what was cached. */
  prompt?: number;
  /** Of `prompt`: what the API had from requests before, for a part of the price. */
  cached?: number;
  /** Image tokens as billed: the IMAGE entry of `usageMetadata`; 0 where it has entries, and none for images. */
  image?: number;
  output?: number;
  thoughts?: number;
  /** What tools of the API put before the model: billed as input. */
  toolUse?: number;
  total?: number;
  costUsd?: number;
}

export interface Detection {
  /** The place of the object in the reply, from 1, as a string: the number that people see. */
  id: string;
  /** Empty where the reply has none. */
  label: string;
  imageIndex: number;
  /** Fractions 0..1 of the upright image. */
  box: Box;
  /** Pixels of the upright image; edges = trunc(value / 1000 * size), inside the image. */
  pixelBox: Box;
  mask?: Mask;
  /** Why a mask that was sent could not be read; box and label are kept. */
  maskProblem?: string;
  confidence?: number;
  /** A person has looked at it and found it right. */
  accepted?: true;
  /** Stands for many objects that nobody has told apart: out of labels. */
  crowd?: true;
  /** Fractions of the image; the box then has size 0 there. */
  point?: { x: number; y: number };
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Mask =
  /** The model's own map, unthresholded, in its own size, to be stretched over the box. `png`: base64 without prefix. */
  | { kind: 'bitmap'; width: number; height: number; png: string }
  /** [x, y] in fractions of the image. */
  | { kind: 'polygon'; points: [number, number][] };
