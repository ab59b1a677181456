import { html, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Task } from '../../../core/inspection/inspection.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { describeTask } from '../../text/describeTask.ts';
import type { MenuItem } from '../../widgets/popMenu.ts';

/** The task that the prompt is for; and under the tasks the saved prompts, whose words are put into the field, to be read and run. */
export function taskMenu(page: PageContext): TemplateResult {
  const { session, state } = page;
  const words = describeTask(state.task);
  const tasks = session.tasks.map((task) => ({
    id: task,
    text: describeTask(task).name,
    icon: describeTask(task).icon,
    checked: task === state.task,
  }));
  const saved = (session.savedPrompts ?? []).map(
    ({ name, task, ofWorkspace }, index): MenuItem => ({
      id: String(index),
      text: name,
      icon: describeTask(task).icon,
      ...(index === 0 ? { begins: true } : {}),
      ...(ofWorkspace ? { detail: t('from this workspace') } : {}),
    }),
  );
  return html`<pop-menu .icon=${words.icon} .text=${words.name} .label=${t('Task')} .items=${[...tasks, ...saved]}
    @menu-choose=${({ detail }: CustomEvent<string>) => choose(page, detail)}></pop-menu>`;
}

function choose(page: PageContext, id: string): void {
  const prompt = page.session.savedPrompts?.[Number(id)];
  page.dispatch({ type: 'task', task: prompt?.task ?? (id as Task) });
  if (prompt === undefined) return;
  page.dispatch({ type: 'query', query: prompt.query });
  page.focusPrompt();
}
