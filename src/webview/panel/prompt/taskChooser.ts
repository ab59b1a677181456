import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { describeTask } from '../../text/describeTask.ts';
import { icon } from '../../widgets/icon.ts';
import { actionButton } from '../messages/failure.ts';
import { message } from '../messages/message.ts';

/** What the panel holds before the first task: what can be done, and the key if it is missing. */
export function taskChooser(page: PageContext): TemplateResult {
  const { session } = page;
  return html`<div class="scroll">
    ${session.hasKey || session.failure ? nothing : keyMessage(page)}
    <h2 class="subtitle">${t('What do you want to know about this image?')}</h2>
    <div role="group" aria-label=${t('Tasks')}>${session.tasks.map((task) => {
      const words = describeTask(task);
      return html`<button type="button" class="task" data-task=${task} ?disabled=${session.images[0]?.problem !== undefined} @click=${() => (task === 'ask' ? choose(page) : page.run(task, ''))}>
        ${icon(words.icon)}<span class="grow"><span class="task-title">${words.title}</span><span class="task-description">${words.description}</span></span
        >${words.key === '' ? nothing : html`<kbd aria-hidden="true">${words.key}</kbd>`}
      </button>`;
    })}</div>
    <p class="note">${t('Nothing is sent until you run a task. To send only a part, press R and drag over the image.')}</p>
    <p class="note"><button type="button" class="link" @click=${() => page.post({ type: 'act', action: 'openSample' })}>${t('Try the Sample')}</button> ${t('needs no key, sends nothing')}</p>
  </div>`;
}

/** A question needs words first. */
function choose(page: PageContext): void {
  page.dispatch({ type: 'task', task: 'ask' });
  page.focusPrompt();
}

function keyMessage(page: PageContext): TemplateResult {
  return message({
    icon: 'key',
    tone: '',
    title: t('Set a Gemini API key to run tasks.'),
    detail: t("It is kept in VS Code's secret storage on this computer and used only to call Gemini."),
    buttons: [actionButton(page, 'setApiKey', true), actionButton(page, 'getApiKey', false)],
  });
}
