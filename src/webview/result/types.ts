import type { FailureView } from '../../core/base/failure.ts';
import type { LabelStyle } from '../../core/drawing/palette.ts';
import type { ImageDifference } from '../../core/inspection/imageDifference.ts';
import type { Box, Detection, Inspection, Task } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import type { Evaluation } from '../../core/scoring/evaluation.ts';
import type { SessionImage } from '../../protocol.ts';

/** An object with the style of its label. */
export interface StyledObject {
  detection: Detection;
  style: LabelStyle;
  /** Of one that was made of several results. */
  compared?: ComparedObject;
}

/** Where an object comes from that stands for one or two of compared runs, and how it is told from others. */
export interface ComparedObject {
  run: string;
  /** The id in that run. */
  id: string;
  /** What people see as its number. */
  number: string;
  /** In how many runs of a series it was found. */
  found?: number;
  /** In place of the size in the list. */
  value: string;
  /** Its label in the other run, where that is another one. */
  was?: string;
  screenReaderText: string;
  /** Where it was in the other run, in fractions of the image. */
  earlier?: Box;
  /** Opacity of its lines while nobody points at it, 0..1. */
  strength: number;
  /** Whether its name stands at it. */
  tagged: boolean;
}

/** What the page shows: the task at work before everything else, else the chosen run, else nothing. */
export interface ShownResult {
  /** Tells one result from another. */
  key: string;
  task: Task | undefined;
  prompt: string;
  running: RunningTask | undefined;
  run: Inspection | undefined;
  /** The images that it is about, in the order sent; one unless it compares. */
  images: readonly SessionImage[];
  /** In the order of the reply. */
  objects: readonly StyledObject[];
  /** The same by image. */
  objectsIn: readonly (readonly StyledObject[])[];
  /** Of a text that was read: its lines with their places, in reading order. */
  lines: readonly Detection[];
  text: string | undefined;
  /** Of a conversation: what was asked and answered, oldest first, up to and with `run`. */
  thread: readonly Inspection[];
  /** Where runs are compared: how. `objects` then stand for those of both. */
  compared?: Compared;
  /** Of an answer in words: the run whose objects it may name; `objects` are those that it does. */
  grounding?: Inspection;
}

/** Which of two is seen. */
export type Side = 'a' | 'b' | 'both';

/**
 * How several pictures stand: as they are largest, beside each other, one above the other, one over the other with a divider; or the changes between two
 * of them.
 */
export type PictureMode = 'auto' | 'side' | 'above' | 'swipe' | 'difference';

/** What is known of the changes between two pictures. */
export type PictureDifference =
  | { state: 'comparing' }
  | { state: 'failed'; problem: FailureView }
  /** `pixels`: a picture of those that differ, and where it lies, in pixels of the newer picture. */
  | { state: 'known'; difference: ImageDifference; pixels?: { src: string; box: Box } };

export type Comparing =
  /** Two runs by their ids. */
  | { kind: 'runs'; a: string; b: string; side: Side /** Against labels: only what is wrong. */; mistakes?: boolean }
  /** All runs that asked what this one asked. */
  | { kind: 'series'; run: string };

export const KINDS = ['added', 'lost', 'renamed', 'moved', 'same', 'wrong', 'missed', 'right'] as const;

export type Kind = (typeof KINDS)[number];

/** What a comparison of runs came to. */
export interface Compared {
  /** Two runs, A and B; or all of a series. */
  runs: readonly Inspection[];
  kind: Comparing['kind'];
  /** Such as "3 added · 1 lost"; of texts empty. */
  summary: string;
  /** Of a run against the labels of its image. */
  evaluation?: Evaluation;
  /** Objects of two runs by what became of them. */
  groups?: readonly { kind: Kind; objects: readonly StyledObject[] }[];
}
