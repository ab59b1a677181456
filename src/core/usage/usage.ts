import { estimateTextTokens } from './tokens.ts';

/** Tokens of a call as the API has counted them. Input is `prompt` and `toolUse`; thoughts are billed as output. */
export interface Usage {
  /** With what was cached. */
  prompt?: number;
  /** Of `prompt`: what the API had from requests before, for a part of the price. */
  cached?: number;
  /** Image tokens, which are a part of `prompt`. */
  image?: number;
  output?: number;
  thoughts?: number;
  /** What tools of the API put before the model: input once more. */
  toolUse?: number;
  total?: number;
}

/**
 * The same with the piece that is missing: the total as the sum of all others, or one of them where the total tells it. The API leaves counts out at
 * times, while its total is that of all that it bills. What is left over of a total when prompt and answer are known are thoughts, the dearest of what it
 * may be.
 */
export function wholeUsage(usage: Usage): Usage {
  const { prompt, output, thoughts, toolUse, total } = usage;
  if (total === undefined) {
    const isWhole = prompt !== undefined && output !== undefined;
    return isWhole ? { ...usage, total: prompt + output + (thoughts ?? 0) + (toolUse ?? 0) } : usage;
  }
  const rest = total - (prompt ?? 0) - (output ?? 0) - (thoughts ?? 0) - (toolUse ?? 0);
  if (rest <= 0 || (prompt === undefined && output === undefined)) return usage;
  if (prompt === undefined) return { ...usage, prompt: rest };
  if (output === undefined) return { ...usage, output: rest };
  if (thoughts === undefined) return { ...usage, thoughts: rest };
  return toolUse === undefined ? { ...usage, toolUse: rest } : usage;
}

/** What is to be paid for: where the API told neither the tokens of the answer nor a total, those of its text are estimated. */
export function billable(usage: Usage, text: string): Usage {
  const { output, total } = usage;
  return output === undefined && total === undefined ? { ...usage, output: estimateTextTokens(text) } : usage;
}
