import type { InspectorError } from '../../core/base/failure.ts';
import type { GeminiRequest } from '../../core/request/request.ts';
import type { Gemini, Progress } from '../../gemini/api/api.ts';
import type { OutgoingRequest, Permit, SendOutcome } from './outgoing.ts';
import type { RetryWait } from './retry.ts';
import type { Uploads } from './uploads.ts';

/** What the sender needs from outside. */
export interface SenderOptions {
  /** Asked in turn before any image leaves. */
  permits: readonly Permit[];
  destination: () => string;
  key: () => Promise<string | undefined>;
  /** `silence`: milliseconds that the connection has to bear, since the sender itself waits so long. */
  connect: (key: string, destination: string, silence: number) => Promise<Gemini>;
  uploads: () => Promise<Uploads>;
  /** Milliseconds without a sign of life after which a request is given up. */
  timeout: () => number;
  /** Asks whether a request that flex has no room for goes out at standard speed, for the full price. Never asked for a program; unset: it never does. */
  standardInstead?: (outgoing: OutgoingRequest, failure: InspectorError) => Promise<boolean>;
  /** Called for each request that is permitted, before it goes out; sending waits for it. */
  begin: (outgoing: OutgoingRequest) => Promise<void>;
  /** Called at the end of each request that permits were asked for. */
  recordUsage: (outgoing: OutgoingRequest, outcome: SendOutcome) => Promise<void>;
  /** Writes a line to the log, about a wait or a request without an image; tasks write their own. */
  log: (line: string) => void;
}

/** Follows the progress of a request. */
export interface Follower {
  /** The share of the images to be uploaded that has gone out, from 0 to 1. */
  uploading: (share: number) => void;
  /** Awaited before each attempt goes out. */
  leaving?: () => Promise<void>;
  /** The request goes out, as it is then: with the addresses of uploaded images. */
  sent: (request: GeminiRequest, destination: string) => void;
  /** What went out brought nothing: another attempt follows after the wait. */
  waiting: (wait: RetryWait) => void;
  progress: (progress: Progress) => void;
}
