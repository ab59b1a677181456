import { bareId, withoutVersion } from './modelId.ts';

/** What was asked, and what the reply says of who answered. */
export interface Answered {
  model: string;
  modelVersion?: string | undefined;
}

/**
 * The model that answered, where it is another than the one that was asked: the API passes requests on in silence. A version of the same model is
 * none, and neither is what an id without a number, such as `gemini-flash-latest`, stands for.
 */
export function reroutedModel({ model, modelVersion }: Answered): string | undefined {
  if (modelVersion === undefined) return undefined;
  const asked = withoutVersion(bareId(model).toLowerCase());
  const answered = withoutVersion(bareId(modelVersion).toLowerCase());
  const isAlias = !/\d/.test(asked);
  return answered === asked || (isAlias && answered.replace(/-\d+(\.\d+)?(?=-|$)/, '') === asked) ? undefined : bareId(modelVersion);
}
