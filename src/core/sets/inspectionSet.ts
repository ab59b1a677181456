import type { FailureReason } from '../base/failure.ts';
import type { Inspection, Task } from '../inspection/inspection.ts';
import type { AltTextPlace } from '../request/prompts.ts';
import type { MediaResolution } from '../usage/tokens.ts';

/** How the images of a set are asked for: each in a request of its own, at once or when there is room, or all by a job that may take a day. */
export const SET_SPEEDS = ['standard', 'flex', 'batch'] as const;

export type SetSpeed = (typeof SET_SPEEDS)[number];

/** Where an image of a set stands. It is in exactly one of these at any moment. */
export type ItemState = 'waiting' | 'prepared' | 'sent' | 'done' | 'failed' | 'skipped' | 'cancelled';

/** What a person said of a result. */
export type Review = 'accepted' | 'rejected' | 'corrected';

/** What is asked of each image of a set; everything that a setting could change later is written down. */
export interface SetTask {
  task: Task;
  query: string;
  labels?: readonly string[];
  model: string;
  mediaResolution: MediaResolution;
  /** Pixels of the longer side; 0: as it is. */
  maxDimension: number;
  speed: SetSpeed;
}

/** What a set will cost and take at one speed. A speed that the backend lacks has no forecast. */
export interface SpeedForecast {
  speed: SetSpeed;
  inputTokens: number;
  /** US dollars, least and most; unset where the model has no known price. */
  costUsd?: [number, number];
  /** Least and most. */
  hours: [number, number];
}

/** What would be sent, and what not. */
export interface SetPlan {
  images: number;
  new: number;
  done: number;
  excluded: number;
  unsupported: number;
  broken: number;
  duplicates: number;
  speeds: SpeedForecast[];
}

/** How many images stand where; `waiting` are also those that are prepared or sent. */
export interface SetCounts {
  waiting: number;
  done: number;
  failed: number;
  skipped: number;
  cancelled: number;
}

/** A set as programs get it. */
export interface SetResult {
  version: 1;
  id: string;
  task: Task;
  speed: SetSpeed;
  ended: boolean;
  counts: SetCounts;
  tokens: { estimated: number; billed: number };
  costUsd?: number;
  /** Address of an ndjson file: one `SetLine` a line. */
  results: string;
}

/** One image of a set, with its result. */
export interface SetLine {
  /** Path below the set's folder, with "/" between. */
  key: string;
  uri: string;
  sha256: string;
  state: 'done' | 'failed' | 'skipped' | 'cancelled';
  reason?: FailureReason;
  message?: string;
  inspection?: Inspection;
  review?: Review;
  /** The place for which alternative text was wanted. */
  altText?: AltTextPlace;
}

/** What a list of a set's images shows of a result. */
export interface RowResult {
  /** Objects by label, where there is a result with objects or labels. */
  labels?: Record<string, number>;
  /** Objects found. */
  count?: number;
  /** The lowest confidence of an object, 0..1. */
  confidence?: number;
  /** The beginning of a text, in a single line. */
  text?: string;
}

/** What a list of a set's images shows of one of them, without its result. */
export interface SetRow extends RowResult {
  key: string;
  uri: string;
  state: ItemState;
  reason?: FailureReason;
  message?: string;
  review?: Review;
  /** True where an answer may have been billed that is not here: to ask again may be billed twice. */
  mayBeBilled?: true;
}

/** The place of an image among those of a set that Next and Previous go through. */
export interface PlaceInSet {
  /** From 0. */
  at: number;
  of: number;
  review?: Review;
  /** It is to be shown against its labels: ids of two runs, and of the objects that are looked at, all if unset. `id` tells one such wish from the next. */
  scored?: { id: number; labels: string; run: string; objects?: { found: string[]; truth: string[] } };
}

/** An image that lacks alternative text, and the first place of a document that uses it. */
export interface AltImage {
  uri: string;
  altText: AltTextPlace;
}

/** What somebody asks for over a folder or many images. */
export interface SetCall {
  /** Addresses of folders and images; with `altTexts`, of the documents that use those, and of folders of such documents. */
  uris: readonly string[];
  /** Alternative text of these is wanted, in place of the task on what is in `uris`. */
  altTexts?: readonly AltImage[];
  task: Task;
  query: string;
  labels?: readonly string[];
  /** As the settings say where these are unset. */
  model?: string;
  mediaResolution?: string;
  maxDimension?: number;
  /** True where what has a result of the same content, task, words, model and resolution is left out. */
  onlyNew: boolean;
  /** A glob of keys. */
  include?: string;
  /** Images at most, the first by their keys. */
  limit?: number;
  /** US dollars at most. */
  maxUsd?: number;
}
