import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Detection } from '../../../core/inspection/inspection.ts';
import type { ObjectAction } from '../../../protocol.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount, formatShare } from '../../text/format.ts';
import { boxOfReply, formatPixelBox, shownLabel } from '../../text/objectText.ts';
import { swatch } from '../../widgets/swatch.ts';
import { toolButton } from '../../widgets/toolButton.ts';
import { objectAction, objectMenu } from './objectActions.ts';

interface Line {
  name: string;
  value: string;
  /** What is copied, if not the value. */
  copy?: string;
  /** What the figures are, in their order. */
  hint?: string;
}

/** Figures of the selected object, each to copy. */
export function details(page: PageContext): TemplateResult | typeof nothing {
  const object = page.shown.objects.find(({ detection }) => detection.id === page.state.selected);
  if (!object) return nothing;
  const { detection, style } = object;
  const act = (action: ObjectAction) => objectAction(page, action, detection.id);
  const copy = (text: string) => page.post({ type: 'act', action: 'copyText', text });
  return html`<section class="details" data-testid="details" aria-label=${t('Selected object')}>
    <div class="details-title">${swatch(style)}<strong class="clip grow">${object.compared?.number ?? detection.id} ${shownLabel(detection.label)}</strong>
      ${page.session.tasks.includes('ask') ? toolButton({ icon: 'comment-discussion', title: t('Ask about this object (Shift+Enter)'), click: () => act('ask') }) : nothing}
      ${page.shown.run === undefined || detection.point ? nothing : toolButton({ icon: 'file-media', title: t('Copy as image'), click: () => act(page.masks.coverageOf(detection.id) === undefined ? 'copyCrop' : 'copyCutOut') })}
      <pop-menu .icon=${'ellipsis'} .label=${t('More actions')} .arrow=${false} .items=${objectMenu(page, detection)}
        @menu-choose=${({ detail }: CustomEvent<ObjectAction>) => act(detail)}></pop-menu></div>
    <dl>${linesOf(detection, page.masks.coverageOf(detection.id), page.state.appearance.threshold ?? page.session.maskThreshold).map(
      (line) => html`<dt>${line.name}</dt><dd title=${line.hint ?? nothing}>${line.value}</dd>
        <dd>${toolButton({ icon: 'copy', title: t('Copy {0}', line.name), click: () => copy(line.copy ?? line.value) })}</dd>`,
    )}</dl>
  </section>`;
}

/** `coverage`: share of the box that the mask covers, where known. */
function linesOf(detection: Detection, coverage: number | undefined, threshold: number): Line[] {
  const { box, pixelBox, point, mask, confidence, maskProblem } = detection;
  const lines: Line[] = [];
  if (point)
    lines.push(
      { name: t('Point'), value: `${pixelBox.x}, ${pixelBox.y}` },
      { name: t('0 to 1000'), value: boxOfReply(detection), hint: t('As in the reply: down, across') },
    );
  else {
    const { x, y, width, height } = pixelBox;
    lines.push({
      name: t('Box'),
      value: `${x}, ${y} · ${t('{0} × {1} px', width, height)}`,
      copy: formatPixelBox(detection),
      hint: t('Left, top · width × height'),
    });
    lines.push({ name: t('0 to 1000'), value: boxOfReply(detection), hint: t('As in the reply: top, left, bottom, right') });
  }
  if (mask && coverage !== undefined) {
    lines.push({
      name: t('Mask'),
      value: t('{0} of box · {1} of image', formatShare(coverage), formatShare(coverage * box.width * box.height)),
    });
  }
  if (mask?.kind === 'bitmap')
    lines.push({ name: t('Mask source'), value: t('{0} × {1} PNG, cut at {2}', mask.width, mask.height, threshold) });
  if (mask?.kind === 'polygon') lines.push({ name: t('Mask source'), value: t('Polygon of {0} points', formatCount(mask.points.length)) });
  if (maskProblem) lines.push({ name: t('Mask'), value: maskProblem });
  if (confidence !== undefined) lines.push({ name: t('Confidence'), value: formatShare(confidence) });
  return lines;
}
