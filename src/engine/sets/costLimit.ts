import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { expectedOutputRange } from '../../core/sets/forecast.ts';
import { costUsd } from '../../core/usage/cost.ts';
import type { RunParts } from './runParts.ts';
import type { SetRecorder } from './storage/setRecorder.ts';

/** Keeps a set below its limit in dollars: what is under way counts by the most that it may cost, and what has no price is over any limit. */
export class CostLimit {
  readonly #recorder: SetRecorder;
  readonly #parts: Pick<RunParts, 'rules' | 'maxUsd'>;
  #reserved = 0;

  constructor(recorder: SetRecorder, parts: Pick<RunParts, 'rules' | 'maxUsd'>) {
    this.#recorder = recorder;
    this.#parts = parts;
  }

  /** Holds the cost of an image; resolves to what ends that, or to undefined where the limit would be passed. */
  hold(tokens: number): (() => void) | undefined {
    const { head } = this.#recorder;
    const { task } = head;
    const maxUsd = this.#parts.maxUsd ?? head.maxUsd;
    if (maxUsd === undefined) return () => undefined;
    const { date, prices } = this.#parts.rules.tokenBasis();
    const [, output] = expectedOutputRange(task, date);
    const usd = costUsd(task.model, date, { prompt: tokens, output, speed: this.#recorder.files.state.speed }, prices);
    const { costUsd: spent = 0 } = this.#recorder.files.state;
    if (usd === undefined || spent + this.#reserved + usd > maxUsd) return undefined;
    this.#reserved += usd;
    return () => {
      this.#reserved -= usd;
    };
  }
}

export function overLimit(): InspectorError {
  return new InspectorError('overBudget', t('The set has reached its limit in dollars.'), { detail: t('What is done is kept.') });
}
