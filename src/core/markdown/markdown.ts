/** What stands in a line of an answer. There are no links, images or HTML: of those the words stay. */
export type Inline = { kind: 'text' | 'code'; text: string } | { kind: 'emphasis' | 'strong'; children: Inline[] };

/** A part of an answer that stands on lines of its own. */
export type Block =
  | { kind: 'paragraph' | 'heading'; children: Inline[] }
  | { kind: 'quote'; children: Block[] }
  | { kind: 'code'; text: string }
  | { kind: 'list' /** Number of the first item; undefined: without numbers. */; start?: number; items: Block[][] }
  | { kind: 'table' /** The first is the head. */; rows: Inline[][][] }
  | { kind: 'rule' };

export type Table = Extract<Block, { kind: 'table' }>;

/** The tables of an answer as rows of plain cells. */
export function tablesIn(blocks: readonly Block[]): string[][][] {
  return blocks.flatMap((block) => {
    if (block.kind === 'table') return [block.rows.map((row) => row.map(plainLine))];
    if (block.kind === 'list') return block.items.flatMap(tablesIn);
    return block.kind === 'quote' ? tablesIn(block.children) : [];
  });
}

/** An answer without its marks, for where there is plain text only. Cells of a table stand behind tabs. */
export function plainText(blocks: readonly Block[]): string {
  return blocks
    .map(plainBlock)
    .filter((text) => text !== '')
    .join('\n\n');
}

function plainBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return plainLine(block.children);
    case 'quote':
      return plainText(block.children);
    case 'code':
      return block.text;
    case 'list':
      return block.items.map((item, index) => plainItem(item, block.start === undefined ? '- ' : `${block.start + index}. `)).join('\n');
    case 'table':
      return block.rows.map((row) => row.map(plainLine).join('\t')).join('\n');
    case 'rule':
      return '';
    default:
      return block satisfies never;
  }
}

/** Further lines of an item stand under its first. */
function plainItem(blocks: readonly Block[], sign: string): string {
  const text = blocks.map(plainBlock).join('\n');
  return sign + text.replaceAll('\n', `\n${' '.repeat(sign.length)}`);
}

function plainLine(parts: readonly Inline[]): string {
  return parts.map((part) => ('text' in part ? part.text : plainLine(part.children))).join('');
}
