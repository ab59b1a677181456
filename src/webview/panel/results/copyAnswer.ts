import { html, type TemplateResult } from 'lit';
import { csvTable } from '../../../core/base/csv.ts';
import { t } from '../../../core/base/l10n.ts';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import { tablesIn } from '../../../core/markdown/markdown.ts';
import { splitAnswer } from '../../../core/reply/answerWithBoxes.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { blocksOf } from './answerText.ts';

type Format = 'markdown' | 'json' | 'csv';

/** The forms in which an answer is copied; CSV are its tables, with an empty line between two. */
export function copyAnswerMenu(page: PageContext, run: Inspection): TemplateResult {
  const tables = tablesIn(blocksOf(run) ?? []);
  const items = [
    { id: 'markdown', text: t('Copy as Markdown') },
    { id: 'json', text: t('Copy as JSON') },
    ...(tables.length > 0 ? [{ id: 'csv', text: t('Copy as CSV') }] : []),
  ];
  const written: Record<Format, () => string> = {
    markdown: () => splitAnswer(run.raw, true).text || (run.text ?? ''),
    json: () => answerJson(run),
    csv: () => tables.map(csvTable).join('\r\n'),
  };
  return html`<pop-menu .label=${t('Copy Answer As')} .items=${items}
    @menu-choose=${({ detail }: CustomEvent<Format>) => page.post({ type: 'act', action: 'copyText', text: written[detail]() })}></pop-menu>`;
}

/** Boxes are in pixels of the upright image. */
function answerJson({ prompt, model, modelVersion, text, detections }: Inspection): string {
  const objects = detections?.map(({ id, label, imageIndex, pixelBox: { x, y, width, height } }) => ({
    number: Number(id),
    label,
    image: imageIndex + 1,
    x,
    y,
    width,
    height,
  }));
  return JSON.stringify({ prompt, model: modelVersion ?? model, text, objects }, null, 2);
}
