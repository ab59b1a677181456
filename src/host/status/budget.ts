import { localDay } from '../../core/base/dates.ts';
import { InspectorError } from '../../core/base/failure.ts';
import { formatUsd } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import type { OwnPrices } from '../../core/models/ownPrices.ts';
import type { Speed } from '../../core/models/speed.ts';
import { speedOf } from '../../core/request/request.ts';
import { budgetVerdict, expectedOutput, type Limits } from '../../core/usage/budget.ts';
import { cautiousCostUsd } from '../../core/usage/cost.ts';
import { byModel, type Spending } from '../../core/usage/ledger.ts';
import type { Job } from '../../engine/sending/job.ts';
import { jobInputTokens } from '../../engine/sending/jobTokens.ts';
import type { OutgoingRequest } from '../../engine/sending/outgoing.ts';

/** What a budget is made of. */
export interface BudgetOptions {
  limits: () => Limits;
  prices: () => OwnPrices;
  /** What calls of today have cost, in all windows. */
  today: () => Promise<readonly Spending[]>;
  now: () => Date;
  /** Asks whether to go on past the limit that warns. Resolves to true only when the user agreed. */
  ask: (spent: number, next: number, limit: number) => Promise<boolean>;
}

/** The user's own limits for a day. What has been permitted and has not ended yet counts as spent. */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #reserved = new Map<OutgoingRequest | string, number>();
  readonly #asked = new WeakMap<Job, Promise<boolean>>();
  /** The day and the limit past which the user has said to go on. */
  #agreed = '';

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /** Stops a sending that would pass the hard limit; asks before one that would pass the other: once for a job, and when agreed, for the day; never for code, where nobody is to be asked. */
  readonly permit = async (outgoing: OutgoingRequest): Promise<void> => {
    if (outgoing.isFree) return;
    const limits = this.#options.limits();
    if (limits.warnAt <= 0 && limits.stopAt <= 0) return;
    const today = await this.#options.today();
    const next = this.#costOf(outgoing, today);
    const spent = this.#spent(today);
    if (budgetVerdict(spent, next, limits) === 'stop') throw overBudget(spent, next, limits.stopAt);
    this.#reserved.set(outgoing, next);
    if (outgoing.job.fromCode || this.#agreed === this.#occasion(limits)) return;
    const asked = this.#asked.get(outgoing.job) ?? this.#askForAll(outgoing, { today, spent, limits });
    this.#asked.set(outgoing.job, asked);
    if (!(await asked)) throw new InspectorError('notConfirmed', t('Not sent.'));
  };

  /** Counts a sending that was permitted as spent by its name in the books, which may be longer than its request is kept. */
  async hold(outgoing: OutgoingRequest, sending: string): Promise<void> {
    this.#reserved.set(sending, this.#costOf(outgoing, await this.#options.today()));
  }

  /** To be called when a sending has ended, however that was, and its spending is recorded. */
  release(sending: OutgoingRequest | string): void {
    this.#reserved.delete(sending);
  }

  /** True when an image of that price would be stopped. */
  async stops(usd: number): Promise<boolean> {
    const limits = this.#options.limits();
    return limits.stopAt > 0 && budgetVerdict(this.#spent(await this.#options.today()), usd, limits) === 'stop';
  }

  #spent(today: readonly Spending[]): number {
    const reserved = [...this.#reserved.values()].reduce((sum, usd) => sum + usd, 0);
    return today.reduce((sum, spending) => sum + this.#cautious(spending), reserved);
  }

  /** Calls without a price count as the dearest would. */
  #cautious({ usd, unpriced, model, prompt, output, thoughts }: Spending): number {
    return unpriced === 0
      ? usd
      : Math.max(usd, cautiousCostUsd(model, this.#options.now(), { prompt, output, thoughts }, this.#options.prices()));
  }

  /** Whether all requests of a job may go out: one question names what they cost together. */
  async #askForAll(
    outgoing: OutgoingRequest,
    { today, spent, limits }: { today: readonly Spending[]; spent: number; limits: Limits },
  ): Promise<boolean> {
    const { job } = outgoing;
    const inputTokens = await jobInputTokens(outgoing);
    const all = this.#costOf({ ...outgoing, inputTokens }, today, job.imageCount * job.times);
    if (budgetVerdict(spent, all, { ...limits, stopAt: 0 }) === 'fine') {
      // What a single request comes to may change: at another speed it is asked about anew.
      if (job.imageCount * job.times === 1) this.#asked.delete(job);
      return true;
    }
    const agreed = await this.#options.ask(spent, all, limits.warnAt).catch(() => false);
    if (agreed) this.#agreed = this.#occasion(limits);
    return agreed;
  }

  /** `requests`: of how many the input tokens are. */
  #costOf({ request, inputTokens, isBatch }: OutgoingRequest, today: readonly Spending[], requests = 1): number {
    const earlier = byModel(today).find(({ model }) => model === request.model);
    const speed: Speed = isBatch === true ? 'batch' : speedOf(request);
    // Each by itself: the price of long requests holds for none that is short, however many there are.
    const usage = { prompt: inputTokens / requests, output: expectedOutput(earlier), speed };
    return requests * cautiousCostUsd(request.model, this.#options.now(), usage, this.#options.prices());
  }

  #occasion({ warnAt }: Limits): string {
    return `${localDay(this.#options.now())} ${warnAt}`;
  }
}

function overBudget(spent: number, next: number, limit: number): InspectorError {
  return new InspectorError('overBudget', t('Your budget for today is used up.'), {
    detail: t(
      '{0} of {1} used, and this would cost about {2}. You set this limit; it resets tomorrow.',
      formatUsd(spent),
      formatUsd(limit),
      formatUsd(next),
    ),
    actions: ['openBudget', 'openSettings'],
  });
}
