/** How many tokens an image costs, by which rule: see tokens.ts. */
export type TokenRule =
  /** 1.5 and 2.0: tiles. */
  | 'tiles'
  /** 2.5: documented as tiles, billed as a flat 258 in every reply seen. */
  | 'flat258'
  /** 3 and later: a grid of patches within a budget. */
  | 'budget';

export type ThinkingLevel = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'XHIGH';

/**
 * What is known of masks: documented; never promised, but seen in replies; refused by the documentation or in replies; or nothing at all.
 */
export type MaskKnowledge = 'documented' | 'seen' | 'refused' | 'unknown';

/** How a model is told to think less. */
export type ThinkingRule =
  /** It takes `thinkingLevel`; levels from lowest to highest. */
  | { kind: 'level'; levels: readonly ThinkingLevel[]; default?: ThinkingLevel }
  /** It takes `thinkingBudget` in tokens: at least `least`, or 0 where it can be off. */
  | { kind: 'budget'; least: number; canBeOff: boolean }
  /** It takes neither, or it is not known: nothing is sent. */
  | { kind: 'none' };

/** US dollars for one million tokens. */
export interface Price {
  input: number;
  /** Thoughts are billed as output. */
  output: number;
  /** The price of the whole request once its prompt has more than `tokens` tokens. */
  above?: { tokens: number; input: number; output: number };
}

/** A price, and how far it can be relied on. */
export interface KnownPrice extends Price {
  /** What a cached input token costs, as a share of any other. */
  cachedShare: number;
  /** By whom it is said. */
  source: 'table' | 'user';
  /** True past the last day for which it is known to hold. */
  old: boolean;
}

/** A price and the days on which it holds, ISO 8601, both included. */
export interface DatedPrice extends Price {
  from?: string;
  until?: string;
}

/** A day, ISO 8601, and the model that answers from then on. */
export interface Reroute {
  from: string;
  to: string;
}

/** A kind of place in an image; `masks` are bitmaps, `outlines` polygons. */
export type PlaceKind = 'boxes' | 'masks' | 'outlines' | 'points';

export interface ModelInfo {
  /** As asked for, without `models/`. */
  id: string;
  /** Generation: 1.5, 2, 2.5, 3, 3.5, 4 … */
  generation: number;
  /** `unknown`: not in the table, its rules are taken from its generation. */
  status: 'ga' | 'preview' | 'retired' | 'unknown';
  /** Day of its release, ISO 8601. */
  released?: string;
  /** Day on which the model is switched off, ISO 8601. */
  retires?: string;
  /** From this day on requests are answered and billed as another model, whose rules then hold: see `modelInfo`. */
  reroute?: Reroute;
  tokenRule: TokenRule;
  thinking: ThinkingRule;
  /** How the model is asked for masks. */
  maskFormat: 'png' | 'polygon';
  /** Which places it is known to name: others may come too, or none. */
  finds: readonly PlaceKind[];
  masks: MaskKnowledge;
  /** True if an image may be given by an https address that Google fetches. */
  takesAddresses: boolean;
  /** Images that one request takes. */
  mostImages: number;
  /** What an input token costs that the API had cached, as a share of its price. */
  cachedShare: number;
  prices: readonly DatedPrice[];
}

/** A row of the table: what cannot be told from the generation. */
export interface ModelRow
  extends Pick<ModelInfo, 'id' | 'generation' | 'status'>,
    Partial<Omit<ModelInfo, 'id' | 'generation' | 'status'>> {}
