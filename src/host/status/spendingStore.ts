import { createHash, randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { speedOf } from '../../core/request/request.ts';
import { expectedOutput } from '../../core/usage/budget.ts';
import { byModel, type Spending } from '../../core/usage/ledger.ts';
import { type CostlyCall, spendingOf } from '../../core/usage/spendingOf.ts';
import type { OutgoingRequest, SendOutcome } from '../../engine/sending/outgoing.ts';
import { SpendingLedger } from '../../engine/usage/spendingLedger.ts';
import { readLimits, readPrices } from '../base/settings.ts';
import { Budget } from './budget.ts';
import { askPastLimit } from './budgetDialog.ts';

/** What was spent and what may be: loaded with the first sending. */
export class SpendingStore {
  readonly ledger: SpendingLedger;
  readonly budget: Budget;

  /** The names in the ledger of what is under way. */
  readonly #begun = new Map<OutgoingRequest, string>();

  /** @param troubled told once when the ledger cannot be written or read */
  constructor(folder: vscode.Uri, troubled: (error: unknown) => void) {
    this.ledger = new SpendingLedger(folder.fsPath, () => new Date(), troubled);
    this.budget = new Budget({
      limits: readLimits,
      prices: () => readPrices().prices,
      today: () => this.ledger.today(),
      now: () => new Date(),
      ask: askPastLimit,
    });
  }

  /** Tells this workspace from others and says nothing else of it; empty where no folder is open. */
  get workspace(): string {
    const { workspaceFile, workspaceFolders } = vscode.workspace;
    const uri = workspaceFile ?? workspaceFolders?.[0]?.uri;
    return uri === undefined ? '' : createHash('sha256').update(uri.toString()).digest('hex').slice(0, 12);
  }

  /** Takes down what a sending is expected to cost: it is about to go out. */
  async begin(outgoing: OutgoingRequest): Promise<void> {
    const id = outgoing.sending ?? randomUUID();
    if (outgoing.sending === undefined) this.#begun.set(outgoing, id);
    else await this.budget.hold(outgoing, id);
    const earlier = byModel(await this.ledger.today()).find(({ model }) => model === outgoing.request.model);
    await this.ledger.begin(id, this.#spendingOf(outgoing, { output: expectedOutput(earlier) }));
  }

  /** Takes down what a sending cost, if it did. The budget holds its place until the ledger counts it. */
  async end(outgoing: OutgoingRequest, outcome: SendOutcome): Promise<void> {
    const id = outgoing.sending ?? this.#begun.get(outgoing);
    const spending = outcome && this.#spendingOf(outgoing, outcome);
    const written = spending !== undefined ? this.ledger.record(spending, id) : id !== undefined ? this.ledger.drop(id) : undefined;
    this.#begun.delete(outgoing);
    this.budget.release(outgoing.sending ?? outgoing);
    await written;
  }

  #spendingOf(outgoing: OutgoingRequest, ending: CostlyCall['ending']): Spending {
    const { request, images, inputTokens } = outgoing;
    const imageTokens = images.reduce((sum, { estimate }) => sum + (estimate?.tokens ?? 0), 0);
    const call = {
      model: request.model,
      speed: outgoing.isBatch ? ('batch' as const) : speedOf(request),
      workspace: this.workspace,
      date: new Date(),
      imageTokens,
      inputTokens,
      ending,
    };
    return spendingOf(call, readPrices().prices);
  }
}
