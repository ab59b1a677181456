import type { TemplateResult } from 'lit';
import { actionTitle, type FailureAction, type FailureView } from '../../../core/base/failure.ts';
import { t } from '../../../core/base/l10n.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { type Message, type MessageButton, message } from './message.ts';

/** A failure in the words of the host, with its buttons. */
export function failureMessage(page: PageContext, failure: FailureView, testId?: string): TemplateResult {
  return message({
    ...failureLook(failure),
    title: failure.message,
    detail: failure.detail,
    buttons: failure.actions.map((action, index) => actionButton(page, action, index === 0, failure.reason === 'emptyReply')),
    alert: true,
    ...(testId && { testId }),
  });
}

/** The icon of a failure: only some are errors in earnest. */
export function failureLook({ reason }: FailureView): Pick<Message, 'icon' | 'tone'> {
  if (reason === 'noApiKey') return { icon: 'key', tone: '' };
  if (reason === 'rateLimited' || reason === 'overloaded') return { icon: 'watch', tone: 'warning' };
  return { icon: 'error', tone: 'error' };
}

/** The button for an action; the first of a message is the primary one. */
export function actionButton(page: PageContext, action: FailureAction, primary: boolean, again = false): MessageButton {
  return {
    text: again && action === 'tryAgain' ? t('Run Again') : actionTitle(action),
    kind: primary ? 'primary' : action === 'openLog' ? 'link' : 'secondary',
    ...(action === 'getApiKey' && { icon: 'link-external' }),
    click: () => (action === 'editPrompt' ? page.focusPrompt() : page.post({ type: 'act', action })),
  };
}
