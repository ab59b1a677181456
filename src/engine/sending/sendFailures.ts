import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';

/** The failure where a key is needed and there is none. */
export function noApiKey(): InspectorError {
  return new InspectorError('noApiKey', t('Set a Gemini API key to run tasks.'), {
    detail: t("It is kept in VS Code's secret storage on this computer and used only to call Gemini."),
    actions: ['setApiKey', 'getApiKey'],
  });
}

/** The failure where nothing was heard for so many milliseconds. */
export function noAnswer(milliseconds: number): InspectorError {
  return new InspectorError('timeout', t('Gemini did not answer within {0} s.', Math.round(milliseconds / 1000)), {
    actions: ['tryAgain', 'openLog'],
  });
}
