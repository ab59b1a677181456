import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { t } from '../../../core/base/l10n.ts';
import type { Task } from '../../../core/inspection/inspection.ts';
import { pastOf, threadTo } from '../../../core/inspection/thread.ts';
import { waitOf } from '../../result/sessionChanges.ts';
import { followedBy } from '../../result/shownResult.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { describeTask } from '../../text/describeTask.ts';
import { formatCount, imageTokensOf, promptCost } from '../../text/format.ts';
import { regionOf } from '../../viewer/region.ts';
import { icon } from '../../widgets/icon.ts';
import { secondsLeft } from '../messages/waiting.ts';
import { gridNote } from './gridNote.ts';
import { placesMenu } from './placesMenu.ts';
import { sizeMenu } from './sizeMenu.ts';
import { speedMenu } from './speedMenu.ts';
import { taskMenu } from './taskMenu.ts';

/** Why the prompt cannot be run now, or nothing. */
export function canRun({ session }: Pick<PageContext, 'session'>, task: Task, query: string): boolean {
  const image = session.images[0];
  return (
    image !== undefined && !image.problem && !session.running && session.tasks.includes(task) && (task !== 'ask' || query.trim() !== '')
  );
}

/** Words, task, model, Run or Cancel, and the cost. */
export function promptBox(page: PageContext): TemplateResult {
  const { session, state } = page;
  const { running } = session;
  return html`<div class="prompt">
    <div class="prompt-box">
      <textarea data-testid="prompt" rows="2" aria-label=${t('Prompt')} placeholder=${placeholder(page)} .value=${live(state.query)}
        @input=${(event: InputEvent) => page.dispatch({ type: 'query', query: (event.target as HTMLTextAreaElement).value })}
        @keydown=${(event: KeyboardEvent) => promptKey(page, event)}></textarea>
      <div class="prompt-controls">
        ${taskMenu(page)}
        <button type="button" class="tool text model" title=${t('Model and resolution')} aria-label=${t('Model: {0}', session.model)}
          @click=${() => page.post({ type: 'act', action: 'selectModel' })}><span class="clip">${session.model}</span>${icon('chevron-down', 'arrow')}</button>
        <span class="grow"></span>
        ${
          running
            ? html`<button type="button" class="button secondary" data-testid="cancel" title=${t('Cancel (Esc)')} @click=${() => page.post({ type: 'cancel' })}>${icon('debug-stop')}${t('Cancel')}</button>`
            : html`<button type="button" class="button primary" data-testid="run" title=${t('Run (Enter)')} ?disabled=${!canRun(page, state.task, state.query)}
                @click=${() => page.run(state.task, state.query)}>${icon('play')}${t('Run')}</button>`
        }
      </div>
    </div>
    ${costEstimate(page)}${gridNote(page)}
  </div>`;
}

function placeholder({ session, state, shown }: PageContext): string {
  return state.task === 'ask' && followedBy(session, shown) ? t('Ask a follow-up') : describeTask(state.task).placeholder;
}

function costEstimate(page: PageContext): TemplateResult | typeof nothing {
  const { session, state, shown } = page;
  const { running } = session;
  const wait = running && waitOf(running);
  if (wait) {
    const text = t('Waiting {0} s · attempt {1} of {2}', secondsLeft(wait), wait.attempt, wait.attempts);
    return html`<div class="cost" data-testid="cost">${text}</div>`;
  }
  if (running?.outputTokens !== undefined) {
    return html`<div class="cost" data-testid="cost">${t('Receiving… {0} output tokens', formatCount(running.outputTokens))}</div>`;
  }
  const task = running?.task ?? state.task;
  const followed = task === 'ask' ? followedBy(session, shown) : undefined;
  // The conversation is sent along.
  const past = followed ? pastOf(threadTo(session.runs, followed.id)).map(({ prompt, raw }) => prompt + raw) : [];
  const compared = task === 'compare' && shown.images.length < 2 ? session.images : shown.images;
  const others = followed !== undefined || task === 'compare' ? compared.slice(1).map(({ uri }) => uri) : [];
  const region = followed === undefined || others.length === 0 ? regionOf(page) : undefined;
  const basis = session.cost && {
    ...session.cost,
    imageTokens: imageTokensOf(session.cost, { ...session, image: session.images[0], region }),
  };
  const cost = promptCost(basis, task, [...past, running?.prompt ?? state.query.trim()].join(''), others, session.pointInAnswers);
  return html`<div class="cost cost-row"><span class="grow" data-testid="cost" title=${cost?.title ?? nothing}>${cost?.text ?? ''}</span>
    ${placesMenu(page)}${speedMenu(page)}${sizeMenu(page)}<button type="button" class="link" title=${t('What is sent (W)')} ?disabled=${session.images[0] === undefined || session.images[0].problem !== undefined} @click=${() => page.toggleSent()}>${t('What Is Sent?')}</button></div>${modelNote(page)}`;
}

/** That the model is to end, or that another one answers for it. */
function modelNote({ session: { model, cost } }: PageContext): TemplateResult | typeof nothing {
  if (cost?.modelNotes === undefined) return nothing;
  return html`<div class="cost" data-testid="model-note">${model}: ${cost.modelNotes.join(', ')}</div>`;
}

function promptKey(page: PageContext, event: KeyboardEvent): void {
  // Keys that end a composition belong to the input method. 229: what older engines send meanwhile.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    page.run(page.state.task, page.state.query);
  } else if (event.key === 'ArrowUp') {
    const earlier = earlierQuery(page);
    if (earlier !== undefined) page.dispatch({ type: 'query', query: earlier });
  }
}

/** What the Up key brings: in an empty field the last words, for labels from there on the lists before. */
function earlierQuery({ session, state }: PageContext): string | undefined {
  const { task, query } = state;
  if (task === 'classify') {
    const lists = session.labelLists ?? [];
    if (query === '' || lists.includes(query)) return lists[lists.indexOf(query) + 1];
    return undefined;
  }
  return query === '' ? session.runs.findLast(({ prompt }) => prompt !== '')?.prompt : undefined;
}
