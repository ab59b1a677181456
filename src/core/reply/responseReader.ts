import { recordOf } from '../base/shape.ts';
import { type ReportedLife, readModelStatus } from '../models/reportedLife.ts';
import { readSpeed, readTraffic, type Speed } from '../models/speed.ts';
import type { GeminiReply } from '../usage/geminiReply.ts';
import { type Usage, wholeUsage } from '../usage/usage.ts';

/** In characters: what the API adds to an end in its own words. */
const LONGEST_MESSAGE = 2000;

/** What one event of a stream brought. */
export interface Piece {
  /** New text of the answer, without thoughts. */
  delta: string;
  /** True if the event held thoughts. */
  thinking: boolean;
}

/** Frees a reply of its envelope, event by event. Any part of the envelope may be missing or odd. */
export class ResponseReader {
  #text = '';
  #finishReason: string | undefined;
  #blockReason: string | undefined;
  #endMessage: string | undefined;
  readonly #blockedCategories = new Set<string>();
  #modelVersion: string | undefined;
  #modelStatus: ReportedLife | undefined;
  #speed: Speed | undefined;
  #counts: Usage | undefined;
  #sums: Usage = {};
  #billsOnlyOther = false;

  get text(): string {
    return this.#text;
  }

  get outputTokens(): number | undefined {
    return this.#usage?.output;
  }

  /** As counted; the sum of its kinds, where the API has only told these. */
  get #usage(): Usage | undefined {
    return this.#counts && { ...this.#sums, ...this.#counts };
  }

  /** True once the API has said how the reply ends. */
  get ended(): boolean {
    return this.#finishReason !== undefined || this.#blockReason !== undefined;
  }

  add(event: unknown): Piece {
    const { candidates, promptFeedback, usageMetadata, modelVersion, modelStatus } = recordOf(event);
    const candidate = recordOf(list(candidates)[0]);
    const feedback = recordOf(promptFeedback);
    this.#finishReason = word(candidate.finishReason) ?? this.#finishReason;
    this.#blockReason = word(feedback.blockReason) ?? this.#blockReason;
    this.#endMessage =
      word(feedback.blockReasonMessage) ?? word(candidate.finishMessage) ?? word(feedback.finishMessage) ?? this.#endMessage;
    this.#modelVersion = word(modelVersion) ?? this.#modelVersion;
    this.#modelStatus = readModelStatus(modelStatus) ?? this.#modelStatus;
    this.#addRatings([...list(feedback.safetyRatings), ...list(candidate.safetyRatings)].map(recordOf));
    if (usageMetadata !== undefined) this.#addUsage(recordOf(usageMetadata));
    return this.#addParts(list(recordOf(candidate.content).parts).map(recordOf));
  }

  /** @param broken the connection ended before the server was done */
  finish(broken: boolean): GeminiReply {
    return {
      text: this.#text,
      ...(this.#finishReason === undefined ? {} : { finishReason: this.#finishReason }),
      ...(this.#blockReason === undefined ? {} : { blockReason: this.#blockReason }),
      ...(this.#endMessage === undefined ? {} : { endMessage: this.#endMessage.slice(0, LONGEST_MESSAGE) }),
      blockedCategories: [...this.#blockedCategories],
      ...(this.#modelVersion === undefined ? {} : { modelVersion: this.#modelVersion }),
      ...(this.#modelStatus === undefined ? {} : { modelStatus: this.#modelStatus }),
      ...(this.#usage === undefined ? {} : { usage: wholeUsage(this.#usage) }),
      ...(this.#speed === undefined ? {} : { speed: this.#speed }),
      ...(this.#billsOnlyOther && this.#usage?.image === undefined ? { billsNoImage: true as const } : {}),
      // Servers and proxies also end a stream in good order before its last event.
      cut: !this.ended && (broken || this.#text !== ''),
    };
  }

  #addUsage(usage: Record<string, unknown>): void {
    this.#counts = { ...this.#counts, ...readCounts(usage) };
    this.#sums = { ...this.#sums, ...readSums(usage) };
    this.#speed = readSpeed(usage.serviceTier) ?? readTraffic(usage.trafficType) ?? this.#speed;
    this.#billsOnlyOther ||= list(usage.promptTokensDetails).length > 0;
  }

  #addParts(parts: readonly Record<string, unknown>[]): Piece {
    const words = parts.filter(({ text }) => typeof text === 'string' && text !== '');
    const delta = words.map(({ text, thought }) => (thought === true ? '' : (text as string))).join('');
    this.#text += delta;
    return { delta, thinking: words.some(({ thought }) => thought === true) };
  }

  /** A refused prompt is rated without the word `blocked`; there the high ratings tell why. */
  #addRatings(ratings: readonly Record<string, unknown>[]): void {
    for (const { category, blocked, probability } of ratings) {
      if (typeof category === 'string' && (blocked === true || (this.#blockReason !== undefined && probability === 'HIGH')))
        this.#blockedCategories.add(category);
    }
  }
}

/** Only what is there: events of a stream may hold parts of the whole. */
function readCounts(usage: Record<string, unknown>): Usage {
  const details = list(usage.promptTokensDetails).map(recordOf);
  return known({
    prompt: count(usage.promptTokenCount),
    cached: count(usage.cachedContentTokenCount),
    image: sumOf(details.filter(({ modality }) => modality === 'IMAGE')),
    output: count(usage.candidatesTokenCount),
    thoughts: count(usage.thoughtsTokenCount),
    toolUse: count(usage.toolUsePromptTokenCount),
    total: count(usage.totalTokenCount),
  });
}

/** The same from the entries by kind. */
function readSums(usage: Record<string, unknown>): Usage {
  const sum = (entries: unknown) => sumOf(list(entries).map(recordOf));
  return known({
    prompt: sum(usage.promptTokensDetails),
    cached: sum(usage.cacheTokensDetails),
    output: sum(usage.candidatesTokensDetails),
    toolUse: sum(usage.toolUsePromptTokensDetails),
  });
}

function known(usage: { [figure in keyof Usage]: number | undefined }): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined));
}

/** The tokens of entries by kind; undefined without any. */
function sumOf(entries: readonly Record<string, unknown>[]): number | undefined {
  return entries.length === 0 ? undefined : entries.reduce((sum, { tokenCount }) => sum + (count(tokenCount) ?? 0), 0);
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
