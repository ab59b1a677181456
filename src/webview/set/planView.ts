import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import type { SetPlan, SetSpeed, SpeedForecast } from '../../core/sets/inspectionSet.ts';
import type { FromSetMessage, SetView } from '../../setProtocol.ts';
import { imageCount } from '../text/counts.ts';
import { formatCount, usdRange } from '../text/format.ts';
import { icon } from '../widgets/icon.ts';
import { hoursRange, speedName } from './setWords.ts';

/** Images that are run before all others, to know better what all will cost. */
const TRIED = 3;

/** What the plan takes. */
export interface PlanContext {
  set: SetView;
  /** The chosen speed. */
  speed: SetSpeed;
  choose(speed: SetSpeed): void;
  post(message: FromSetMessage): void;
}

/** What would be sent and what it would cost, before anything is. */
export function planView(context: PlanContext): TemplateResult {
  const { set, post } = context;
  return html`<div class="set-plan" data-testid="set-plan" role="region" aria-label=${t('Plan')}>
    ${set.planning === undefined ? nothing : planning(set.planning, post)}
    ${set.plan === undefined ? nothing : whole(context, set.plan)}
  </div>`;
}

function planning({ done, of }: NonNullable<SetView['planning']>, post: PlanContext['post']): TemplateResult {
  const text =
    of === undefined
      ? t('Looking for images: {0} found', formatCount(done))
      : t('{0} of {1} images looked at', formatCount(done), formatCount(of));
  return html`<div class="set-planning"><progress aria-label=${t('Planning')} .max=${of ?? 1} .value=${of === undefined ? nothing : done}></progress>
    <span class="grow">${text}</span>
    <button type="button" class="button secondary" data-testid="set-cancel" @click=${() => post({ type: 'cancel' })}>${t('Cancel')}</button></div>`;
}

function whole(context: PlanContext, plan: SetPlan): TemplateResult {
  const { set, speed, post } = context;
  const isBusy = set.planning !== undefined || set.isTrying === true;
  return html`<h2>${imageCount(plan.images)}</h2>
    <dl class="set-figures">${figures(plan, set.onlyNew).map(([name, count, why]) => html`<div title=${why || nothing}><dt>${name}</dt><dd>${formatCount(count)}</dd></div>`)}</dl>
    ${
      plan.done === 0
        ? nothing
        : html`<label class="set-switch"><input type="checkbox" role="switch" .checked=${set.onlyNew} ?disabled=${isBusy}
        @change=${({ target }: Event) => post({ type: 'onlyNew', on: (target as HTMLInputElement).checked })} /><span>${t('Only New')}</span>
        <span class="quiet">${t('Leaves out images that have this result already')}</span></label>`
    }
    ${plan.speeds.length === 0 ? nothing : speeds(context, plan.speeds)}
    ${
      plan.speeds.length === 0 || plan.speeds.some((each) => each.speed === 'batch')
        ? nothing
        : html`<p class="note" data-testid="set-no-batch">${t('On Vertex AI a set runs at standard speed only: batches there need a Cloud Storage bucket of your own.')}</p>`
    }
    <p class="note">${set.tried > 0 ? t('{0} tried, and done. The forecast goes by their bill.', imageCount(set.tried)) : t('Estimates. Files with the same content are sent once; whether two are the same may show only when they are read.')}</p>
    ${set.makesRoom === undefined ? nothing : html`<p class="note" data-testid="set-makes-room">${makesRoom(set.makesRoom)}</p>`}
    <div class="buttons">
      <button type="button" class="button" data-testid="set-start" ?disabled=${isBusy || plan.new === 0} @click=${() => post({ type: 'start', speed })}>${icon('play')}${t('Start')}</button>
      <button type="button" class="button secondary" data-testid="set-try" ?disabled=${isBusy || plan.new <= TRIED}
        @click=${() => post({ type: 'tryFirst', speed })}>${set.isTrying ? t('Trying…') : t('Try {0} First', TRIED)}</button>
    </div>
    ${plan.new === 0 && !isBusy ? html`<p class="note" role="status">${t('No image is left to send.')}</p>` : nothing}`;
}

/** Of what there is none is not named, but for what would be sent. */
function figures(plan: SetPlan, onlyNew: boolean): [name: string, count: number, why: string][] {
  const all: [string, number, string][] = [
    [t('To send'), plan.new, ''],
    [onlyNew ? t('Already done') : t('Done before'), plan.done, t('Same content, task, prompt, model, and resolution')],
    [t('Duplicates'), plan.duplicates, t('Same content as another image: sent once')],
    [t('Excluded'), plan.excluded, t('By the setting imageInspector.exclude')],
    [t('Unsupported'), plan.unsupported, t('Of a type that cannot be sent')],
    [t('Broken'), plan.broken, t('Not readable as an image')],
  ];
  return all.filter(([, count], index) => index === 0 || count > 0);
}

function speeds({ set, speed, choose }: PlanContext, forecasts: readonly SpeedForecast[]): TemplateResult {
  return html`<table class="set-speeds"><caption class="visually-hidden">${t('Cost and time by speed')}</caption>
    <thead><tr><th scope="col">${t('Speed')}</th><th scope="col">${t('Input tokens')}</th><th scope="col">${t('Cost')}</th><th scope="col">${t('Time')}</th></tr></thead>
    <tbody>${forecasts.map(
      (forecast) => html`<tr class=${forecast.speed === speed ? 'chosen' : ''} @click=${() => choose(forecast.speed)}>
      <th scope="row"><label><input type="radio" name="speed" value=${forecast.speed} .checked=${forecast.speed === speed} ?disabled=${set.isTrying === true}
        @change=${() => choose(forecast.speed)} />${speedName(forecast.speed)}</label><span class="quiet">${about(forecast.speed)}</span></th>
      ${cell(t('Input tokens'), formatCount(forecast.inputTokens))}
      ${cell(t('Cost'), forecast.costUsd === undefined ? t('price unknown') : usdRange(forecast.costUsd))}
      ${cell(t('Time'), hoursRange(forecast.hours))}</tr>`,
    )}</tbody></table>`;
}

/** `name`: of its column, for pages so narrow that the row becomes a list. */
function cell(name: string, text: string): TemplateResult {
  return html`<td data-name=${name}>${text}</td>`;
}

function makesRoom({ sets, bytes }: NonNullable<SetView['makesRoom']>): string {
  const size = formatBytes(bytes);
  return sets === 1
    ? t('Starting deletes the oldest set that has ended ({0}): all sets together may take 2 GB. Export first what you want to keep.', size)
    : t(
        'Starting deletes the {0} oldest sets that have ended ({1}): all sets together may take 2 GB. Export first what you want to keep.',
        formatCount(sets),
        size,
      );
}

function about(speed: SetSpeed): string {
  switch (speed) {
    case 'standard':
      return t('Right away');
    case 'flex':
      return t('Half the price, when capacity is free');
    case 'batch':
      return t('Half the price, within a day. Images stay at Google until their part ends, at most 48 hours.');
    default:
      return speed satisfies never;
  }
}
