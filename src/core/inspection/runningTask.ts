import type { FailureView } from '../base/failure.ts';
import type { Detection, Task } from './inspection.ts';

/** A task at work, at one moment: its progress is one such value after the other. */
export interface RunningTask {
  readonly task: Task;
  readonly prompt: string;
  /** Addresses of the images it is about. */
  readonly images: readonly string[];
  /** The id of the run that a question follows. */
  readonly follows?: string;
  readonly model: string;
  readonly phase: 'preparing' | 'uploading' | 'waiting' | 'thinking' | 'receiving' | 'retrying' | 'masking';
  /** In the phase `uploading`: percent of the bytes to be uploaded that have gone out. */
  readonly uploaded?: number;
  /** In the phase `masking`, in which the mask engine is asked for each object: how many objects it has been asked for. */
  readonly masks?: { done: number; of: number };
  /** In the phase `retrying`: why and until when it waits. */
  readonly retry?: {
    failure: FailureView /** When the wait began and ends, in milliseconds since 1970. */;
    from: number;
    until: number /** The attempt to come. */;
    attempt: number;
    attempts: number;
  };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** When the request went out, in milliseconds since 1970; unset before, while images are prepared and consent is asked for. */
  readonly sentAt?: number;
  /** Where the request is made several times: how many have been answered. */
  readonly repeat?: { done: number; of: number };
  /** Output tokens so far, by the API's own count or estimated from the text. */
  readonly outputTokens?: number;
  /** What has arrived whole so far. */
  readonly detections: readonly Detection[];
  readonly text: string;
}
