/** What a test tells the stand-in to answer. */
export type ScriptedAnswer = ReplyAnswer | StatusAnswer | RawAnswer | DropAnswer;

/** Without any of these the answer goes out at once. */
interface Timing {
  delayMs?: number;
  /** The answer waits for this promise: before its headers, or where `holdAfterChunks` says. */
  hold?: Promise<void>;
}

/** For answers of several pieces: the events of a stream. */
interface Pieces extends Timing {
  /** So many pieces are sent before the answer waits for `hold`. */
  holdAfterChunks?: number;
  /** The connection breaks after so many pieces; a reply in one piece breaks in its middle. */
  cutAfterChunks?: number;
}

/** A reply of the model. Everything is optional: `{}` is an empty reply. */
export interface ReplyAnswer extends Pieces {
  text?: string;
  /** The pieces of a stream; `text` is then not needed. By default a stream cuts `text` in several. */
  chunks?: readonly string[];
  /** A summary of thoughts, sent before the answer. */
  thoughts?: string;
  /** Parts as they stand on the wire, instead of `text`. */
  parts?: readonly object[];
  /** Default: STOP */
  finishReason?: string;
  finishMessage?: string;
  safetyRatings?: readonly object[];
  /** A blocked prompt: `{ blockReason: 'SAFETY' }`. There are then no candidates. */
  promptFeedback?: object;
  /** Instead of the `usageMetadata` computed from the request. */
  usage?: object;
  /** Default: the model asked. */
  modelVersion?: string;
  /** The tier that answers. Default: the one asked. */
  serviceTier?: string;
  /** What it says of the life of the model: `{ modelStage, retirementTime }`. */
  modelStatus?: object;
  /** Fields the reply does without. */
  omit?: readonly ('parts' | 'content' | 'candidates' | 'usageMetadata')[];
  /** The reply is deliberately not what the API documents: it is not checked. */
  odd?: boolean;
}

/** A status and a body as they are; `errors.ts` has those of the API's errors. */
export interface StatusAnswer extends Timing {
  status: number;
  body: object | string;
  headers?: Readonly<Record<string, string>>;
}

/** A body as it is, with status 200. Several pieces are sent one after the other. */
export interface RawAnswer extends Pieces {
  raw: string | readonly (string | Buffer)[];
  /** Default: application/json, or text/event-stream for a stream. */
  contentType?: string;
}

/** The connection is reset before any header. */
export interface DropAnswer extends Timing {
  drop: true;
}
