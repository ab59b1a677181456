import type { SentRequest, SentThinking } from '../inspection/inspection.ts';
import { modelInfo } from '../models/models.ts';
import type { GeminiRequest } from './request.ts';

/** Of longer words only the beginning is kept with a result, in characters: of each text, and of all together. */
const LONGEST_TEXT = 20_000;
const MOST_TEXT = 60_000;

/** All words of a request, in the order in which they are read. */
export function wordsIn(request: Pick<GeminiRequest, 'turns' | 'config'>): SentRequest['texts'] {
  const said = request.turns.flatMap(({ role, parts }) =>
    parts.flatMap((part) => (part.kind === 'text' ? [{ from: role, text: part.text }] : [])),
  );
  const { systemInstruction } = request.config;
  return [...(systemInstruction === undefined ? [] : [{ from: 'system' as const, text: systemInstruction }]), ...said];
}

/** What is kept of a request with its result: its words and where it went. Addresses of uploaded images, which are as good as a key, are no part of it. */
export function sentRequest(
  request: Pick<GeminiRequest, 'turns' | 'config'>,
  destination: string,
  thinking?: SentThinking | undefined,
): SentRequest {
  let left = MOST_TEXT;
  let isCut = false;
  const texts = wordsIn(request).map(({ from, text }) => {
    const kept = text.slice(0, Math.min(left, LONGEST_TEXT)).toWellFormed();
    left -= kept.length;
    isCut ||= kept.length < text.length;
    return { from, text: kept };
  });
  return {
    destination: withoutCredentials(destination),
    texts,
    ...(isCut ? { cut: true as const } : {}),
    ...(thinking === undefined ? {} : { thinking }),
  };
}

/** How far a model is to think: as the request says, else by the model's default on that day, where it is known. */
export function thinkingOf({ model, config }: Pick<GeminiRequest, 'model' | 'config'>, date: Date): SentThinking | undefined {
  const { thinkingConfig } = config;
  if (thinkingConfig !== undefined)
    return 'thinkingBudget' in thinkingConfig ? { budget: thinkingConfig.thinkingBudget } : { level: thinkingConfig.thinkingLevel };
  const { thinking } = modelInfo(model, date);
  return thinking.kind === 'level' && thinking.default !== undefined ? { level: thinking.default, isDefault: true } : undefined;
}

function withoutCredentials(destination: string): string {
  return destination.replace(/[?#].*$/s, '').replace(/^(https?:\/\/)[^/@]*@/, '$1');
}
