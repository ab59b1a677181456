import { t } from '../base/l10n.ts';
import { currentModels, modelInfo } from './models.ts';

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

/** Models that answer no question about an image, by a word of their id. */
const OTHER_KINDS = /(^|-)(tts|live|embedding|transcribe|audio|image|imagen|veo|lyria|aqa)(-|$)/;

/**
 * The models to choose from: those of the table that the API lists, best known first, then what else it lists; and first of all the one that holds, if it is none
 * of them.
 * @param live undefined where the API could not be asked: the table then stands alone
 */
export function offeredModels(holding: string, live: readonly LiveModel[] | undefined, date: Date): OfferedModel[] {
  const listed = new Map(live?.map((model) => [model.id, model]));
  const known = currentModels(date).flatMap(({ id }) => (live === undefined || listed.has(id) ? [id] : []));
  const others = [...listed.keys()].filter((id) => !known.includes(id) && !OTHER_KINDS.test(id) && !isRetired(id, date));
  const offered = [...known, ...others].map((id): OfferedModel => {
    const limit = listed.get(id)?.inputTokenLimit;
    return { id, remarks: [], ...(limit === undefined ? {} : { inputTokenLimit: limit }) };
  });
  if (offered.some(({ id }) => id === holding)) return offered;
  return [{ id: holding, remarks: live === undefined || listed.has(holding) ? [] : [t('not listed for this key')] }, ...offered];
}

/** The list goes on naming some that answer no more. */
function isRetired(id: string, date: Date): boolean {
  return modelInfo(id, date).status === 'retired';
}
