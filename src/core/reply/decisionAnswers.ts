import { t } from '../base/l10n.ts';
import type { Detection, Dropped } from '../inspection/inspection.ts';
import { questionKey } from '../request/decision.ts';
import type { Usage } from '../usage/usage.ts';

/** What the Decisions API answered. */
export interface DecisionReply {
  /** By the keys of the questions, as they came. */
  answers: Readonly<Record<string, unknown>>;
  /** Why the input was refused, if it was. */
  blockReason?: string;
  /** What the API adds to it in its own words. */
  blockMessage?: string;
  usage: Usage;
}

const LONGEST_RAW = 2000;

/** Reads what is none of the API's as an answer to nothing. */
export function readDecisions(body: unknown): DecisionReply {
  const { answers, prompt_feedback: feedback, usage } = fieldsOf(body);
  const { block_reason: blockReason, block_reason_message: blockMessage } = fieldsOf(feedback);
  return {
    answers: fieldsOf(answers),
    ...(typeof blockReason === 'string' && blockReason !== '' ? { blockReason } : {}),
    ...(typeof blockMessage === 'string' && blockMessage !== '' ? { blockMessage } : {}),
    usage: usageOf(fieldsOf(usage)),
  };
}

/**
 * The objects with the probabilities that were answered: `noul`, that of a yes. (`confidence` of an answer is that of whichever is likelier, so 0.93 for 0.07.)
 * What was not asked about, not answered, or answered otherwise has none, and stands in `dropped`. `objects`: in the order of the questions.
 */
export function judged(objects: readonly Detection[], { answers }: DecisionReply): { detections: Detection[]; dropped: Dropped[] } {
  const dropped: Dropped[] = [];
  const detections = objects.map((object, index): Detection => {
    const { confidence: _, ...unjudged } = object;
    const key = questionKey(index);
    const answer = Object.hasOwn(answers, key) ? answers[key] : undefined;
    const probability = probabilityIn(answer);
    if (probability !== undefined) return { ...unjudged, confidence: probability };
    dropped.push(notJudged(object, index, answer));
    return unjudged;
  });
  return { detections, dropped };
}

/** Why an object has no confidence. */
export function notJudged({ id }: Detection, index: number, answer: unknown): Dropped {
  const raw = answer === undefined ? '' : (JSON.stringify(answer) ?? '').slice(0, LONGEST_RAW);
  return {
    index,
    reason: answer === undefined ? t('Object {0} was not judged.', id) : t('The answer about object {0} could not be read.', id),
    raw,
  };
}

function probabilityIn(answer: unknown): number | undefined {
  const { type, noul } = fieldsOf(answer);
  return type === 'noul' && typeof noul === 'number' && noul >= 0 && noul <= 1 ? noul : undefined;
}

/** Only what is there, but for the output, which this API does not bill. */
function usageOf(usage: Record<string, unknown>): Usage {
  const kinds = kindsIn(usage.input_tokens_by_modality);
  const prompt = countIn(usage.total_input_tokens) ?? sumOf(kinds);
  const cached = countIn(usage.total_cached_tokens) ?? sumOf(kindsIn(usage.cached_tokens_by_modality));
  const image = sumOf(kinds.filter(({ modality }) => String(modality).toLowerCase() === 'image'));
  const output = countIn(usage.total_output_tokens) ?? 0;
  return {
    output,
    ...(prompt === undefined ? {} : { prompt, total: prompt + output }),
    ...(cached === undefined || cached === 0 ? {} : { cached }),
    ...(image === undefined ? {} : { image }),
  };
}

function kindsIn(entries: unknown): Record<string, unknown>[] {
  return Array.isArray(entries) ? entries.map(fieldsOf) : [];
}

/** Undefined for none. */
function sumOf(kinds: readonly Record<string, unknown>[]): number | undefined {
  const counts = kinds.flatMap(({ tokens }) => countIn(tokens) ?? []);
  return counts.length === 0 ? undefined : counts.reduce((sum, one) => sum + one, 0);
}

function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
