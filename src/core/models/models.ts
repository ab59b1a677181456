import { utcDay } from '../base/dates.ts';
import { bareId, shorterIds } from './modelId.ts';
import type { KnownPrice, MaskKnowledge, ModelInfo, ModelRow, PlaceKind, Price, ThinkingRule } from './modelInfo.ts';
import { CACHED_SHARE, LIMITS, MODEL_TABLE, OTHER_MODELS, PRICES_GOOD_UNTIL } from './modelTable.ts';
import type { OwnPrices } from './ownPrices.ts';

/** Kinds of model in a generation that do not think, by a word of their id. */
const NEVER_THINKS = /-(image|tts|live|embedding|transcribe)(-|$)/;

/**
 * What is known of a model on a day. Never throws: an id that is not in the table is looked up without its version, then by the generation in it; one without
 * any is taken for a model of today. Of a rerouted model only id and status are its own: what is sent has to fit the one that answers, and so do all estimates.
 */
export function modelInfo(id: string, date: Date): ModelInfo {
  const asked = ownInfo(bareId(id));
  const to = reroutedTo(asked, date);
  if (asked.reroute === undefined || to === undefined) return asked;
  return { ...modelInfo(to, date), id: asked.id, status: asked.status, reroute: asked.reroute };
}

/** The model that answers in the place of one, if that day has come. */
export function reroutedTo({ reroute }: Pick<ModelInfo, 'reroute'>, date: Date): string | undefined {
  return reroute !== undefined && reroute.from <= utcDay(date) ? reroute.to : undefined;
}

/** What is known of a model as long as it answers itself. */
function ownInfo(bare: string): ModelInfo {
  const row = findRow(bare);
  if (row !== undefined) return { ...rulesOf(row.generation, bare), ...row, id: bare };
  const generation = Number(/^gemini-(\d+(?:\.\d+)?)(?:-|$)/.exec(bare)?.[1] ?? Number.NaN);
  return {
    ...rulesOf(generation, bare),
    id: bare,
    generation: Number.isNaN(generation) ? LATEST_GENERATION : generation,
    status: 'unknown',
  };
}

/** The day from which a model answers no more, if that day has come; empty where only that it has is known. */
export function retiredSince({ status, retires }: Pick<ModelInfo, 'status' | 'retires'>, date: Date): string | undefined {
  if (retires !== undefined && retires <= utcDay(date)) return retires;
  return status === 'retired' ? '' : undefined;
}

/** The models of the table that can still be asked on a day, best known first. */
export function currentModels(date: Date): ModelInfo[] {
  return MODEL_TABLE.filter((row) => retiredSince(row, date) === undefined).map(({ id }) => modelInfo(id, date));
}

/**
 * The price of a model on a day, or undefined if none is known: the user's own, else that of the table. A rerouted model costs what the one that
 * answers costs. Where none holds any more, the last one is given as old.
 */
export function priceAt(model: string, date: Date, own: OwnPrices = {}): KnownPrice | undefined {
  const info = modelInfo(model, date);
  const { cachedShare } = info;
  const mine = own[info.id] ?? own[reroutedTo(info, date) ?? ''];
  if (mine !== undefined) return { ...mine, cachedShare, source: 'user', old: false };
  const day = utcDay(date);
  const holding = info.prices.find(({ from = '', until = '9999-12-31' }) => from <= day && day <= until);
  const found = holding ?? info.prices.findLast(({ until = '9999-12-31' }) => until < day);
  if (found === undefined) return undefined;
  const { from: _, until, ...price } = found;
  return { ...price, cachedShare, source: 'table', old: day > (until ?? PRICES_GOOD_UNTIL) };
}

/** The next day on which another price of the table holds than on that one, and that price. */
export function nextPrice(model: string, date: Date): (Price & { from: string }) | undefined {
  const info = modelInfo(model, date);
  const now = priceAt(model, date);
  const { reroute } = info;
  const later = [...info.prices, ...(reroute === undefined ? [] : [reroute, ...modelInfo(reroute.to, date).prices])]
    .flatMap(({ from = '' }) => (from > utcDay(date) ? [from] : []))
    .sort();
  for (const from of later) {
    const next = priceAt(model, new Date(from));
    if (next !== undefined && (next.input !== now?.input || next.output !== now.output)) return { ...next, from };
  }
  return undefined;
}

const LATEST_GENERATION = Math.max(...MODEL_TABLE.map(({ generation }) => generation));

function findRow(id: string): ModelRow | undefined {
  return shorterIds(id)
    .map((shorter) => MODEL_TABLE.find((row) => row.id === shorter) ?? OTHER_MODELS.find((row) => row.id === shorter))
    .find((row) => row !== undefined);
}

/** What all models of a generation have in common; NaN for one that is not known. */
function rulesOf(generation: number, id: string): Omit<ModelInfo, 'id' | 'generation' | 'status' | 'released' | 'retires' | 'reroute'> {
  const thinking = NEVER_THINKS.test(id) ? NO_THINKING : thinkingOf(generation);
  const finds = findsOf(generation);
  const cachedShare = generation < 2.5 ? CACHED_SHARE.until2 : CACHED_SHARE.from25;
  const common = { thinking, finds, masks: masksOf(generation), cachedShare, prices: [] };
  // The documentation names no models; that those before 3 take no addresses is a guess.
  const older = { ...common, maskFormat: 'png', takesAddresses: false, mostImages: LIMITS.images.until2 } as const;
  if (generation < 2.5) return { ...older, tokenRule: 'tiles' };
  if (generation < 3) return { ...older, tokenRule: 'flat258' };
  return { ...common, tokenRule: 'budget', maskFormat: 'polygon', takesAddresses: true, mostImages: LIMITS.images.from3 };
}

/**
 * Boxes from 1.5 on, points from 2.0. Masks are documented for 2.5 alone; those of 3 before 3.5 answered that they have none, and 3.5 and later answer
 * polygons, which no documentation promises.
 */
function findsOf(generation: number): readonly PlaceKind[] {
  if (generation < 2) return ['boxes'];
  if (generation >= 2.5 && generation < 3) return ['boxes', 'masks', 'points'];
  return generation >= 3.5 || Number.isNaN(generation) ? ['boxes', 'outlines', 'points'] : ['boxes', 'points'];
}

/** Google's words of 2026-11: segmentation is not supported in 3, it is in 2.5 Flash. See `findsOf`. */
function masksOf(generation: number): MaskKnowledge {
  if (generation < 2.5) return 'unknown';
  if (generation < 3) return 'documented';
  return generation >= 3.5 || Number.isNaN(generation) ? 'seen' : 'refused';
}

const NO_THINKING: ThinkingRule = { kind: 'none' };

function thinkingOf(generation: number): ThinkingRule {
  if (Number.isNaN(generation) || generation < 2.5) return NO_THINKING;
  // The least that every thinking model of 2.5 takes.
  if (generation < 3) return { kind: 'budget', least: 512, canBeOff: false };
  return { kind: 'level', levels: ['LOW', 'MEDIUM', 'HIGH'] };
}
