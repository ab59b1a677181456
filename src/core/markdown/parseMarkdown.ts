import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import type { Block, Inline } from './markdown.ts';

/** In characters. Hostile text takes more than its length's share of time: so much of it takes a third of a second at most. */
const MOST_READ = 10_000;
/** What is nested deeper stays as it is written. */
const DEEPEST = 12;

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root['children'][number];

/**
 * Reads an answer that may be Markdown into the parts that are shown. Links, images and HTML become their words.
 * @param most characters that are read; what is behind them stays as it is written
 */
export function parseMarkdown(text: string, most = MOST_READ): Block[] {
  const end = endOfRead(text, most);
  const read = text.slice(0, end);
  const tree = fromMarkdown(read, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });
  const rest = text.slice(end).trim();
  return [...blocksOf(tree.children, read, 0), ...(rest === '' ? [] : [asWritten(rest)])];
}

/** Ends between paragraphs where it can. */
function endOfRead(text: string, most: number): number {
  if (text.length <= most) return text.length;
  const gap = text.lastIndexOf('\n\n', most);
  return gap > 0 ? gap : most;
}

function asWritten(text: string): Block {
  return { kind: 'paragraph', children: [{ kind: 'text', text }] };
}

function blocksOf(nodes: readonly Node[], source: string, depth: number): Block[] {
  return nodes.map((node) => (depth > DEEPEST ? asWritten(sourceOf(node, source)) : blockOf(node, source, depth)));
}

function blockOf(node: Node, source: string, depth: number): Block {
  switch (node.type) {
    case 'paragraph':
    case 'heading':
      return { kind: node.type, children: inlinesOf(node.children, source, depth) };
    case 'blockquote':
      return { kind: 'quote', children: blocksOf(node.children, source, depth + 1) };
    case 'code':
      return { kind: 'code', text: node.value };
    case 'list': {
      const items = node.children.map((item) => blocksOf(item.children, source, depth + 1));
      return node.ordered ? { kind: 'list', start: node.start ?? 1, items } : { kind: 'list', items };
    }
    case 'table':
      return { kind: 'table', rows: node.children.map((row) => row.children.map((cell) => inlinesOf(cell.children, source, depth))) };
    case 'thematicBreak':
      return { kind: 'rule' };
    default:
      return asWritten(sourceOf(node, source));
  }
}

function inlinesOf(nodes: readonly Node[], source: string, depth: number): Inline[] {
  return nodes.flatMap((node) =>
    depth > DEEPEST ? [{ kind: 'text' as const, text: sourceOf(node, source) }] : inlineOf(node, source, depth),
  );
}

function inlineOf(node: Node, source: string, depth: number): Inline[] {
  switch (node.type) {
    case 'text':
      return [{ kind: 'text', text: node.value }];
    case 'inlineCode':
      return [{ kind: 'code', text: node.value }];
    case 'break':
      return [{ kind: 'text', text: '\n' }];
    case 'emphasis':
    case 'strong':
      return [{ kind: node.type, children: inlinesOf(node.children, source, depth + 1) }];
    case 'link': {
      const written = sourceOf(node, source);
      // An address in angle brackets is its own text.
      const address = written.startsWith('[') ? ` (${node.url})` : '';
      return [...inlinesOf(node.children, source, depth + 1), { kind: 'text', text: address }];
    }
    default:
      return [{ kind: 'text', text: sourceOf(node, source) }];
  }
}

function sourceOf({ position }: Node, source: string): string {
  return source.slice(position?.start.offset, position?.end.offset);
}
