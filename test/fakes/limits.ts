import { flexShed, rateLimited, resourceExhausted } from './errors.ts';
import type { ReceivedRequest } from './receivedRequest.ts';
import type { ScriptedAnswer } from './script.ts';

/** How the flex tier behaves. */
export interface Flex {
  /** So many requests to come are shed; Infinity: all. */
  shed: number;
  /** With what: no room, or no quota. */
  status: 429 | 503;
  /** Milliseconds that an answer takes longer. */
  delayMs: number;
  /** The standard tier answers in its place, in silence. */
  isDowngraded: boolean;
}

export const PLAIN_FLEX: Readonly<Flex> = { shed: 0, status: 503, delayMs: 0, isDowngraded: false };

/** At most so many requests for content in a window of time; undefined: as many as come. */
export interface RateLimit {
  requests: number;
  windowMs: number;
}

/** What keeps a request that is right from being answered at once. */
export class Limits {
  flex: Flex = { ...PLAIN_FLEX };
  rate: RateLimit | undefined;
  #times: number[] = [];

  /** Counts the request, and refuses it where it is one too many. */
  refuse({ endpoint, body, model }: ReceivedRequest, now: number): ScriptedAnswer | undefined {
    if (endpoint !== 'generateContent' && endpoint !== 'streamGenerateContent') return undefined;
    if (body?.serviceTier === 'flex' && this.flex.shed > 0) {
      this.flex.shed -= 1;
      return this.flex.status === 503 ? flexShed() : resourceExhausted();
    }
    if (!this.rate) return undefined;
    const { requests, windowMs } = this.rate;
    this.#times = this.#times.filter((time) => time > now - windowMs);
    const [oldest = now] = this.#times;
    if (this.#times.length >= requests) return rateLimited((oldest + windowMs - now) / 1000, model, requests);
    this.#times.push(now);
    return undefined;
  }

  /** The answer as the tier that was asked gives it. */
  delayed(answer: ScriptedAnswer, { body }: ReceivedRequest): ScriptedAnswer {
    if (body?.serviceTier !== 'flex') return answer;
    const { delayMs, isDowngraded } = this.flex;
    const slow = delayMs > 0 ? { delayMs: (answer.delayMs ?? 0) + delayMs } : {};
    return { ...answer, ...slow, ...(isDowngraded && isReply(answer) ? { serviceTier: 'standard' } : {}) };
  }

  reset(): void {
    this.flex = { ...PLAIN_FLEX };
    this.rate = undefined;
    this.#times = [];
  }
}

function isReply(answer: ScriptedAnswer): boolean {
  return !('status' in answer || 'raw' in answer || 'drop' in answer);
}
