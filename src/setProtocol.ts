import type { FailureAction, FailureView } from './core/base/failure.ts';
import type { Task } from './core/inspection/inspection.ts';
import type { ConfusionCell } from './core/scoring/objectCells.ts';
import type { SetEvaluation } from './core/scoring/setScorer.ts';
import type { Review, SetCounts, SetPlan, SetRow, SetSpeed } from './core/sets/inspectionSet.ts';
import type { LeftOver } from './core/sets/leftOver.ts';

/** All that the page of a set shows, but for its images. */
export interface SetView {
  /** Of the set; unset while it is planned. */
  id?: string;
  /** Of the folder, for people. Untrusted text: never markup. */
  name: string;
  task: Task;
  /** The words of the user; of a classification, its labels. */
  words: string;
  /** Set where alternative text for documents is wanted. */
  isAltText?: true;
  model: string;
  speed: SetSpeed;
  /** Set while images are looked at; `of` once it is known how many there are. */
  planning?: { done: number; of?: number };
  /** What would be sent; until the set is started. */
  plan?: SetPlan;
  /** Whether images that have this result already are left out. */
  onlyNew: boolean;
  /** What a start takes away, since sets may not take more room: so many sets, of so many bytes together. */
  makesRoom?: { sets: number; bytes: number };
  /** How many images were tried: what the plan forecasts goes by their bill. */
  tried: number;
  isTrying?: true;
  run?: SetRunView;
  /** What the set, or its plan, failed by. */
  failure?: FailureView;
  /** Translations by English text. */
  translations?: Record<string, string>;
}

/** How a set stands that was started. */
export interface SetRunView {
  /** `elsewhere`: another window runs it. `overdue`: its job has not ended in time, or ended without all of its results. */
  state: 'running' | 'stopped' | 'ended' | 'elsewhere' | 'overdue';
  counts: SetCounts;
  /** US dollars so far; unset where no price is known. */
  costUsd?: number;
  /** US dollars when all is done, least and most. */
  forecastUsd?: [number, number];
  /** Images that ended in a minute, lately. */
  perMinute?: number;
  /** Until all is done, at this pace. */
  secondsLeft?: number;
  /** Of a set that is `overdue`: why, and what is left. Untrusted text: never markup. */
  overdue?: LeftOver & { why: string };
}

/** Where the page loads the picture of an image from: a webview URI; empty where there is none. */
export interface Thumbnail {
  key: string;
  src: string;
}

/** How a set agrees with labels. Its places are those of `rows`. */
export interface SetScoreView extends SetEvaluation {
  /** Name of the label file; empty where labels were found in their usual places. Untrusted text: never markup. */
  labels: string;
  /** Images with a result that were not compared: without labels, and with labels that cannot be read. */
  without: number;
  unreadable: number;
}

/** What can be done with a selection by a single key. */
export type Judgement = Exclude<Review, 'corrected'> | 'skipped';

export type ToSetMessage =
  /** After `ready`, and whenever something changed that is not about single images. */
  | { type: 'set'; set: SetView }
  /** All images in their order: once. */
  | { type: 'rows'; rows: readonly SetRow[] }
  /** Images that have changed since. */
  | { type: 'changed'; rows: readonly SetRow[] }
  | { type: 'thumbnails'; thumbnails: readonly Thumbnail[] }
  /** How the set agrees with labels; without `score` it is not known, or not looked at any more. */
  | { type: 'score'; score?: SetScoreView };

export type FromSetMessage =
  /** The page has loaded; the answers are `set` and `rows`. */
  | { type: 'ready' }
  | { type: 'onlyNew'; on: boolean }
  /** Runs three images, to know better what all will cost. */
  | { type: 'tryFirst'; speed: SetSpeed }
  | { type: 'start'; speed: SetSpeed }
  | { type: 'cancel' }
  /** Goes on with what is left, at another speed or the same. `again`: also with what may have been billed, of which the user was told. */
  | { type: 'continue'; speed: SetSpeed; again?: true }
  /** Asks again for all images that failed, or were cancelled; the user was told how many of them may have been billed. */
  | { type: 'retry'; state: 'failed' | 'cancelled' }
  | { type: 'review'; keys: readonly string[]; verdict: Judgement }
  /** The pictures of which images are wanted now, the most urgent first; in place of those that were asked for before. */
  | { type: 'thumbnails'; keys: readonly string[] }
  /** Opens an image in the inspector. `order`: the images that are listed, as they are listed; `cell`: whose objects are looked at; `corrects`: to correct it, and to come back. */
  | { type: 'open'; key: string; order: readonly string[]; cell?: ConfusionCell; corrects?: true }
  /** Compares the results with labels; the host asks where they are, and the answer is `score`. */
  | { type: 'score' }
  | { type: 'closeScore' }
  /** Renames labels over the set, or merges them; the host asks how, and shows what would change. `label`: with which that begins. */
  | { type: 'rename'; label?: string }
  /** Results as files, of the images with these keys; of all without. */
  | { type: 'export'; keys?: readonly string[] }
  /** Shows what the alternative texts would change in documents. */
  | { type: 'previewAltTexts' }
  /** A button of a message. */
  | { type: 'act'; action: FailureAction };
