import { csvTable } from '../base/csv.ts';
import { isRecord } from '../base/shape.ts';

/** What calls have cost: of one call, or of several of the same day, workspace and model. Plain JSON. */
export interface Spending {
  /** Of the user's own calendar, such as 2026-11-21. */
  day: string;
  /** Tells one workspace from another, and nothing else about it. */
  workspace: string;
  /** The model that was asked. */
  model: string;
  calls: number;
  /** Image tokens, which are a part of `prompt`. */
  image: number;
  /** Input, with what was cached and what tools of the API read. */
  prompt: number;
  output: number;
  thoughts: number;
  usd: number;
  /** Calls whose price is not known: their `usd` is 0. */
  unpriced: number;
  /** Calls that ended before their figures came: these are estimated. */
  guessed: number;
  /** Of `prompt`: what the API had from requests before, for a part of the price. */
  cached: number;
  /** Of `prompt`: what tools of the API put before the model. */
  toolUse: number;
}

const FIGURES = ['calls', 'image', 'prompt', 'output', 'thoughts', 'usd', 'unpriced', 'guessed', 'cached', 'toolUse'] as const;
type Figure = (typeof FIGURES)[number];

/** Figures that 0.1.0 did not write down: 0 where they are missing. */
const LATER: readonly Figure[] = ['cached', 'toolUse'];

/** One spending for each day, workspace and model, in the order of their first. */
export function addUp(spendings: readonly Spending[]): Spending[] {
  return grouped(spendings, ({ day, workspace, model }) => JSON.stringify([day, workspace, model]));
}

/** One spending for each model, the dearest first. Their days and workspaces mean nothing. */
export function byModel(spendings: readonly Spending[]): Spending[] {
  return grouped(spendings, ({ model }) => model).sort((a, b) => b.usd - a.usd || b.prompt - a.prompt);
}

/** All in one; undefined for none. */
export function total(spendings: readonly Spending[]): Spending | undefined {
  return grouped(spendings, () => '')[0];
}

function grouped(spendings: readonly Spending[], keyOf: (spending: Spending) => string): Spending[] {
  const sums = new Map<string, Spending>();
  for (const spending of spendings) {
    const sum = sums.get(keyOf(spending));
    if (sum === undefined) sums.set(keyOf(spending), { ...spending });
    else for (const figure of FIGURES) sum[figure] += spending[figure];
  }
  return [...sums.values()];
}

/** A spending from what was kept; undefined for what is none. */
export function readSpending(stored: unknown): Spending | undefined {
  if (!isRecord(stored)) return undefined;
  const { day, workspace, model, ...others } = stored;
  if (typeof day !== 'string' || typeof workspace !== 'string' || typeof model !== 'string') return undefined;
  const figures = FIGURES.map((figure) => [figure, others[figure] ?? (LATER.includes(figure) ? 0 : undefined)] as const);
  if (!figures.every(([, value]) => typeof value === 'number' && Number.isFinite(value) && value >= 0)) return undefined;
  return { day, workspace, model, ...(Object.fromEntries(figures) as Record<Figure, number>) };
}

/** All of it as a table for other programs: by RFC 4180, one line for each day, workspace and model. */
export function spendingCsv(spendings: readonly Spending[], workspace: string): string {
  const columns = ['day', 'this_workspace', 'model', ...FIGURES.map((figure) => CSV_NAMES[figure])];
  const rows = addUp(spendings)
    .sort((a, b) => a.day.localeCompare(b.day) || a.model.localeCompare(b.model))
    .map((spending) => [
      spending.day,
      spending.workspace === workspace ? 'yes' : 'no',
      spending.model,
      ...FIGURES.map((figure) => (figure === 'usd' ? spending.usd.toFixed(6) : String(spending[figure]))),
    ]);
  return csvTable([columns, ...rows]);
}

const CSV_NAMES: Readonly<Record<Figure, string>> = {
  calls: 'calls',
  image: 'image_tokens',
  prompt: 'input_tokens',
  output: 'output_tokens',
  thoughts: 'thought_tokens',
  usd: 'usd',
  unpriced: 'calls_without_price',
  guessed: 'estimated_calls',
  cached: 'cached_input_tokens',
  toolUse: 'tool_input_tokens',
};
