import { InspectorError } from '../core/failure.ts';
import type { Detection, Task } from '../core/inspection.ts';
import { createDetectionReader, type DetectionContext } from '../core/reply/detections.ts';
import { readText } from '../core/reply/text.ts';
import type { GeminiReply, GeminiRequest, ImageSource } from '../core/request.ts';
import { waysOf } from '../core/transfer.ts';
import type { Progress } from '../gemini/gemini.ts';
import type { RunningTask } from '../protocol.ts';
import type { Follower } from './sender.ts';

/** Turns the pieces of an answer into what the page shows while it comes: whole objects only, or the words so far. */
export class ReplyFollower implements Follower {
  readonly #running: RunningTask;
  readonly #reader: { add(delta: string): Detection[] } | undefined;
  readonly #onProgress: (running: RunningTask) => void;
  #text = '';
  #ways: ReadonlyMap<number, ImageSource['kind']> = new Map();

  constructor(task: Task, context: DetectionContext, running: RunningTask, onProgress: (running: RunningTask) => void) {
    this.#running = running;
    this.#reader = task === 'detect' || task === 'segment' ? createDetectionReader(context) : undefined;
    this.#onProgress = onProgress;
  }

  uploading(share: number): void {
    const percent = Math.floor(100 * share);
    if (this.#running.phase === 'uploading' && this.#running.uploaded === percent) return;
    this.#running.phase = 'uploading';
    this.#running.uploaded = percent;
    this.#onProgress(this.#running);
  }

  sent(request: GeminiRequest): void {
    this.#ways = waysOf(request);
    this.#running.phase = 'waiting';
    this.#onProgress(this.#running);
  }

  /** How the image of that place went; inside the request where nothing went. */
  wayOf(image: number): ImageSource['kind'] {
    return this.#ways.get(image) ?? 'inline';
  }

  progress({ text, delta, thinking, outputTokens }: Progress): void {
    this.#text = text;
    this.#running.phase = text !== '' ? 'receiving' : thinking ? 'thinking' : 'waiting';
    if (outputTokens !== undefined) this.#running.outputTokens = outputTokens;
    if (this.#reader === undefined) this.#running.text = readText(text);
    else this.#running.detections.push(...this.#reader.add(delta));
    this.#onProgress(this.#running);
  }

  /** What had come whole before the task was cancelled or given up, as a reply that was cut; undefined when there is nothing to keep. */
  keptAfter(error: unknown): GeminiReply | undefined {
    const ended = error instanceof InspectorError && (error.reason === 'cancelled' || error.reason === 'timeout');
    const something = this.#running.detections.length > 0 || this.#running.text !== '';
    return ended && something ? { text: this.#text, blockedCategories: [], cut: true } : undefined;
  }
}
