import type { ModelRow, ThinkingRule } from './modelInfo.ts';

/** The day on which the table was checked. Everything in it that ages stands here and nowhere else. */
export const TABLE_DATE = '2026-11-27';

/** A price without a last day of its own is shown as old after this one: half a year is the life of a model's price. */
export const PRICES_GOOD_UNTIL = '2027-05-27';

/**
 * What the API takes at most: bytes of a file, and images in one request, by the documentation of 2.5 and before, and the most that newer pages name (others
 * say fewer: the API has the last word). The bytes of a request are a setting, `inlineLimitMB`.
 */
export const LIMITS = { fileBytes: 2e9, images: { until2: 3600, from3: 3000 } };

/**
 * What cached input tokens cost, as a share of the price of others: the documentation of context caching says 90 % off for 2.5 and later, 75 % before. Images
 * and words alike; caching happens by itself where requests begin alike for some thousands of tokens.
 */
export const CACHED_SHARE = { until2: 0.25, from25: 0.1 };

const LOW_TO_HIGH: ThinkingRule = { kind: 'level', levels: ['LOW', 'MEDIUM', 'HIGH'] };
const LOW_TO_XHIGH: ThinkingRule = { kind: 'level', levels: ['LOW', 'MEDIUM', 'HIGH', 'XHIGH'] };
const MINIMAL_TO_HIGH: ThinkingRule = { kind: 'level', levels: ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'] };

/** Judges by the Decisions API, and does nothing else: never offered as a model for tasks. */
export const DECISION_MODEL = 'gemini-decision-1';

/** Rows of models that tasks cannot ask. That its images cost what those of 3 and later do is a guess until the first bill. */
export const OTHER_MODELS: readonly ModelRow[] = [
  {
    id: DECISION_MODEL,
    generation: 4,
    status: 'preview',
    thinking: { kind: 'none' },
    finds: [],
    prices: [{ input: 0.1, output: 0 }],
  },
];

/** The models known by name, the ones to offer first. Prices in US dollars for one million tokens. */
export const MODEL_TABLE: readonly ModelRow[] = [
  {
    id: 'gemini-3.8-flash',
    generation: 3.8,
    status: 'ga',
    released: '2026-09-02',
    thinking: { ...LOW_TO_HIGH, default: 'MEDIUM' },
    prices: [
      { until: '2026-12-31', input: 0.75, output: 3.75 },
      { from: '2027-01-01', input: 1.5, output: 7.5 },
    ],
  },
  {
    id: 'gemini-3.7-flash',
    generation: 3.7,
    status: 'ga',
    released: '2026-08-13',
    thinking: LOW_TO_HIGH,
    prices: [{ input: 0.75, output: 3.75 }],
  },
  // Sources differ on the price: 0.75/3.75 or 1.50/7.50. The higher one, so that no estimate is too low.
  { id: 'gemini-3.6-flash', generation: 3.6, status: 'ga', released: '2026-07-21', prices: [{ input: 1.5, output: 7.5 }] },
  {
    id: 'gemini-3.5-flash',
    generation: 3.5,
    status: 'ga',
    released: '2026-05-19',
    thinking: MINIMAL_TO_HIGH,
    prices: [{ input: 1.5, output: 9 }],
  },
  // Does not think unless told to, so nothing has to be sent to make it think less.
  {
    id: 'gemini-3.5-flash-lite',
    generation: 3.5,
    status: 'ga',
    released: '2026-07-21',
    thinking: { kind: 'none' },
    prices: [{ input: 0.3, output: 2.5 }],
  },
  {
    id: 'gemini-3.1-flash-lite',
    generation: 3.1,
    status: 'ga',
    retires: '2027-05-07',
    thinking: MINIMAL_TO_HIGH,
    prices: [{ input: 0.25, output: 1.5 }],
  },
  {
    id: 'gemini-3.1-pro-preview',
    generation: 3.1,
    status: 'preview',
    thinking: LOW_TO_HIGH,
    prices: [{ input: 2, output: 12, above: { tokens: 200_000, input: 4, output: 18 } }],
  },
  { id: 'gemini-3-flash-preview', generation: 3, status: 'preview', thinking: MINIMAL_TO_HIGH },
  {
    id: 'gemini-4-argon',
    generation: 4,
    status: 'ga',
    thinking: LOW_TO_HIGH,
    prices: [
      { until: '2026-11-30', input: 2, output: 10 },
      { from: '2026-12-01', input: 4, output: 20 },
    ],
  },
  {
    id: 'gemini-4-hydrogen',
    generation: 4,
    status: 'ga',
    thinking: { ...LOW_TO_XHIGH, default: 'HIGH' },
    prices: [{ input: 1.5, output: 7.5 }],
  },
  {
    id: 'gemini-4-neon',
    generation: 4,
    status: 'ga',
    released: '2026-11-18',
    thinking: LOW_TO_HIGH,
    prices: [{ input: 3, output: 15 }],
  },
  // For paying users only. That it costs what argon costs is second-hand, its thinking levels are assumed.
  {
    id: 'gemini-4-carbon',
    generation: 4,
    status: 'ga',
    released: '2026-11-10',
    thinking: LOW_TO_HIGH,
    prices: [
      { until: '2026-11-30', input: 2, output: 10 },
      { from: '2026-12-01', input: 4, output: 20 },
    ],
  },
  // The number in the name is not that of the Gemini generation; which one it is built on is not said, so the newest rule is assumed.
  // Points, boxes and trajectories are documented, masks are not; its price is not known.
  {
    id: 'gemini-robotics-er-2-preview',
    generation: 3,
    status: 'preview',
    thinking: { kind: 'none' },
    finds: ['boxes', 'points'],
    masks: 'unknown',
  },
  // The last one with documented masks: it stays until further notice.
  {
    id: 'gemini-2.5-flash-lite',
    generation: 2.5,
    status: 'ga',
    thinking: { kind: 'budget', least: 512, canBeOff: true },
    prices: [{ input: 0.1, output: 0.4 }],
  },
  {
    id: 'gemini-2.5-flash',
    generation: 2.5,
    status: 'ga',
    reroute: { from: '2026-12-01', to: 'gemini-3.5-flash-lite' },
    thinking: { kind: 'budget', least: 1, canBeOff: true },
    prices: [{ input: 0.3, output: 2.5 }],
  },
  {
    id: 'gemini-2.5-pro',
    generation: 2.5,
    status: 'ga',
    reroute: { from: '2026-12-01', to: 'gemini-3.8-flash' },
    thinking: { kind: 'budget', least: 128, canBeOff: false },
    prices: [{ input: 1.25, output: 10 }],
  },
  { id: 'gemini-3-pro-preview', generation: 3, status: 'retired' },
  {
    id: 'gemini-robotics-er-1.6-preview',
    generation: 3,
    status: 'retired',
    retires: '2026-08-31',
    thinking: { kind: 'none' },
    finds: ['boxes', 'masks', 'points'],
    masks: 'documented',
  },
  { id: 'gemini-2.0-flash', generation: 2, status: 'retired', retires: '2026-06-01' },
  { id: 'gemini-2.0-flash-lite', generation: 2, status: 'retired', retires: '2026-06-01' },
  { id: 'gemini-1.5-flash', generation: 1.5, status: 'retired' },
  { id: 'gemini-1.5-pro', generation: 1.5, status: 'retired' },
];
