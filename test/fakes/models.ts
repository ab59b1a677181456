/** A model as the stand-in knows it. State of 2026-11. */
export interface FakeModel {
  id: string;
  displayName: string;
  thinking: Thinking;
  /** Another one answers from that day (UTC) on, in silence. */
  reroute?: { from: string; to: string };
}

export type Thinking =
  /** `byDefault` is what the model does when the request says nothing; `canBeOff`: a budget of 0 is taken. */
  | { kind: 'level'; levels: readonly ThinkingLevel[]; byDefault: ThinkingLevel | 'OFF'; canBeOff: boolean }
  | { kind: 'budget'; canBeOff: boolean };

export type ThinkingLevel = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'XHIGH';

/** How a picture becomes tokens: tiles (2.0), a flat number (2.5) or a grid (3 and later). */
export type TokenFamily = 'tiles' | 'flat' | 'grid';

const FROM_LOW = ['LOW', 'MEDIUM', 'HIGH'] as const;
const FROM_MINIMAL = ['MINIMAL', ...FROM_LOW] as const;

export const DEFAULT_MODELS: readonly FakeModel[] = [
  { id: 'gemini-3.8-flash', displayName: 'Gemini 3.8 Flash', thinking: level(FROM_LOW, 'MEDIUM', true) },
  { id: 'gemini-3.7-flash', displayName: 'Gemini 3.7 Flash', thinking: level(FROM_LOW, 'MEDIUM', true) },
  { id: 'gemini-3.6-flash', displayName: 'Gemini 3.6 Flash', thinking: level(FROM_LOW, 'MEDIUM', true) },
  { id: 'gemini-3.5-flash', displayName: 'Gemini 3.5 Flash', thinking: level(FROM_MINIMAL, 'MEDIUM', true) },
  { id: 'gemini-3.5-flash-lite', displayName: 'Gemini 3.5 Flash-Lite', thinking: level(FROM_MINIMAL, 'OFF', true) },
  { id: 'gemini-3.1-flash-lite', displayName: 'Gemini 3.1 Flash-Lite', thinking: level(FROM_MINIMAL, 'OFF', true) },
  { id: 'gemini-3.1-pro-preview', displayName: 'Gemini 3.1 Pro Preview', thinking: level(FROM_LOW, 'HIGH', false) },
  { id: 'gemini-4-argon', displayName: 'Gemini 4 Argon', thinking: level(FROM_LOW, 'MEDIUM', false) },
  { id: 'gemini-4-hydrogen', displayName: 'Gemini 4 Hydrogen', thinking: level([...FROM_LOW, 'XHIGH'], 'HIGH', false) },
  { id: 'gemini-4-neon', displayName: 'Gemini 4 Neon', thinking: level(FROM_LOW, 'HIGH', false) },
  { id: 'gemini-4-carbon', displayName: 'Gemini 4 Carbon', thinking: level(FROM_LOW, 'MEDIUM', false) },
  {
    id: 'gemini-2.5-flash',
    displayName: 'Gemini 2.5 Flash',
    thinking: { kind: 'budget', canBeOff: true },
    reroute: { from: '2026-12-01', to: 'gemini-3.5-flash-lite' },
  },
  { id: 'gemini-2.5-flash-lite', displayName: 'Gemini 2.5 Flash-Lite', thinking: { kind: 'budget', canBeOff: true } },
  {
    id: 'gemini-2.5-pro',
    displayName: 'Gemini 2.5 Pro',
    thinking: { kind: 'budget', canBeOff: false },
    reroute: { from: '2026-12-01', to: 'gemini-3.8-flash' },
  },
  { id: 'gemini-robotics-er-2-preview', displayName: 'Gemini Robotics-ER 2 Preview', thinking: level(FROM_LOW, 'LOW', true) },
];

/** The model that answers a request for one; undefined where there is no such model. `today`: unset for a day before all reroutes. */
export function answeringModel(models: readonly FakeModel[], id: string | undefined, today: Date | undefined): FakeModel | undefined {
  const asked = models.find((known) => known.id === id);
  const { reroute } = asked ?? {};
  const isRerouted = reroute !== undefined && today !== undefined && reroute.from <= today.toISOString().slice(0, 10);
  return (isRerouted ? models.find((known) => known.id === reroute.to) : undefined) ?? asked;
}

/** The family of a model by its version: `gemini-2.0-…`, `gemini-2.5-…`, anything else. */
export function tokenFamily(modelId: string): TokenFamily {
  if (modelId.startsWith('gemini-2.0-')) return 'tiles';
  return modelId.startsWith('gemini-2.5-') ? 'flat' : 'grid';
}

function level(levels: readonly ThinkingLevel[], byDefault: ThinkingLevel | 'OFF', canBeOff: boolean): Thinking {
  return { kind: 'level', levels, byDefault, canBeOff };
}
