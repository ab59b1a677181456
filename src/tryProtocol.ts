import type { FailureAction, FailureView } from './core/base/failure.ts';
import type { Trial, TrialFigures, TrialMeasure } from './core/scoring/trials.ts';
import type { MediaResolution } from './core/usage/tokens.ts';

/** Tasks whose results can be measured. */
export type TriedTask = 'detect' | 'segment';

/** What is to be tried: each of the models at each of the resolutions with each of the words. */
export interface TryChoice {
  task: TriedTask;
  models: readonly string[];
  resolutions: readonly MediaResolution[];
  /** Empty words: all prominent objects. */
  queries: readonly string[];
}

/** A trial with what it came to. */
export interface TryRow extends Trial, TrialFigures {
  /** True where the settings have its model and resolution. */
  isUsed: boolean;
}

/** All that the page of Try Models shows. */
export interface TryView {
  images: number;
  /** Those of them that have labels. */
  labeled: number;
  models: readonly { id: string; price: string; about: string }[];
  resolutions: readonly { value: MediaResolution; name: string }[];
  /** Saved prompts of each task. */
  prompts: readonly { name: string; task: string; query: string }[];
  choice: TryChoice;
  /** What all requests come to; `costUsd`: least and most of those whose model has a known price. */
  forecast: { requests: number; costUsd: [number, number]; unpriced: readonly string[] };
  /** Requests that have ended, and all, once it runs or has run. */
  run?: { done: number; of: number; isRunning: boolean };
  results?: { measure: TrialMeasure; rows: readonly TryRow[] };
  failure?: FailureView;
  /** Translations by English text. */
  translations?: Record<string, string>;
}

export type ToTryMessage = { type: 'view'; view: TryView };

export type FromTryMessage =
  | { type: 'ready' }
  | { type: 'choose'; choice: TryChoice }
  | { type: 'run' }
  | { type: 'cancel' }
  /** Makes the model and resolution of a row those of the settings, and its words those of the next prompt. */
  | { type: 'use'; row: number }
  /** A button of a message. */
  | { type: 'act'; action: FailureAction };
