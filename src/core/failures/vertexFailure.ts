import { type FailureAction, type FailureReason, InspectorError } from '../base/failure.ts';
import { t } from '../base/l10n.ts';
import { sanitizeForUi } from '../base/sanitizeForUi.ts';
import type { VertexPlace } from '../models/vertex.ts';
import type { ApiError } from './apiError.ts';

/** What an error of Vertex AI means where it is not the same as with a key; undefined where it is. */
export function vertexMessage(
  reason: FailureReason,
  { reasons, enableUrl }: Pick<ApiError, 'reasons' | 'enableUrl'>,
  { project, location }: VertexPlace,
  model: string | undefined,
): { message: string; detail: string; actions: FailureAction[] } | undefined {
  switch (reason) {
    case 'invalidApiKey':
      return { message: t('Google Cloud did not accept the credentials.'), detail: howToSignIn(), actions: ['openLog'] };
    case 'permissionDenied':
      return {
        message: t('These credentials may not use Vertex AI in the project "{0}".', sanitizeForUi(project)),
        detail: reasons.includes('SERVICE_DISABLED')
          ? t("The Vertex AI API isn't enabled in this project.")
          : t('They need the role Vertex AI User there.'),
        actions: [
          ...(reasons.includes('SERVICE_DISABLED') && enableUrl !== undefined ? ['enableApi' as const] : []),
          'openSettings',
          'openLog',
        ],
      };
    case 'modelNotFound':
      return {
        message: t(
          'Vertex AI has no model "{0}" at the location "{1}" for this project.',
          sanitizeForUi(model ?? ''),
          sanitizeForUi(location),
        ),
        detail: '',
        actions: ['selectModel', 'openSettings'],
      };
    case 'quotaExhausted':
      return {
        message: t('The quota of the project "{0}" is used up. Waiting a minute will not help.', sanitizeForUi(project)),
        detail: '',
        actions: ['selectModel', 'openLog'],
      };
    default:
      return undefined;
  }
}

/** The failure where there are no credentials, or where they are refused. `cause`: for the log; without anything secret. */
export function credentialsFailure(found: boolean, cause: Error): InspectorError {
  return found
    ? new InspectorError('invalidApiKey', t('Google Cloud did not accept the credentials.'), {
        detail: howToSignIn(),
        actions: ['openLog'],
        cause,
      })
    : new InspectorError('noApiKey', t('No credentials of Google Cloud were found.'), {
        detail: howToSignIn(),
        actions: ['openLog'],
        cause,
      });
}

function howToSignIn(): string {
  return t('Run "gcloud auth application-default login" in a terminal, then try again.');
}

/** The failure for what only the Gemini API has. */
export function notWithVertex(what: 'files' | 'models' | 'key' | 'decisions' | 'batches'): InspectorError {
  const messages = {
    files: t('Vertex AI keeps no uploaded images: they go inside the request.'),
    models: t('Vertex AI lists no models.'),
    batches: t('Vertex AI takes batches from Cloud Storage only, so they are not offered there.'),
    decisions: t('Objects cannot be checked on Vertex AI.'),
    key: t('No key is used: the setting "Backend" asks Vertex AI, with the credentials of Google Cloud.'),
  };
  return new InspectorError(what === 'decisions' || what === 'batches' ? 'unsupported' : 'permissionDenied', messages[what], {
    actions: ['openSettings'],
  });
}
