import { html, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import { type Block, type Inline, plainText } from '../../../core/markdown/markdown.ts';
import { parseMarkdown } from '../../../core/markdown/parseMarkdown.ts';
import { splitAnswer } from '../../../core/reply/answerWithBoxes.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { toolButton } from '../../widgets/toolButton.ts';
import { groundedText } from './groundedText.ts';

/** In characters: of an answer that is still coming no more is read as Markdown, since that is done again with every piece of it. */
const MOST_WHILE_COMING = 4000;

const known = new WeakMap<Inspection, readonly Block[] | undefined>();

/** The parts of an answer in Markdown; undefined where its text was not read as such, as that of older results. Worked out once for each run. */
export function blocksOf(run: Inspection): readonly Block[] | undefined {
  if (!known.has(run)) {
    const words = splitAnswer(run.raw, true).text;
    const blocks = words === '' ? [] : parseMarkdown(words);
    known.set(run, words !== '' && plainText(blocks) === run.text ? blocks : undefined);
  }
  return known.get(run);
}

/** An answer with its lists, tables and code; everything in it is text of the page, and nothing of it a link but what names objects. */
export function drawnAnswer(page: PageContext, run: Inspection, text: string): string | TemplateResult {
  const blocks = blocksOf(run);
  return blocks ? markdown(page, blocks, false) : groundedText(page, text);
}

let latest: { text: string; blocks: readonly Block[] } | undefined;

/** The same while it comes. */
export function drawnAnswerSoFar(page: PageContext, text = ''): TemplateResult {
  if (latest?.text !== text) latest = { text, blocks: parseMarkdown(text, MOST_WHILE_COMING) };
  return markdown(page, latest.blocks, true);
}

function markdown(page: PageContext, blocks: readonly Block[], isComing: boolean): TemplateResult {
  const named = new Set<number>();
  const words = (text: string) => groundedText(page, text, named);
  const copy = (text: string) => page.post({ type: 'act', action: 'copyText', text });

  function block(part: Block): TemplateResult {
    switch (part.kind) {
      case 'paragraph':
        return html`<p>${part.children.map(inline)}</p>`;
      case 'heading':
        return html`<p><strong>${part.children.map(inline)}</strong></p>`;
      case 'quote':
        return html`<blockquote>${part.children.map(block)}</blockquote>`;
      case 'code':
        return html`<div class="code"><pre tabindex="0">${part.text}</pre>${isComing ? '' : toolButton({ icon: 'copy', title: t('Copy code'), click: () => copy(part.text) })}</div>`;
      case 'list': {
        const items = part.items.map((item) => html`<li>${item.map(block)}</li>`);
        return part.start === undefined ? html`<ul>${items}</ul>` : html`<ol start=${part.start}>${items}</ol>`;
      }
      case 'table': {
        const [head = [], ...rows] = part.rows;
        return html`<div class="table" tabindex="0"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell.map(inline)}</th>`)}</tr></thead>
          <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell.map(inline)}</td>`)}</tr>`)}</tbody></table></div>`;
      }
      case 'rule':
        return html`<hr>`;
      default:
        return part satisfies never;
    }
  }

  function inline(part: Inline): string | TemplateResult {
    switch (part.kind) {
      case 'text':
        return words(part.text);
      case 'code':
        return html`<code>${part.text}</code>`;
      case 'emphasis':
        return html`<em>${part.children.map(inline)}</em>`;
      case 'strong':
        return html`<strong>${part.children.map(inline)}</strong>`;
      default:
        return part satisfies never;
    }
  }

  return html`<div class="markdown">${blocks.map(block)}</div>`;
}
