import type { FailureView } from '../base/failure.ts';
import type { Detection, Task } from './inspection.ts';

/** A task at work. */
export interface RunningTask {
  task: Task;
  prompt: string;
  /** Addresses of the images it is about. */
  images: string[];
  /** The id of the run that a question follows. */
  follows?: string;
  model: string;
  phase: 'preparing' | 'uploading' | 'waiting' | 'thinking' | 'receiving' | 'retrying';
  /** In the phase `uploading`: percent of the bytes to be uploaded that have gone out. */
  uploaded?: number;
  /** In the phase `retrying`: why and until when it waits. */
  retry?: {
    failure: FailureView /** When the wait began and ends, in milliseconds since 1970. */;
    from: number;
    until: number /** The attempt to come. */;
    attempt: number;
    attempts: number;
  };
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Where the request is made several times: how many have been answered. */
  repeat?: { done: number; of: number };
  /** Output tokens so far, by the API's own count or estimated from the text. */
  outputTokens?: number;
  /** What has arrived whole so far. */
  detections: Detection[];
  text: string;
}
