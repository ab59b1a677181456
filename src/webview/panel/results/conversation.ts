import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import { MOST_PAST } from '../../../core/inspection/thread.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { describeTask } from '../../text/describeTask.ts';
import { runCost } from '../../text/format.ts';
import { toolButton } from '../../widgets/toolButton.ts';
import { messageButton } from '../messages/message.ts';
import { drawnAnswer, drawnAnswerSoFar } from './answerText.ts';
import { copyAnswerMenu } from './copyAnswer.ts';
import { answeringModel, reviewNote } from './runHead.ts';

/** Questions and answers, oldest first; the one that is being answered last. It stands at its end until it is scrolled. */
export function conversation(page: PageContext): TemplateResult {
  const { thread, running, task } = page.shown;
  const last = thread.length - 1;
  // What is said while it comes is said once, at its end, by the page's own live region.
  return html`<div class="scroll talk" tabindex="0" role="region" aria-label=${t('Conversation')}>
    <div>
      <div role="log" aria-live="off" data-testid="conversation" aria-label=${t('Conversation')}>
        ${thread.map(
          (
            run,
            index,
          ) => html`${index > 0 && index === thread.length - MOST_PAST ? html`<p class="note forgotten">${t('The messages above are no longer sent.')}</p>` : nothing}
            ${turn(page, run, index === last && !running)}`,
        )}
        ${running && task ? html`${question(asked(running))}<div class="caption" data-testid="caption">${drawnAnswerSoFar(page, running.text)}</div>` : nothing}
      </div>
      ${running ? nothing : html`${reviewNote(page, thread.at(-1))}<div class="buttons">${messageButton({ text: t('New Question'), kind: 'secondary', icon: 'add', click: () => startAnew(page) })}</div>`}
    </div>
  </div>`;
}

function turn(page: PageContext, run: Inspection, isLast: boolean): TemplateResult {
  const text = run.text ?? '';
  const cost = runCost(run.tokens, run.speed, run.askedSpeed ?? run.speed, run.brokenOff !== undefined);
  return html`${question(asked(run))}
    <div class="caption" data-testid=${isLast ? 'caption' : nothing}>${drawnAnswer(page, run, text)}</div>
    <div class="turn-end"><span class="clip" title=${cost.title}>${answeringModel(run)} · ${cost.text}</span>
      ${toolButton({ icon: 'copy', title: t('Copy answer'), click: () => page.post({ type: 'act', action: 'copyText', text }) })}${text === '' ? nothing : copyAnswerMenu(page, run)}</div>`;
}

/** The words of the user, or what the task does without them. */
function asked({ task, prompt }: Pick<Inspection, 'task' | 'prompt'>): string {
  return prompt.trim() || describeTask(task).run;
}

function question(text: string): TemplateResult {
  return html`<div class="question">${text}</div>`;
}

function startAnew(page: PageContext): void {
  page.post({ type: 'show', run: undefined });
  page.dispatch({ type: 'task', task: 'ask' });
  page.focusPrompt();
}
