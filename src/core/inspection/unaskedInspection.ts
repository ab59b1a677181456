import type { Detection, Inspection } from './inspection.ts';

/** What is known of a result for which no model was asked here. */
export interface UnaskedFacts
  extends Pick<Inspection, 'id' | 'createdAt' | 'images' | 'basedOn' | 'dropped' | 'finishReason' | 'complete' | 'raw'> {
  source: Exclude<Inspection['source'], 'gemini' | undefined>;
  detections: Detection[];
}

/** A result that was pasted, read from a file or made by a person: nothing was sent for it, and it cost nothing. */
export function unaskedInspection(facts: UnaskedFacts): Inspection {
  return {
    version: 1,
    task: facts.detections.some(({ mask }) => mask !== undefined) ? 'segment' : 'detect',
    prompt: '',
    model: '',
    tokens: { estimated: 0 },
    ...facts,
  };
}
