import type * as vscode from 'vscode';
import { spendingOf } from '../core/spendingOf.ts';
import { Budget } from './budget.ts';
import { askPastLimit } from './budgetDialog.ts';
import type { Ending, Sending } from './sender.ts';
import { readLimits, readPrices } from './settings.ts';
import { SpendingLedger } from './spendingLedger.ts';

/** What was spent and what may be: loaded with the first sending. */
export class Books {
  readonly ledger: SpendingLedger;
  readonly budget: Budget;

  constructor(folder: vscode.Uri) {
    this.ledger = new SpendingLedger(folder.fsPath);
    this.budget = new Budget({
      limits: readLimits,
      prices: () => readPrices().prices,
      today: () => this.ledger.today(),
      now: () => new Date(),
      ask: askPastLimit,
    });
  }

  /** Takes down what a sending cost. `imageTokens`: estimated. */
  record({ request, inputTokens }: Sending, imageTokens: number, workspace: string, ending: NonNullable<Ending>): Promise<void> {
    const call = { model: request.model, workspace, date: new Date(), imageTokens, inputTokens, ending };
    return this.ledger.record(spendingOf(call, readPrices().prices));
  }
}
