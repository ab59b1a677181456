import { diffWordsWithSpace } from 'diff';
import { html, nothing, type TemplateResult } from 'lit';
import { formatUsd } from '../../../core/base/format.ts';
import { t } from '../../../core/base/l10n.ts';
import { type Inspection, wasAsked } from '../../../core/inspection/inspection.ts';
import { MATCHED_FROM, SAME_FROM } from '../../../core/masks/matchDetections.ts';
import { comparableRuns } from '../../result/comparison.ts';
import type { Compared, Comparing } from '../../result/types.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { objectCount } from '../../text/counts.ts';
import { describeRun, origin, runTitle, thinkingText } from '../../text/describeTask.ts';
import { formatCount, formatSeconds, runCost } from '../../text/format.ts';
import { icon } from '../../widgets/icon.ts';
import type { MenuItem } from '../../widgets/popMenu.ts';
import { toolButton } from '../../widgets/toolButton.ts';
import { details } from '../objects/details.ts';
import { hiddenNote } from '../objects/filterBar.ts';
import { objectList } from '../objects/objectList.ts';
import { evaluationFigures } from './evaluationFigures.ts';

/** The head of the panel while runs are compared. */
export function comparisonHead(page: PageContext, { kind }: Compared): TemplateResult {
  const { comparing } = page.state;
  return html`<div class="head">
    <h2 class="head-title" data-testid="runs">${icon('git-compare')}<span class="clip">${kind === 'runs' ? t('Compare runs') : t('Stability')}</span></h2>
    <span class="grow"></span>
    ${comparing?.kind === 'runs' ? toolButton({ icon: 'arrow-swap', title: t('Swap A and B'), click: () => page.compare({ ...comparing, a: comparing.b, b: comparing.a }) }) : nothing}
    ${toolButton({ icon: 'close', title: t('Close comparison (Esc)'), click: () => page.compare(undefined) })}
  </div>`;
}

/** The part of the panel between head and prompt while runs are compared. */
export function comparison(page: PageContext, compared: Compared): TemplateResult {
  const { comparing } = page.state;
  return html`${comparing?.kind === 'runs' ? pickers(page, comparing) : nothing}
    ${compared.summary ? html`<div class="status">${icon('check')}<span class="grow" data-testid="task-status">${compared.summary}</span></div>` : nothing}
    ${comparing?.kind === 'runs' ? evaluationFigures(page, compared, comparing) : nothing}
    ${page.shown.objects.length > 0 || compared.summary ? objects(page, compared) : texts(compared)}`;
}

function pickers(page: PageContext, comparing: Comparing & { kind: 'runs' }): TemplateResult {
  const runs = comparableRuns(page.session, page.shown.run);
  const picker = (side: 'a' | 'b', name: string) => {
    const items = runs.toReversed().map((run): MenuItem => ({ ...runItem(run), checked: run.id === comparing[side] }));
    const chosen = runs.find(({ id }) => id === comparing[side]);
    const facts = chosen && wasAsked(chosen) ? runFacts(chosen) : undefined;
    return html`<div class="compared-run"><b aria-hidden="true">${name}</b><i class="compared-line ${side}" aria-hidden="true"></i>
      <pop-menu class="grow" .text=${chosen ? runLine(chosen) : ''} .label=${t('Run {0}', name)} .items=${items}
        @menu-choose=${({ detail }: CustomEvent<string>) => page.compare({ ...comparing, [side]: detail })}></pop-menu>
      <span class="quiet run-facts" data-testid=${`facts-${side}`} title=${facts?.title ?? nothing}>${facts?.text ?? ''}</span></div>`;
  };
  return html`<div class="compared-runs">${picker('a', 'A')}${picker('b', 'B')}</div>`;
}

/** Such as "Detect · gemini-3-flash-preview · 14:02". */
function runLine(run: Inspection): string {
  return [describeRun(run).name, origin(run), timeOf(run)].join(' · ');
}

/** What a run cost and how long it took, such as "✓ 1,623 tok · $0.0022 · 4.2 s". */
function runFacts({ tokens, speed, seconds, brokenOff }: Inspection): { text: string; title: string } {
  const cost = runCost(tokens, speed, speed, brokenOff !== undefined);
  return { text: [cost.text, seconds !== undefined && formatSeconds(seconds)].filter(Boolean).join(' · '), title: cost.title };
}

