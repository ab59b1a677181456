import type { TemplateResult } from 'lit';
import type { FailureAction, FailureView } from '../../core/failure.ts';
import { t } from '../../core/l10n.ts';
import type { PageContext } from '../pageContext.ts';
import { type MessageButton, message } from './message.ts';

/** A failure in the words of the host, with its buttons. */
export function failureMessage(page: PageContext, failure: FailureView, testId?: string): TemplateResult {
  return message({
    icon: failure.reason === 'noApiKey' ? 'key' : failure.reason === 'rateLimited' || failure.reason === 'overloaded' ? 'watch' : 'error',
    tone: failure.reason === 'noApiKey' ? '' : failure.reason === 'rateLimited' || failure.reason === 'overloaded' ? 'warning' : 'error',
    title: failure.message,
    detail: failure.detail,
    buttons: failure.actions.map((action, index) => actionButton(page, action, index === 0, failure.reason === 'emptyReply')),
    alert: true,
    ...(testId && { testId }),
  });
}

/** The button for an action; the first of a message is the primary one. */
export function actionButton(page: PageContext, action: FailureAction, primary: boolean, again = false): MessageButton {
  const words: Record<FailureAction, string> = {
    setApiKey: t('Set API Key…'),
    getApiKey: t('Get a Key'),
    selectModel: t('Choose Model…'),
    openLog: t('Open Log'),
    openSettings: t('Open Settings'),
    openAsText: t('Open as Text'),
    tryAgain: again ? t('Run Again') : t('Try Again'),
    editPrompt: t('Edit Prompt'),
  };
  return {
    text: words[action],
    kind: primary ? 'primary' : action === 'openLog' ? 'link' : 'secondary',
    ...(action === 'getApiKey' && { icon: 'link-external' }),
    click: () => (action === 'editPrompt' ? page.focusPrompt() : page.post({ type: 'act', action })),
  };
}
