import type { ReportedLife } from '../models/reportedLife.ts';
import type { Speed } from '../models/speed.ts';
import type { Usage } from './usage.ts';

/** What came back, freed of the API's envelope. */
export interface GeminiReply {
  /** The answer without thoughts; empty if there was none. */
  text: string;
  finishReason?: string;
  /** Why the prompt was refused, if it was: `promptFeedback.blockReason`. */
  blockReason?: string;
  /** What the API adds to the end or the refusal in its own words: `finishMessage` or `blockReasonMessage`. */
  endMessage?: string;
  /** Categories that were blocked, by the API's own words. */
  blockedCategories: string[];
  modelVersion?: string;
  /** What it says of the life of the model that has answered. */
  modelStatus?: ReportedLife;
  usage?: Usage;
  /** The service tier that has answered, by its own word. */
  speed?: Speed;
  /** True where the bill tells kinds of input tokens apart, and images are not among them. */
  billsNoImage?: true;
  /** True if the connection ended before the reply did; the text is what had come. */
  cut: boolean;
  /** What ended it on this side, where that was not the connection. */
  cutBy?: 'cancelled' | 'timeout';
}
