import type { Inspection } from '../inspection/inspection.ts';

/** How a label's lines are drawn. */
export type LineStyle = 'solid' | 'dashed' | 'gapped' | 'dotted' | 'long' | 'fine' | 'dashDot';

export interface LabelStyle {
  colour: string;
  line: LineStyle;
  /** Whether the swatch shows the line instead of a filled square. */
  hollow: boolean;
}

/** One palette for all themes, since it lies on the picture. Checked for colour-blind eyes; text on it is dark, every line has a dark casing. */
const COLOURS = ['#69C1FC', '#DF5822', '#F7FE15', '#8E7EBA', '#39FEE9', '#2B9667', '#FF8CC1', '#F4CE90', '#8CC22D', '#C256F9'];

/** High contrast does not rely on colour: neighbours in the order also differ in their line. */
const HIGH_CONTRAST_LINES: readonly LineStyle[] = ['solid', 'long', 'fine', 'dashDot'];

/** Places of labels, not of lines of text, by first appearance over all runs of an image, then in what is just arriving. */
export function labelOrder(runs: readonly Inspection[], arriving: readonly { label: string }[] = []): Map<string, number> {
  const order = new Map<string, number>();
  for (const { label } of [...runs.flatMap(({ task, detections = [] }) => (task === 'readText' ? [] : detections)), ...arriving]) {
    if (!order.has(label)) order.set(label, order.size);
  }
  return order;
}

const styles = new Map<string, LabelStyle>();

/** The style of the label at a place of the order: ten colours, then dashed, then dotted, then white. Always the same object for the same place. */
export function labelStyle(place: number, highContrast: boolean): LabelStyle {
  const key = `${place} ${highContrast}`;
  const style = styles.get(key) ?? styleAt(place, highContrast);
  styles.set(key, style);
  return style;
}

function styleAt(place: number, highContrast: boolean): LabelStyle {
  const colour = place < 30 ? (COLOURS[place % COLOURS.length] as string) : '#FFFFFF';
  if (highContrast) return { colour, line: HIGH_CONTRAST_LINES[place % HIGH_CONTRAST_LINES.length] as LineStyle, hollow: true };
  const line = place < 10 ? 'solid' : place < 20 ? 'dashed' : place < 30 ? 'dotted' : 'solid';
  return { colour, line, hollow: line !== 'solid' };
}
