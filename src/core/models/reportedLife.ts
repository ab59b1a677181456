import { hasShape, isText, orNone } from '../base/shape.ts';
import { bareId } from './modelId.ts';

/** What Gemini itself has said of a model's life, in the field `modelStatus` of a reply. It counts for more than the table. */
export interface ReportedLife {
  /** The API's own word, such as STABLE, LEGACY, DEPRECATED or RETIRED. */
  stage?: string;
  /** Day on which it is switched off, ISO 8601. */
  retires?: string;
}

/** The same by the model's id, those said last at the end; plain JSON, kept between sessions. */
export type ReportedLives = Readonly<Record<string, ReportedLife>>;

/** Models that are remembered. */
const MOST = 60;

const isStage = (value: unknown) => isText(value) && /^[A-Z][A-Z_]{0,39}$/.test(value as string);
const isDay = (value: unknown) =>
  isText(value) && /^\d{4}-\d{2}-\d{2}$/.test(value as string) && !Number.isNaN(Date.parse(value as string));
const isLife = hasShape({ stage: orNone(isStage), retires: orNone(isDay) });

/** Reads the field of a reply: `{modelStage, retirementTime, message}`, each of which may be missing or odd. Undefined where it says nothing. */
export function readModelStatus(status: unknown): ReportedLife | undefined {
  if (typeof status !== 'object' || status === null) return undefined;
  const { modelStage: stage, retirementTime } = status as Record<string, unknown>;
  const day = typeof retirementTime === 'string' ? retirementTime.slice(0, 10) : undefined;
  const life = { ...(isStage(stage) && stage !== 'MODEL_STAGE_UNSPECIFIED' ? { stage } : {}), ...(isDay(day) ? { retires: day } : {}) };
  return Object.keys(life).length === 0 ? undefined : (life as ReportedLife);
}

/** What was kept, as far as it can be used. */
export function readLives(stored: unknown): ReportedLives {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return {};
  return Object.fromEntries(Object.entries(stored).filter(([, life]) => isLife(life)));
}

/** The lives with what was said last of a model. */
export function withLife(lives: ReportedLives, model: string, life: ReportedLife): ReportedLives {
  const id = bareId(model);
  const others = Object.entries(lives).filter(([other]) => other !== id);
  return Object.fromEntries([...others.slice(1 - MOST), [id, life]]);
}

/** What Gemini has said of a model; undefined for nothing. */
export function lifeOf(model: string, lives: ReportedLives = {}): ReportedLife | undefined {
  const id = bareId(model);
  return Object.hasOwn(lives, id) ? lives[id] : undefined;
}
