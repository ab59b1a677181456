import { InspectorError } from '../../core/base/failure.ts';
import { speedOf } from '../../core/request/request.ts';
import { expectedOutput } from '../../core/usage/budget.ts';
import { costUsd } from '../../core/usage/cost.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import type { OutgoingRequest } from '../sending/outgoing.ts';

/** What a budget of tools is made of. */
export interface ToolBudgetOptions {
  /** US dollars. */
  limit: () => number;
  basis: () => Pick<TokenBasis, 'date' | 'prices'>;
  /** What to say where the limit is reached. */
  exceeded: (limit: number) => string;
}

/** What agents may spend as long as the process lives. What is under way counts as spent; a model without a known price counts as over any limit. */
export class ToolBudget {
  readonly #options: ToolBudgetOptions;
  readonly #reserved = new Map<OutgoingRequest, number>();
  #spent = 0;

  constructor(options: ToolBudgetOptions) {
    this.#options = options;
  }

  /** Throws `overBudget` where nothing more may be spent, whatever it costs. */
  admit(): void {
    const limit = this.#options.limit();
    if (this.#sum() >= limit) throw this.#failure(limit);
  }

  /** Rejects with `overBudget` for a request that would pass the limit, and holds its price until it is settled. */
  readonly permit = async (outgoing: OutgoingRequest): Promise<void> => {
    if (outgoing.isFree) return;
    const { request, inputTokens } = outgoing;
    const { date, prices } = this.#options.basis();
    const usage = { prompt: inputTokens, output: expectedOutput(undefined), speed: speedOf(request) };
    const cost = costUsd(request.model, date, usage, prices);
    const limit = this.#options.limit();
    // Sums of fractions are not exact: a millionth of a dollar is nothing.
    if (cost === undefined || this.#sum() + cost > limit + 1e-6) throw this.#failure(limit);
    this.#reserved.set(outgoing, cost);
  };

  /** To be called when requests have ended, with what they cost; unset: nothing that is known, and what was thought of them stays spent. */
  settle(ended: (outgoing: OutgoingRequest) => boolean, usd: number | undefined): void {
    for (const [outgoing, expected] of this.#reserved) {
      if (!ended(outgoing)) continue;
      this.#reserved.delete(outgoing);
      this.#spent += usd ?? expected;
    }
  }

  #sum(): number {
    return [...this.#reserved.values()].reduce((sum, usd) => sum + usd, this.#spent);
  }

  #failure(limit: number): InspectorError {
    return new InspectorError('overBudget', this.#options.exceeded(limit));
  }
}
