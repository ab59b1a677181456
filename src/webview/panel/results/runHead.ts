import { html, nothing, type TemplateResult } from 'lit';
import { formatUsd } from '../../../core/base/format.ts';
import { t } from '../../../core/base/l10n.ts';
import { type Inspection, isConsensus, wasAsked } from '../../../core/inspection/inspection.ts';
import { requestKey } from '../../../core/masks/stability.ts';
import { reroutedModel } from '../../../core/models/reroutedModel.ts';
import { estimateCheck } from '../../../core/request/checkEstimate.ts';
import { isCheck } from '../../../core/request/decision.ts';
import type { SessionState } from '../../../protocol.ts';
import { comparableRuns, seriesOf } from '../../result/comparison.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { describeRun, origin, runTitle, thinkingText } from '../../text/describeTask.ts';
import { formatCount, formatSeconds, runCost } from '../../text/format.ts';
import { icon } from '../../widgets/icon.ts';
import type { MenuItem } from '../../widgets/popMenu.ts';
import { toolButton } from '../../widgets/toolButton.ts';
import { comparisonHead, runItem } from '../comparison/comparisonPanel.ts';

/** The head of the panel: which run is shown, earlier runs, the raw reply, export, delete. */
export function runHead(page: PageContext): TemplateResult {
  const { session, shown, state } = page;
  const { running, compared } = shown;
  // What a person has only begun is nowhere yet.
  const run = shown.run?.id === '' ? undefined : shown.run;
  if (compared && !session.pair) return comparisonHead(page, compared);
  const current = running ?? run;
  return html`<div class="head">
    ${
      session.runs.length > 0 && !running
        ? html`<pop-menu class="run-picker" .testId=${'runs'} .icon=${current ? describeRun(current).icon : ''} .text=${current ? runTitle(current) : t('Inspect')}
            .label=${t('Earlier runs of this image (Y, Shift+Y)')} .items=${runItems(session.runs, run)}
            @menu-choose=${({ detail }: CustomEvent<string>) => page.post({ type: 'show', run: detail || undefined })}></pop-menu>`
        : html`<h2 class="head-title" data-testid="runs">${current ? icon(describeRun(current).icon) : nothing}<span class="clip">${current ? runTitle(current) : t('Inspect')}</span></h2>`
    }
    ${run && isSample(session, run) ? html`<span class="badge">${t('Sample')}</span>` : nothing}
    ${run && !wasAsked(run) ? html`<span class="badge">${origin(run)}</span>` : nothing}
    <span class="grow"></span>
    ${run && comparableRuns(session, run).length > 1 ? toolButton({ icon: 'git-compare', title: t('Compare runs (V)'), click: page.compareShown }) : nothing}
    ${run && run.source !== 'person' && !isConsensus(run) ? toolButton({ icon: 'json', title: t('Show raw reply (J)'), pressed: state.raw, click: () => page.dispatch({ type: 'toggleRaw' }) }) : nothing}
    ${run ? toolButton({ icon: 'export', title: t('Export… (E)'), testId: 'export', click: () => page.post({ type: 'export', run: run.id }) }) : nothing}
    ${
      run
        ? html`<pop-menu .icon=${'ellipsis'} .label=${t('More actions')} .arrow=${false} .items=${moreItems(session, run)}
            @menu-choose=${({ detail }: CustomEvent<MoreAction>) => doMore(page, run, detail)}></pop-menu>`
        : nothing
    }
  </div>
  ${running ? html`<div class="progress" aria-hidden="true"><i></i></div>` : nothing}`;
}

type MoreAction =
  | 'runAgain'
  | 'stability'
  | 'repeat'
  | 'verify'
  | 'copyAsCode'
  | 'savePrompt'
  | 'export'
  | 'openRaw'
  | 'showPast'
  | 'deleteRun';

/** What can be done with a run. A sample was never asked for, and stays; what was pasted was not asked for here, but can go. */
function moreItems(session: SessionState, run: Inspection): (MenuItem & { id: MoreAction })[] {
  const series = seriesOf(session, run).length;
  const checking = isCheck(run);
  const items: (false | (MenuItem & { id: MoreAction }))[] = [
    !checking && { id: 'runAgain', text: t('Run Again'), icon: 'play' },
    !checking && series > 1 && { id: 'stability', text: t('Stability of {0} Runs', series), icon: 'layers' },
    !checking && { id: 'repeat', text: t('Repeat…'), icon: 'debug-rerun' },
    run.task !== 'readText' && run.detections?.some(({ point }) => point === undefined) === true && checkItem(session, run),
    !checking && { id: 'copyAsCode', text: t('Copy as Code…'), icon: 'code' },
    !checking && run.prompt !== '' && { id: 'savePrompt', text: t('Save Prompt…'), icon: 'save' },
    { id: 'export', text: t('Export…'), icon: 'export', detail: 'E' },
    { id: 'openRaw', text: t('Open Raw Reply in Editor'), icon: 'go-to-file' },
    { id: 'showPast', text: t('What Was Sent'), icon: 'shield' },
    { id: 'deleteRun', text: t('Delete Run'), icon: 'trash' },
  ];
  const possible = items.filter((item) => item !== false);
  if (isSample(session, run)) return possible.filter(({ id }) => id === 'export' || id === 'openRaw');
  return wasAsked(run)
    ? possible
    : possible.filter(({ id }) => id === 'export' || (id === 'openRaw' && run.raw !== '') || id === 'deleteRun');
}