/** A run in a menu of runs: with its words, if it has some, and what tells it from others. `times`: how many runs in a row it stands for. */
export function runItem(run: Inspection, times = 1): MenuItem {
  const { icon: taskIcon } = describeRun(run);
  return {
    id: run.id,
    icon: taskIcon,
    text: `${runTitle(run)}${times > 1 ? ` ×${formatCount(times)}` : ''}`,
    detail: [
      run.detections && objectCount(run.detections.length),
      run.images[0]?.sent?.region && t('Region'),
      run.tokens.costUsd !== undefined && formatUsd(run.tokens.costUsd),
      origin(run),
      thinkingText(run.request?.thinking),
      timeOf(run),
    ]
      .filter(Boolean)
      .join(' · '),
  };
}

function timeOf({ createdAt }: Inspection): string {
  const date = new Date(createdAt);
  const isToday = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(undefined, isToday ? { timeStyle: 'short' } : { dateStyle: 'short', timeStyle: 'short' }).format(date);
}

/** Makes a result of what enough of the runs found. */
function keepMenu(page: PageContext, runs: readonly Inspection[]): TemplateResult {
  const found = page.shown.objects.map(({ compared }) => compared?.found ?? 0);
  const items = runs.map((_, index): MenuItem => {
    const least = index + 1;
    const text = least === runs.length ? t('Found in every run') : t('Found in {0} of {1} runs or more', least, runs.length);
    return { id: String(least), text, detail: objectCount(found.filter((times) => times >= least).length) };
  });
  const threshold = page.state.appearance.threshold ?? page.session.maskThreshold;
  return html`<pop-menu class="keep-consensus" .testId=${'keep-consensus'} .icon=${'save'} .text=${t('Keep as Result…')} .label=${t('Keep what enough runs found as a result')} .items=${items.reverse()}
    @menu-choose=${({ detail }: CustomEvent<string>) => page.post({ type: 'keepConsensus', run: runs[0]?.id ?? '', least: Number(detail), threshold })}></pop-menu>`;
}

function objects(page: PageContext, { kind, runs, evaluation }: Compared): TemplateResult {
  const figures = (value: number) => value.toFixed(2);
  return html`${kind === 'series' && page.shown.task !== 'readText' ? keepMenu(page, runs) : nothing}${hiddenNote(page)}<div class="split">
    <div class="scroll" @scrollend=${(event: Event) => page.dispatch({ type: 'scroll', scroll: (event.target as Element).scrollTop })}>
      ${objectList(page)}
    </div>
    ${details(page)}
  </div>
    <p class="note compared-note">${
      evaluation !== undefined
        ? t('Overlap (IoU) of boxes: found at {0} or more.', figures(evaluation.iou))
        : kind === 'runs'
          ? t('Overlap (IoU): matched at {0} or more, same at {1} or more.', figures(MATCHED_FROM), figures(SAME_FROM))
          : t('In how many runs an object was found. Overlap (IoU): matched at {0} or more.', figures(MATCHED_FROM))
    }</p>`;
}

/** Two answers beside each other; what only one of them says is marked. */
function texts({ runs }: Compared): TemplateResult {
  const [a, b] = runs.map(({ text = '' }) => text) as [string, string];
  const parts = diffWordsWithSpace(a, b, { maxEditLength: 2000, ...segmented(a + b) }) ?? [];
  const side = (
    name: string,
    without: 'added' | 'removed',
    whole: string,
  ) => html`<section class="compared-text" aria-label=${t('Run {0}', name)}>
    <h2 class="subtitle" aria-hidden="true">${name}</h2>
    <div class="caption">${
      parts.length === 0
        ? whole
        : parts
            .filter((part) => !part[without])
            .map(({ value, added, removed }) => (added ? html`<ins>${value}</ins>` : removed ? html`<del>${value}</del>` : value))
    }</div></section>`;
  return html`<div class="scroll compared-texts" tabindex="0" role="region" aria-label=${t('Comparison')}>${side('A', 'added', a)}${side('B', 'removed', b)}</div>`;
}

/** Scripts that write words without spaces are cut by their rules. */
function segmented(text: string): { intlSegmenter?: Intl.Segmenter } {
  const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(text);
  return unspaced && typeof Intl.Segmenter !== 'undefined' ? { intlSegmenter: new Intl.Segmenter(undefined, { granularity: 'word' }) } : {};
}
