import type { Task } from '../inspection/inspection.ts';

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

/** Lines once all colors are used, the most different first. */
const LINES: readonly LineStyle[] = ['solid', 'dashed', 'dotted', 'dashDot', 'long', 'fine', 'gapped'];

/**
 * Places of the labels of one result in the palette. A label keeps the place it had in an earlier run; a new one takes the first color that no label
 * has, then the first that no label of this result has. `runs`: all of an image, oldest first; `shown`: the one looked at, or what is arriving, which is
 * the latest if it is none of them.
 */
export function labelOrder(runs: readonly Labeled[], shown: Labeled | undefined = runs.at(-1)): Map<string, number> {
  const known = new Map<string, number>();
  const at = shown ? runs.indexOf(shown) : -1;
  for (const run of at < 0 ? runs : runs.slice(0, at)) {
    // Lines of text are no labels.
    if (run.task !== 'readText') placeLabels(run, known);
  }
  return shown ? placeLabels(shown, known) : new Map();
}

interface Labeled {
  task?: Task;
  detections?: readonly { label: string }[];
}

/** Gives the labels of a run places of their own, and remembers them in `known`. */
function placeLabels({ detections = [] }: Labeled, known: Map<string, number>): Map<string, number> {
  const labels = [...new Set(detections.map(({ label }) => label))];
  const places = new Map<string, number>();
  const taken = new Set<number>();
  const give = (label: string, place: number) => {
    places.set(label, place);
    known.set(label, place);
    taken.add(place);
  };
  for (const label of labels) {
    const place = known.get(label);
    if (place !== undefined && !taken.has(place)) give(label, place);
  }
  const used = new Set(known.values());
  const colors = [...COLOURS.keys()];
  for (const label of labels) {
    if (places.has(label)) continue;
    let place = colors.find((color) => !used.has(color)) ?? 0;
    while (taken.has(place)) place++;
    give(label, place);
    used.add(place);
  }
  return places;
}

const styles = new Map<string, LabelStyle>();

/** The style of the label at a place of the order: ten colours, then the same with other lines. Always the same object for the same place. */
export function labelStyle(place: number, highContrast: boolean): LabelStyle {
  const key = `${place} ${highContrast}`;
  const style = styles.get(key) ?? styleAt(place, highContrast);
  styles.set(key, style);
  return style;
}

function styleAt(place: number, highContrast: boolean): LabelStyle {
  const colour = COLOURS[place % COLOURS.length] as string;
  if (highContrast) return { colour, line: HIGH_CONTRAST_LINES[place % HIGH_CONTRAST_LINES.length] as LineStyle, hollow: true };
  const line = LINES[Math.floor(place / COLOURS.length) % LINES.length] as LineStyle;
  return { colour, line, hollow: line !== 'solid' };
}
