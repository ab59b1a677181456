/** A picture to be drawn. In `svg`, elements with `data-label` are objects; what belongs to none (ground, shadows) stands outside of them. */
export interface Scene {
  /** png or jpg */
  file: string;
  /** Pixels. */
  width: number;
  height: number;
  svg: string;
  caption: string;
  /** All text in the picture, empty if there is none. */
  text: string;
}

/** A group that is an object. */
export function thing(label: string, svg: string, transform = ''): string {
  return `<g data-label="${label}"${transform && ` transform="${transform}"`}>${svg}</g>`;
}

/** An ellipse. */
export function oval(cx: number, cy: number, rx: number, ry: number, fill: string, more = ''): string {
  return `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill}" ${more}/>`;
}

/** A rectangle with rounded corners. */
export function rect(x: number, y: number, width: number, height: number, fill: string, radius = 0, more = ''): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" ${more}/>`;
}

/** A filled outline in SVG's path language. */
export function path(d: string, fill: string, more = ''): string {
  return `<path d="${d}" fill="${fill}" ${more}/>`;
}

/** A line of the given width with round ends. */
export function line(d: string, stroke: string, width: number, more = ''): string {
  return `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;
}

/** The definition of a gradient: `kind` is linear (from top to bottom) or radial (lit from the upper left). Stops are colours at equal distances. */
export function gradient(id: string, kind: 'linear' | 'radial', ...colours: readonly string[]): string {
  const stops = colours.map((colour, at) => `<stop offset="${at / (colours.length - 1)}" stop-color="${colour}"/>`).join('');
  return kind === 'linear'
    ? `<linearGradient id="${id}" x2="0" y2="1">${stops}</linearGradient>`
    : `<radialGradient id="${id}" cx=".38" cy=".34" r=".75">${stops}</radialGradient>`;
}

/** Evenly spread values: `count` results of `make`, which gets 0..count-1. */
export function repeat(count: number, make: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => make(at)).join('');
}
