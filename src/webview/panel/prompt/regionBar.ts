import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Task } from '../../../core/inspection/inspection.ts';
import { joinLines } from '../../../core/reply/lineLayout.ts';
import { linesIn } from '../../liveText/linesIn.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { describeTask } from '../../text/describeTask.ts';
import { formatCount, imageTokensOf } from '../../text/format.ts';
import { areaPixels } from '../../viewer/area.ts';
import { applyCover, beginCover, dropArea, runOnRegion } from '../../viewer/region.ts';
import { toolButton } from '../../widgets/toolButton.ts';

const TASKS = ['ask', 'caption', 'readText', 'classify', 'detect', 'segment'] as const satisfies readonly Task[];

/** What floats under the region: its size, what it costs, what can be done with it. */
export function regionBar(page: PageContext): TemplateResult | undefined {
  const { session, state } = page;
  const [image] = session.images;
  if (!image || image.width === 0) return undefined;
  if (state.cover) return coverBar(page);
  const { region } = state;
  if (!region) return undefined;
  const { width, height } = areaPixels(region, image);
  const lines = linesIn(page.shown.lines, region);
  const tokens = session.cost && imageTokensOf(session.cost, { ...session, image, region });
  return html`<div class="region-bar" data-testid="region-bar" role="toolbar" aria-label=${t('Region')}>
    <span class="figures">${t('{0} × {1} px', formatCount(width), formatCount(height))}${tokens === undefined ? '' : ` · ≈ ${t('{0} tok', formatCount(tokens))}`}</span>
    ${TASKS.filter((task) => session.tasks.includes(task)).map((task) => toolButton({ text: describeTask(task).name, title: describeTask(task).title, disabled: session.running !== undefined, click: () => runOnRegion(page, task) }))}
    ${lines.length > 0 ? toolButton({ text: t('Copy Text'), title: t('Copy the text in the region'), click: () => page.post({ type: 'act', action: 'copyText', text: joinLines(lines) }) }) : nothing}
    ${toolButton({ icon: 'comment-discussion', title: t('Send to Chat'), click: () => page.post({ type: 'sendToChat', picture: { kind: 'part', region } }) })}
    ${toolButton({ icon: 'shield', title: t('Cover an area…'), click: () => beginCover(page) })}
    ${toolButton({ icon: 'close', title: t('Clear the region (Esc)'), click: () => dropArea(page) })}
  </div>`;
}

function coverBar(page: PageContext): TemplateResult {
  return html`<div class="region-bar" data-testid="cover-bar" role="toolbar" aria-label=${t('Cover an Area')}>
    <span class="figures">${t('Covered in black in the copy that is sent, not in the file')}</span>
    ${toolButton({ text: t('Cover'), title: t('Cover this area (Enter)'), click: () => applyCover(page) })}
    ${toolButton({ icon: 'close', title: t('Do not cover (Esc)'), click: () => dropArea(page) })}
  </div>`;
}
