import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { TriedTask, TryChoice, TryView } from '../../tryProtocol.ts';
import { describeTask } from '../text/describeTask.ts';
import { icon } from '../widgets/icon.ts';

/** What the choices take. */
export interface ChoicesContext {
  view: TryView;
  /** Words that were typed here, also where they are not to be tried any more. */
  typed: readonly string[];
  /** While it runs. */
  disabled: boolean;
  choose(part: Partial<TryChoice>): void;
}

const TASKS: readonly TriedTask[] = ['detect', 'segment'];

/** What is tried: the task, models, resolutions and words, by check boxes. */
export function tryChoices(context: ChoicesContext): TemplateResult {
  const { view, disabled, choose } = context;
  const { task, models, resolutions } = view.choice;
  return html`<details class="try-what" .open=${view.run === undefined}><summary>${t('What to Try')}</summary><div class="try-choices">
    <fieldset ?disabled=${disabled}><legend>${t('Task')}</legend>${TASKS.map(
      (one) =>
        html`<label class="try-check"><input type="radio" name="task" .checked=${one === task} @change=${() => choose({ task: one })} />${describeTask(one).title}</label>`,
    )}</fieldset>
    <fieldset class="try-models" ?disabled=${disabled}><legend>${t('Models')}</legend>${view.models.map(({ id, price, about }) =>
      check({
        text: id,
        about: price,
        title: about,
        isOn: models.includes(id),
        set: (on) =>
          choose({
            models: inOrder(
              view.models.map((model) => model.id),
              models,
              id,
              on,
            ),
          }),
      }),
    )}</fieldset>
    <fieldset ?disabled=${disabled}><legend>${t('Resolutions')}</legend>${view.resolutions.map(({ value, name }) =>
      check({
        text: name,
        isOn: resolutions.includes(value),
        set: (on) =>
          choose({
            resolutions: inOrder(
              view.resolutions.map((one) => one.value),
              resolutions,
              value,
              on,
            ),
          }),
      }),
    )}</fieldset>
    ${prompts(context)}
  </div></details>`;
}

/** Words that were typed, and those that were saved for the task. */
function prompts({ view, typed, disabled, choose }: ChoicesContext): TemplateResult {
  const { task, queries } = view.choice;
  const saved = view.prompts.filter((prompt) => prompt.task === task);
  const own = [...new Set(['', ...typed, ...queries])].filter((query) => !saved.some((prompt) => prompt.query === query));
  const set = (query: string, on: boolean) =>
    choose({ queries: on ? [...new Set([...queries, query])] : queries.filter((one) => one !== query) });
  const add = (event: Event) => {
    event.preventDefault();
    const field = (event.target as Element).querySelector('input');
    if (field === null) return;
    set(field.value.trim(), true);
    field.value = '';
  };
  return html`<fieldset ?disabled=${disabled}><legend>${t('Prompts')}</legend>
    ${own.map((query) => check({ text: query || t('All prominent objects'), isOn: queries.includes(query), set: (on) => set(query, on) }))}
    ${saved.map(({ name, query }) => check({ text: name, about: query, isOn: queries.includes(query), set: (on) => set(query, on) }))}
    <form class="try-add" @submit=${add}><input type="text" class="filter-text" spellcheck="false" aria-label=${t('Another prompt')} placeholder=${t('Objects to find')} />
      <button type="submit" class="button secondary">${icon('add')}${t('Add')}</button></form></fieldset>`;
}

function check({
  text,
  about,
  title,
  isOn,
  set,
}: {
  text: string;
  about?: string;
  title?: string;
  isOn: boolean;
  set(on: boolean): void;
}): TemplateResult {
  return html`<label class="try-check" title=${title ?? nothing}><input type="checkbox" .checked=${isOn} @change=${({ target }: Event) => set((target as HTMLInputElement).checked)} />
    <span>${text}${about ? html` <span class="quiet">${about}</span>` : nothing}</span></label>`;
}

/** With or without one of them, in the order in which they are listed. */
function inOrder<Value>(all: readonly Value[], chosen: readonly Value[], value: Value, on: boolean): Value[] {
  return all.filter((one) => (one === value ? on : chosen.includes(one)));
}
