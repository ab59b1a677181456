import { invalidArgument } from './errors.ts';
import type { FakeModel, ThinkingLevel } from './models.ts';
import type { StatusAnswer } from './script.ts';
import type { GenerateContentRequest } from './wire.ts';

/** Refuses a thinking config the model does not take. */
export function refuseThinking(model: FakeModel, body: Partial<GenerateContentRequest>): StatusAnswer | undefined {
  const { thinkingBudget: budget, thinkingLevel } = body.generationConfig?.thinkingConfig ?? {};
  const level: string | undefined = thinkingLevel;
  const { thinking } = model;
  if (budget !== undefined && level !== undefined) {
    return invalidArgument('You can only set only one of thinking budget and thinking level.');
  }
  if (level !== undefined && thinking.kind === 'budget') return invalidArgument('Thinking level is not supported for this model.');
  if (level !== undefined && thinking.kind === 'level' && !thinking.levels.some((known) => known === level)) {
    return invalidArgument(`Thinking level ${level} is not supported for this model. Please retry with other thinking level.`);
  }
  if (budget === 0 && !thinking.canBeOff) return invalidArgument('Budget 0 is invalid. This model only works in thinking mode.');
  return undefined;
}

/** Tokens a model would spend on thoughts, by how hard it was told to think. */
export function thoughtTokens({ thinking }: FakeModel, body: Partial<GenerateContentRequest>): number {
  const { thinkingBudget: budget = -1, thinkingLevel } = body.generationConfig?.thinkingConfig ?? {};
  if (budget >= 0) return Math.min(budget, TOKENS.MEDIUM);
  if (thinking.kind === 'budget') return TOKENS.MEDIUM;
  return TOKENS[(thinkingLevel as ThinkingLevel | undefined) ?? thinking.byDefault];
}

const TOKENS: Readonly<Record<ThinkingLevel | 'OFF', number>> = { OFF: 0, MINIMAL: 0, LOW: 60, MEDIUM: 240, HIGH: 900, XHIGH: 2400 };
