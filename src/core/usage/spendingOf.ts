import { localDay } from '../base/dates.ts';
import type { OwnPrices } from '../models/ownPrices.ts';
import type { Speed } from '../models/speed.ts';
import { billedUsd } from './cost.ts';
import type { GeminiReply } from './geminiReply.ts';
import type { Spending } from './ledger.ts';
import { estimateTextTokens } from './tokens.ts';
import { billable, type Usage } from './usage.ts';

/** A call, as far as its cost goes. */
export interface CostlyCall {
  model: string;
  /** That was asked for; standard if unset. */
  speed?: Speed;
  workspace: string;
  date: Date;
  /** Estimated before it went out. */
  imageTokens: number;
  inputTokens: number;
  /** The reply; the text that had come when it was broken off; before it goes out, the output tokens that are expected. */
  ending: { reply: GeminiReply } | { text: string } | { output: number };
}

/** What a call has cost, or will: by the API's own word, else by estimate. */
export function spendingOf(
  { model, speed: asked, workspace, date, imageTokens, inputTokens, ending }: CostlyCall,
  prices: OwnPrices,
): Spending {
  const billed = 'reply' in ending ? ending.reply.usage : undefined;
  const expected = 'output' in ending ? ending.output : estimateTextTokens('reply' in ending ? ending.reply.text : ending.text);
  const isBilled = billed?.prompt !== undefined;
  const usage: Usage = isBilled
    ? billable(billed, 'reply' in ending ? ending.reply.text : '')
    : { image: imageTokens, prompt: inputTokens, output: expected };
  const { image = 0, prompt = 0, cached = 0, toolUse = 0, output = 0, thoughts = 0 } = usage;
  const { modelVersion, speed = asked }: Partial<GeminiReply> = 'reply' in ending ? ending.reply : {};
  const usd = billedUsd({ model, modelVersion }, date, { ...usage, speed }, prices);
  return {
    day: localDay(date),
    workspace,
    model,
    calls: 1,
    image,
    prompt: prompt + toolUse,
    output,
    thoughts,
    usd: usd ?? 0,
    unpriced: usd === undefined ? 1 : 0,
    guessed: isBilled ? 0 : 1,
    cached: Math.min(cached, prompt),
    toolUse,
  };
}
