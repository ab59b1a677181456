import { t } from '../base/l10n.ts';
import { currentModels, modelInfo, retiredSince } from './models.ts';
import { lifeOf, type ReportedLives } from './reportedLife.ts';

/** A model as the API lists it for a key. */
export interface LiveModel {
  /** Without `models/`. */
  id: string;
  /** Tokens. */
  inputTokenLimit?: number;
}

/** A model that can be chosen. */
export interface OfferedModel {
  id: string;
  /** Tokens, where the API told. */
  inputTokenLimit?: number;
  /** What else has to be said of it, for people. */
  remarks: string[];
}

/** Models that answer no question about an image by `generateContent`, by a word of their id: those for speech and pictures, for the Live API, and for decisions. */
const OTHER_KINDS =
  /(^|-)(tts|live|streaming|embedding|transcribe|translate|audio|image|imagen|segmentation|banana|veo|lyria|aqa|decision|research)(-|$)/;

/**
 * The models to choose from: those of the table that the API lists, best known first, then what else it lists; and first of all the one that holds, if it is none
 * of them.
 * @param live undefined where the API could not be asked: the table then stands alone
 */
export function offeredModels(holding: string, live: readonly LiveModel[] | undefined, date: Date, lives?: ReportedLives): OfferedModel[] {
  const listed = new Map(live?.map((model) => [model.id, model]));
  const known = currentModels(date).flatMap(({ id }) =>
    (live === undefined || listed.has(id)) && !isRetired(id, date, lives) ? [id] : [],
  );
  const others = [...listed.keys()].filter((id) => !known.includes(id) && !OTHER_KINDS.test(id) && !isRetired(id, date, lives));
  const offered = [...known, ...others].map((id): OfferedModel => {
    const limit = listed.get(id)?.inputTokenLimit;
    return { id, remarks: [], ...(limit === undefined ? {} : { inputTokenLimit: limit }) };
  });
  if (offered.some(({ id }) => id === holding)) return offered;
  return [{ id: holding, remarks: live === undefined || listed.has(holding) ? [] : [t('not listed for this key')] }, ...offered];
}

/** The list goes on naming some that answer no more. What Gemini has said of a model stands in place of the table. */
function isRetired(id: string, date: Date, lives: ReportedLives | undefined): boolean {
  const { stage, retires } = lifeOf(id, lives) ?? {};
  if (retires !== undefined) return retires <= date.toISOString().slice(0, 10);
  return stage === 'RETIRED' || retiredSince(modelInfo(id, date), date) !== undefined;
}
