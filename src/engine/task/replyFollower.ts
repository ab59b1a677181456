import { failureView, InspectorError } from '../../core/base/failure.ts';
import type { Detection, SentRequest, Task } from '../../core/inspection/inspection.ts';
import type { RunningTask } from '../../core/inspection/runningTask.ts';
import type { AskedSpeed } from '../../core/models/speed.ts';
import { splitAnswer } from '../../core/reply/answerWithBoxes.ts';
import { createDetectionReader, type DetectionContexts } from '../../core/reply/detections.ts';
import { textSoFar } from '../../core/reply/lines.ts';
import { type GeminiRequest, type ImageSource, speedOf } from '../../core/request/request.ts';
import { sentRequest, thinkingOf } from '../../core/request/sentWords.ts';
import { waysOf } from '../../core/request/transfer.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import type { Progress } from '../../gemini/api/api.ts';
import type { RetryWait } from '../sending/retry.ts';
import type { Follower } from '../sending/senderOptions.ts';

/** Tasks whose answer holds objects. */
const WITH_OBJECTS: readonly Task[] = ['detect', 'segment', 'compare', 'caption', 'ask', 'readText'];

/** What is shown of the words of an answer while they come, by task; undefined where there is nothing to read before the end. */
const WORDS: Partial<Record<Task, (text: string, lines: readonly Detection[]) => string>> = {
  caption: wordsSoFar,
  ask: wordsSoFar,
  readText: textSoFar,
  compare: wordsSoFar,
};

/** Without the list of boxes that follows them. */
function wordsSoFar(text: string): string {
  return splitAnswer(text, false).text;
}

/** Words are shown at most so often while they come, in milliseconds: each time they are read anew. */
const WORDS_EVERY_MS = 100;
/** Of a longer answer only the beginning is shown while it comes, in characters. */
const MOST_WORDS = 400_000;

/** Turns the pieces of an answer into what the page shows while it comes: whole objects only, or the words so far. */
export class ReplyFollower implements Follower {
  readonly #task: Task;
  #running: RunningTask;
  readonly #createReader: () => { add(delta: string): Detection[] } | undefined;
  #reader: { add(delta: string): Detection[] } | undefined;
  readonly #onProgress: (running: RunningTask) => void;
  #text = '';
  /** When words were last read, in milliseconds since 1970, and the reading that is to come. */
  #wordsAt = 0;
  #wordsTimer: ReturnType<typeof setTimeout> | undefined;
  #sentAt: number | undefined;
  #endedAt: number | undefined;
  #speed: AskedSpeed | undefined;
  #request: SentRequest | undefined;
  #ways: ReadonlyMap<number, ImageSource['kind']> = new Map();

  constructor(task: Task, contexts: DetectionContexts, running: RunningTask, onProgress: (running: RunningTask) => void) {
    this.#task = task;
    this.#running = running;
    this.#createReader = () => (WITH_OBJECTS.includes(task) ? createDetectionReader(...contexts) : undefined);
    this.#reader = this.#createReader();
    this.#onProgress = onProgress;
  }

  uploading(share: number): void {
    const percent = Math.floor(100 * share);
    if (this.#running.phase === 'uploading' && this.#running.uploaded === percent) return;
    this.#report({ phase: 'uploading', uploaded: percent });
  }

  sent(request: GeminiRequest, destination: string): void {
    this.#request = sentRequest(request, destination, thinkingOf(request, new Date()));
    this.#sentAt = Date.now();
    this.#endedAt = undefined;
    this.#speed = speedOf(request);
    this.#ways = waysOf(request);
    this.#report({ phase: 'waiting', sentAt: this.#sentAt });
  }

  /** Another attempt begins with nothing. */
  waiting({ failure, attempt, attempts, seconds }: RetryWait): void {
    const from = Date.now();
    this.end();
    this.#reader = this.#createReader();
    this.#text = '';
    const { outputTokens: _, ...running } = this.#running;
    this.#running = running;
    const retry = { failure: failureView(failure), from, until: from + seconds * 1000, attempt, attempts };
    this.#report({ phase: 'retrying', retry, detections: [], text: '' });
  }

  /** How the image of that place went; inside the request where nothing went. */
  wayOf(image: number): ImageSource['kind'] {
    return this.#ways.get(image) ?? 'inline';
  }

  progress({ text, delta, thinking, outputTokens }: Progress): void {
    const before = this.#running.phase;
    this.#text = text;
    const found = this.#reader?.add(delta) ?? [];
    this.#change({
      phase: text !== '' ? 'receiving' : thinking ? 'thinking' : 'waiting',
      ...(outputTokens === undefined ? {} : { outputTokens }),
      ...(found.length === 0 ? {} : { detections: [...this.#running.detections, ...found] }),
    });
    if (WORDS[this.#task] === undefined) this.#onProgress(this.#running);
    else if (found.length > 0 || this.#running.phase !== before) this.#showWords();
    else this.#wordsTimer ??= setTimeout(() => this.#showWords(), Math.max(0, this.#wordsAt + WORDS_EVERY_MS - Date.now()));
  }

  /** From the request to the end of its answer; undefined where nothing went out. */
  get seconds(): number | undefined {
    return this.#sentAt === undefined ? undefined : ((this.#endedAt ?? Date.now()) - this.#sentAt) / 1000;
  }

  /** What went out besides the images; undefined where nothing went out. */
  get request(): SentRequest | undefined {
    return this.#request;
  }

  /** The speed that was asked for in the end; undefined where nothing went out. */
  get speed(): AskedSpeed | undefined {
    return this.#speed;
  }

  /** The answer is there, and the mask engine is asked about its objects. */
  masking(done: number, of: number): void {
    this.#report({ phase: 'masking', masks: { done, of } });
  }

  /** No more words come. */
  end(): void {
    this.#endedAt = Date.now();
    clearTimeout(this.#wordsTimer);
    this.#wordsTimer = undefined;
  }

  #showWords(): void {
    this.end();
    this.#wordsAt = Date.now();
    this.#readWords();
    this.#onProgress(this.#running);
  }

  #readWords(): void {
    this.#running = { ...this.#running, text: WORDS[this.#task]?.(this.#text.slice(0, MOST_WORDS), this.#running.detections) ?? '' };
  }

  /** Every report is a value of its own; only what waits tells for what. */
  #report(change: Partial<RunningTask>): void {
    this.#change(change);
    this.#onProgress(this.#running);
  }

  #change(change: Partial<RunningTask>): void {
    const { retry: _, ...running } = this.#running;
    this.#running = { ...running, ...change };
  }

  /** What had come whole before the task was cancelled or given up, as a reply that was cut; undefined when there is nothing to keep. */
  keptAfter(error: unknown): GeminiReply | undefined {
    this.#readWords();
    const reason = error instanceof InspectorError ? error.reason : undefined;
    const { detections, text } = this.#running;
    const something = detections.length > 0 || text !== '' || (this.#task === 'classify' && this.#text !== '');
    if (!something || (reason !== 'cancelled' && reason !== 'timeout')) return undefined;
    return { text: this.#text, blockedCategories: [], cut: true, cutBy: reason };
  }
}
