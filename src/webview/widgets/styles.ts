/**
 * Styles of one element, as text for its property `style` (`.style=${styles({…})}`). The page's content security policy forbids the attribute,
 * which is also what Lit's own directive begins with.
 */
export function styles(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : `${name}: ${value};`))
    .join(' ');
}