/** With what it would cost, said before anything is sent; where it cannot be done, with the reason. */
function checkItem({ checking }: SessionState, run: Inspection): MenuItem & { id: MoreAction } {
  const item = { id: 'verify', text: isCheck(run) ? t('Check Again') : t('Check Objects'), icon: 'checklist' } as const;
  if (checking === undefined)
    return {
      ...item,
      detail: t('not on Vertex AI'),
      unavailable: t('The Decisions API belongs to the Gemini API: choose that as the backend to check objects.'),
    };
  const tokens = estimateCheck(run);
  const cost = checking.inputPrice === undefined ? t('{0} tok', formatCount(tokens)) : formatUsd((tokens * checking.inputPrice) / 1e6);
  return { ...item, detail: `≈ ${cost}` };
}

function doMore(page: PageContext, { id: run, raw }: Inspection, action: MoreAction): void {
  if (action === 'openRaw') page.post({ type: 'act', action: 'openText', text: raw });
  else if (action === 'stability') page.compare({ kind: 'series', run });
  else page.post(action === 'runAgain' ? { type: 'act', action: 'tryAgain' } : { type: action, run });
}

/** Latest first, and at the end the way back to the task chooser. */
function runItems(runs: readonly Inspection[], shown: Inspection | undefined): MenuItem[] {
  const items = foldRepeats(runs, shown)
    .reverse()
    .map(({ run, times }) => ({ ...runItem(run, times), checked: run === shown }));
  return [...items, { id: '', text: t('New Task'), icon: 'add', checked: shown === undefined }];
}

/** Runs in a row that asked the same are one entry with the latest of them, unless the shown one is among them. */
export function foldRepeats(runs: readonly Inspection[], shown: Inspection | undefined): { run: Inspection; times: number }[] {
  const shownKey = shown && keyOf(shown);
  const folded: { run: Inspection; times: number }[] = [];
  for (const run of runs) {
    const last = folded.at(-1);
    if (last && keyOf(last.run) === keyOf(run) && keyOf(run) !== shownKey) folded[folded.length - 1] = { run, times: last.times + 1 };
    else folded.push({ run, times: 1 });
  }
  return folded;
}

const keys = new WeakMap<Inspection, string>();

function keyOf(run: Inspection): string {
  const key = keys.get(run) ?? requestKey(run);
  keys.set(run, key);
  return key;
}

/** Model and cost of a finished run; of a sample or a pasted reply, that it is one. */
export function costLine({ session }: PageContext, run: Inspection): TemplateResult {
  if (isSample(session, run)) return html`<div class="cost-line">${t('Bundled answer. Nothing was sent.')}</div>`;
  if (run.source === 'file')
    return html`<div class="cost-line"><span class="clip grow" data-testid="answered-by">${t('From a label file, not from Gemini')}</span></div>`;
  if (run.source === 'person' || isConsensus(run))
    return html`<div class="cost-line"><span class="clip grow" data-testid="answered-by">${t('{0}. Nothing was sent.', origin(run))}</span></div>`;
  if (!wasAsked(run)) {
    const assumed = t('Places are taken as relative to the whole image, 0 to 1000, unless the reply says otherwise.');
    return html`<div class="cost-line"><span class="clip grow" data-testid="answered-by" title=${assumed}>${t('Pasted, not from Gemini')}</span></div>`;
  }
  const cost = runCost(run.tokens, run.speed, run.askedSpeed ?? run.speed, run.brokenOff !== undefined);
  const other = reroutedModel(run);
  const asked = other === undefined ? answeringModel(run) : t('Asked {0}, answered by {1}', run.model, other);
  return html`<div class="cost-line"><span class="clip grow" data-testid="answered-by" title=${asked}>${[answeringModel(run), thinkingText(run.request?.thinking)].filter(Boolean).join(' · ')}</span>
    <span title=${cost.title}>${run.seconds === undefined ? nothing : `${formatSeconds(run.seconds)} · `}${cost.text}</span></div>${maskCost(run)}`;
}

/** What the cost of a run leaves out, since nobody knows it. */
function maskCost({ maskEngine }: Inspection): TemplateResult | typeof nothing {
  if (maskEngine === undefined) return nothing;
  const text = t('Masks: {0} calls, price not published here', maskEngine.calls);
  return html`<div class="cost-line" data-testid="mask-cost"><span class="clip grow" title=${`${maskEngine.model} · ${text}`}>${text}</span></div>`;
}

/** Who answered; in so many words where it is not who was asked. */
export function answeringModel(run: Inspection): string {
  const other = reroutedModel(run);
  return other === undefined ? origin(run) : t('Answered by {0}', other);
}

/** Said at the end of every answer of a model. */
export function reviewNote({ session }: PageContext, run: Inspection | undefined): TemplateResult | typeof nothing {
  if (run === undefined || isSample(session, run) || !(wasAsked(run) || isConsensus(run))) return nothing;
  return html`<p class="note" data-testid="review">${t("A model's answer: check it before you rely on it.")}</p>`;
}

function isSample({ samples }: SessionState, { id }: Inspection): boolean {
  return samples?.includes(id) ?? false;
}
