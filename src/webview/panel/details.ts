import { html, nothing, type TemplateResult } from 'lit';
import type { Detection } from '../../core/inspection.ts';
import { t } from '../../core/l10n.ts';
import { formatCount, formatShare } from '../figures.ts';
import type { PageContext } from '../pageContext.ts';
import { swatch } from '../widgets/swatch.ts';
import { toolButton } from '../widgets/toolButton.ts';

interface Line {
  name: string;
  value: string;
  /** What is copied, if not the value. */
  copy?: string;
}

/** Figures of the selected object, each to copy. */
export function details(page: PageContext): TemplateResult | typeof nothing {
  const object = page.shown.objects.find(({ detection }) => detection.id === page.state.selected);
  if (!object) return nothing;
  const { detection, style } = object;
  const { run } = page.shown;
  const copy = (text: string) => page.post({ type: 'act', action: 'copyText', text });
  return html`<section class="details" data-testid="details" aria-label=${t('Selected object')}>
    <div class="details-title">${swatch(style)}<strong class="clip grow">${detection.id} ${detection.label}</strong>
      ${toolButton({ icon: 'target', title: t('Zoom to object (Enter)'), click: () => page.zoomTo(detection.id) })}
      ${run && !detection.point ? toolButton({ icon: 'file-media', title: t('Copy as image'), click: () => page.copyPicture({ kind: 'crop', run: run.id, detection: detection.id }) }) : nothing}
      ${toolButton({ icon: 'copy', title: t('Copy Label'), click: () => copy(detection.label) })}</div>
    <dl>${linesOf(detection, page.masks.coverageOf(detection.id), page.state.appearance.threshold ?? page.session.maskThreshold).map(
      (line) => html`<dt>${line.name}</dt><dd>${line.value}</dd>
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
      { name: t('0 to 1000'), value: `[${thousandths(point.y)}, ${thousandths(point.x)}]` },
    );
  else {
    const { x, y, width, height } = pixelBox;
    lines.push({ name: t('Box'), value: `${x}, ${y} · ${t('{0} × {1} px', width, height)}`, copy: `${x}, ${y}, ${width}, ${height}` });
    lines.push({ name: t('0 to 1000'), value: boxOfReply(detection) });
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

/** In the order of the reply: top, left, bottom, right. */
function boxOfReply({ box }: Detection): string {
  return `[${[box.y, box.x, box.y + box.height, box.x + box.width].map(thousandths).join(', ')}]`;
}

function thousandths(fraction: number): number {
  return Math.round(fraction * 1000);
}

/** What Ctrl+C takes of an object: label and box. */
export function copyOfObject(detection: Detection): string {
  return `${detection.label} ${boxOfReply(detection)}`;
}
