/** The label in a part of a reply that could not be used, if one can be made out. */
export function droppedLabel(raw: string): string | undefined {
  const found = /^"(?:[^"\\]|\\.)*"$|(?<="label"\s*:\s*)"(?:[^"\\]|\\.)*"/.exec(raw)?.[0];
  if (found === undefined) return undefined;
  try {
    return String(JSON.parse(found));
  } catch {
    return undefined;
  }
}
